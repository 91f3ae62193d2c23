"""Made-up patients and what they wrote: one story for each thing a visitor should see."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

PHYSICIANS = {"dr.ada@example.org": "Dr. Ada Example", "dr.ben@example.org": "Dr. Ben Example"}

Said = tuple[timedelta, dict[str, Any]]  # before now; an entry, or a massage if it has a setting


class Story(NamedTuple):
    """One patient: who cares for them, and what they said, oldest first."""

    name: str
    email: str
    physician: str
    phase: str
    says: Callable[[], Iterator[Said]]


def _massage(ago: timedelta, *, pain_before: int) -> Said:
    answers = {"setting": "professional", "provider": "physiotherapist", "pressure": "light"}
    return ago, {**answers, "sites": ["shoulders", "hips"], "pain_before": pain_before}


def _days(first: int, last: int, **scores: int) -> Iterator[Said]:
    for day in range(first, last, -1):
        yield timedelta(days=day, hours=2), scores


def _quiet() -> Iterator[Said]:
    yield from _days(20, 12, pain=3, weakness=0, numbness=1)
    yield _massage(timedelta(days=12), pain_before=3)
    yield from _days(12, 0, pain=2, weakness=0, numbness=1)


def _flare_after_massage() -> Iterator[Said]:
    yield from _days(20, 3, pain=3, weakness=0)
    yield _massage(timedelta(days=3), pain_before=3)
    yield timedelta(days=2, hours=12), {"pain": 4}
    yield timedelta(days=1, hours=18), {"pain": 7, "after_massage": {"global_change": "worse"}}


def _growing_weakness() -> Iterator[Said]:
    yield from _days(15, 4, pain=4, weakness=1)
    checks = {"heel_walk_left": "can", "heel_walk_right": "can"}
    yield timedelta(days=4), {"pain": 4, "weakness": 1, "function_checks": checks}
    yield timedelta(days=2), {"pain": 4, "weakness": 3}
    lost = {"heel_walk_left": "cannot", "heel_walk_right": "can"}
    yield timedelta(hours=20), {"pain": 5, "weakness": 4, "function_checks": lost}


def _saddle_numbness() -> Iterator[Said]:
    yield from _days(6, 0, pain=5, numbness=2)
    flags = {"saddle_numbness": "new_or_worse", "bladder": "no"}
    yield timedelta(minutes=12), {"pain": 6, "red_flags": flags}


def _massaged_too_often() -> Iterator[Said]:
    for day in (9, 6, 3, 1):
        yield _massage(timedelta(days=day), pain_before=2)
        yield timedelta(days=day - 1, hours=-4), {"pain": 2}


STORIES = (
    Story("Anna Quiet", "anna.quiet@example.org", "dr.ada@example.org", "chronic", _quiet),
    Story(
        "Bruno Flare",
        "bruno.flare@example.org",
        "dr.ada@example.org",
        "chronic",
        _flare_after_massage,
    ),
    Story(
        "Clara Weak",
        "clara.weakness@example.org",
        "dr.ada@example.org",
        "healing",
        _growing_weakness,
    ),
    Story(
        "David Numb", "david.saddle@example.org", "dr.ada@example.org", "healing", _saddle_numbness
    ),
    Story(
        "Emma Often", "emma.often@example.org", "dr.ben@example.org", "chronic", _massaged_too_often
    ),
)


def body(said: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The wire body of what was said at a moment."""
    if "setting" not in said:
        return {**said, "symptom_at": at.isoformat()}
    began = at - timedelta(minutes=30)
    return {**said, "started_at": began.isoformat(), "ended_at": at.isoformat()}
