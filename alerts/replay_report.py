"""A comparison of two versions as a table for people, or as JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from alerts.replay_comparison import Comparison, Count, Example
from alerts.replay_matches import CHANGED, CHANGES, Said

Names = tuple[str, str]

_WHAT: Final = ("alert", "reminder", "escalated")
_HEADINGS: Final = (
    *("what", "rule", "level", "A", "B"),
    *CHANGES,
    *("A/week", "B/week"),
)
_LEGEND: Final = """\
new: only B says it; lost: only A does. A pair that differs is counted once, as the first that fits:
level: another highest level; text: another text; time: opened or raised at another time;
end: ended at another time. A/week, B/week: for each patient and week, from first to last line."""


def to_table(comparison: Comparison, names: Names) -> Iterator[str]:
    """The lines of a table for people, and some examples."""
    yield from (f"{side}: {name}" for side, name in zip("AB", names, strict=True))
    yield (
        f"{comparison.lines:,} lines, {comparison.patients:,} patients, "
        f"{comparison.patient_weeks:,.1f} patient-weeks"
    )
    yield ""
    yield from _aligned([_HEADINGS, *_rows(comparison)], words=2)
    yield ""
    yield _LEGEND
    yield from _told_examples(comparison)


def _rows(comparison: Comparison) -> Iterator[Sequence[str]]:
    for what in _WHAT:
        keys = _keys(comparison, what)
        for key in keys:
            _, rule, level = key
            yield _row((what, rule, str(level)), comparison.counts[key], comparison.patient_weeks)
        if keys:
            yield _row((what, "all", ""), _total(comparison, what), comparison.patient_weeks)


def _keys(comparison: Comparison, what: str) -> list[tuple[str, str, int]]:
    return sorted(key for key in comparison.counts if key[0] == what)


def _total(comparison: Comparison, what: str) -> Count:
    return sum((comparison.counts[key] for key in _keys(comparison, what)), Count())


def _row(titles: tuple[str, str, str], count: Count, weeks: float) -> Sequence[str]:
    numbers = (count.first, count.second, *(count.changes[name] for name in CHANGES))
    rates = (_rate(count.first, weeks), _rate(count.second, weeks))
    return (
        *titles,
        *(f"{number:,}" for number in numbers),
        *("-" if rate is None else f"{rate:.4f}" for rate in rates),
    )


def _rate(number: int, weeks: float) -> float | None:
    return round(number / weeks, 6) if weeks else None


def _aligned(rows: Sequence[Sequence[str]], *, words: int) -> Iterator[str]:
    """The columns of words to the left, those of numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if index < words else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _told_examples(comparison: Comparison) -> Iterator[str]:
    for example in _examples(comparison):
        said, sides = example.match.said, map(_in_words, example.match)
        about = f", massage {said.subject}" if said.subject else ""
        yield ""
        yield f"{example.change}: {said.what} of {said.rule}, patient {example.patient}{about}"
        yield from (f"  {side}: {words}" for side, words in zip("AB", sides, strict=True))


def _examples(comparison: Comparison) -> Iterator[Example]:
    order = sorted(
        comparison.examples,
        key=lambda key: (_WHAT.index(key[0]), key[1], CHANGES.index(key[2])),
    )
    for key in order:
        yield from comparison.examples[key]


def _in_words(said: Said | None) -> str:
    if said is None:
        return "nothing"
    words = f"level {said.level}, {said.text_key}, {_time(said.begun_at)}"
    if said.reached_at != said.begun_at:
        words += f", raised {_time(said.reached_at)}"
    if said.what == "alert":
        words += f", ended {_time(said.ended_at)}" if said.ended_at else ", open"
    return words


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def to_json(comparison: Comparison, names: Names) -> str:
    """The same for machines, with every example in full."""
    return json.dumps(
        {
            "a": names[0],
            "b": names[1],
            "lines": comparison.lines,
            "patients": comparison.patients,
            "patient_weeks": round(comparison.patient_weeks, 6),
            "counts": [
                {"what": what, "rule": rule, "level": level}
                | _numbers(comparison.counts[what, rule, level], comparison.patient_weeks)
                for kind in _WHAT
                for what, rule, level in _keys(comparison, kind)
            ],
            "totals": {
                what: _numbers(_total(comparison, what), comparison.patient_weeks) for what in _WHAT
            },
            "examples": [_members(example) for example in _examples(comparison)],
        },
        indent=2,
    )


def _numbers(count: Count, weeks: float) -> dict[str, Any]:
    return {
        "a": count.first,
        "b": count.second,
        **{name: count.changes[name] for name in ("new", "lost")},
        "changed": {name: count.changes[name] for name in CHANGED},
        "a_per_patient_week": _rate(count.first, weeks),
        "b_per_patient_week": _rate(count.second, weeks),
    }


def _members(example: Example) -> dict[str, Any]:
    first, second = example.match
    return {
        "change": example.change,
        "patient": example.patient,
        "rule": example.match.said.rule,
        "subject": example.match.said.subject,
        "a": _fields(first),
        "b": _fields(second),
    }


def _fields(said: Said | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "what": said.what,
        "level": said.level,
        "text_key": said.text_key,
        "at": _time(said.begun_at),
        "level_reached_at": _time(said.reached_at),
        "ended_at": _time(said.ended_at) if said.ended_at else None,
    }
