"""A score over time: one entry for each value, so many days apart."""

from typing import Any, Final

from tests.alerts.core.story import Line, at, entry

SECONDS: Final = 1 / 86_400  # of a day


def scores(name: str, *values: int, start: float = 0, every: float = 1, **more: Any) -> list[Line]:
    """Entries with one field, and whatever else all of them answer."""
    said: list[dict[str, Any]] = [{name: value, **more} for value in values]
    days = [start + n * every for n in range(len(values))]
    return [
        entry(f"{name}{day:+010.5f}", at(days=day), **answers)
        for day, answers in zip(days, said, strict=True)
    ]


def pain(*values: int, start: float = 0, every: float = 1, **more: Any) -> list[Line]:
    return scores("pain", *values, start=start, every=every, **more)


def weak(*values: int, start: float = 0, every: float = 1, **more: Any) -> list[Line]:
    return scores("weakness", *values, start=start, every=every, **more)


def numb(*values: int, start: float = 0, every: float = 1, **more: Any) -> list[Line]:
    return scores("numbness", *values, start=start, every=every, **more)
