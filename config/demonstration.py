"""Made-up patients and what they wrote: one story for each thing a visitor should see.

Times are told backwards from now; where a story's end is not now, it waits to be advanced.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

PHYSICIANS = {"dr.ada@example.org": "Dr. Ada Example", "dr.ben@example.org": "Dr. Ben Example"}
HOME = "Europe/Berlin"

Said = tuple[timedelta, dict[str, Any]]  # before now; an entry, a massage or a change of profile


class Story(NamedTuple):
    """One patient: who cares for them, what they said, oldest first, and what comes of it."""

    about: str
    name: str
    email: str
    physician: str
    phase: str
    says: Callable[[], Iterator[Said]]
    opens: Mapping[str, int]  # the alerts that are open at the end, with their levels


def _massage(ago: timedelta, *, pain_before: int, **more: Any) -> Said:
    answers = {"setting": "professional", "provider": "physiotherapist", "pressure": "light"}
    places = {"sites": ["shoulders", "hips"], "pain_before": pain_before}
    return ago, {**answers, **places, **more}


def _days(first: int, last: int, **scores: int) -> Iterator[Said]:
    """An entry a day, from so many days ago until the day before `last` days ago."""
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


def _foot_drop() -> Iterator[Said]:
    yield from _days(15, 5, pain=4, weakness=1)
    checks = {"heel_walk_left": "can", "heel_walk_right": "can"}
    yield timedelta(days=5), {"pain": 4, "weakness": 1, "function_checks": checks}
    yield timedelta(days=3), {"pain": 4, "weakness": 2}
    yield timedelta(days=2), {"pain": 4, "weakness": 3}
    lost = {"heel_walk_left": "cannot", "heel_walk_right": "can"}
    yield timedelta(hours=20), {"pain": 5, "weakness": 4, "function_checks": lost}


def _saddle_numbness() -> Iterator[Said]:
    yield from _days(6, 0, pain=5, numbness=2)
    flags = {"saddle_numbness": "new_or_worse", "bladder": "no"}
    yield timedelta(minutes=12), {"pain": 6, "red_flags": flags}


def _massaged_daily() -> Iterator[Said]:
    yield from _days(16, 8, pain=3)
    for day in range(8, 0, -1):
        yield _massage(timedelta(days=day), pain_before=3)
        yield timedelta(days=day, hours=-6), {"pain": 3}


def _silent() -> Iterator[Said]:
    yield from _days(20, 7, pain=3, weakness=0)
    yield _massage(timedelta(days=7), pain_before=3)
    yield timedelta(days=5, hours=18), {"pain": 7}


def _traveller() -> Iterator[Said]:
    """Four massages in a week, on three continents: a day is the date where the patient is."""
    yield from _days(16, 6, pain=3)
    yield _massage(timedelta(days=5, hours=20), pain_before=3)
    yield timedelta(days=5), {"timezone": "Asia/Tokyo"}
    yield timedelta(days=4, hours=18), {"pain": 3}
    yield _massage(timedelta(days=4), pain_before=3)
    yield timedelta(days=3), {"timezone": "America/New_York"}
    yield timedelta(days=2, hours=20), {"pain": 3}
    yield _massage(timedelta(days=2, hours=12), pain_before=3)
    yield timedelta(days=1, hours=10), {"pain": 3}
    yield _massage(timedelta(hours=20), pain_before=3)
    yield timedelta(hours=1), {"pain": 3}


def _story(about: str, name: str, *, phase: str = "chronic", **more: Any) -> Story:
    first, last = name.lower().split()
    email = f"{first}.{last}@example.org"
    return Story(about=about, name=name, email=email, phase=phase, **more)


_ADA, _BEN = PHYSICIANS
STORIES = (
    _story("nothing to report", "Anna Quiet", physician=_ADA, says=_quiet, opens={}),
    _story(
        "a flare after massage",
        "Bruno Flare",
        physician=_ADA,
        says=_flare_after_massage,
        opens={"R08": 2},
    ),
    _story(
        "a foot drop over five days",
        "Clara Weakness",
        physician=_ADA,
        phase="healing",
        says=_foot_drop,
        opens={"R03": 3},
    ),
    _story(
        "saddle numbness",
        "David Saddle",
        physician=_ADA,
        phase="healing",
        says=_saddle_numbness,
        opens={"R01": 4},
    ),
    _story(
        "massaged daily",
        "Emma Often",
        physician=_BEN,
        phase="healing",
        says=_massaged_daily,
        opens={"R12": 1},
    ),
    _story("silent after a hold", "Felix Silent", physician=_BEN, says=_silent, opens={"R08": 2}),
    _story(
        "a traveller across time zones",
        "Greta Traveller",
        physician=_BEN,
        phase="healing",
        says=_traveller,
        opens={"R12": 1},
    ),
)


def told(story: Story, now: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """When each thing was said, and its wire body; a change of profile has no time of its own."""
    zone = HOME
    for ago, said in story.says():
        zone = said.get("timezone", zone)
        at = (now - ago).astimezone(ZoneInfo(zone))
        yield now - ago, said if "timezone" in said else body(said, at)


def body(said: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The wire body of what was said at a moment."""
    if "setting" not in said:
        return {**said, "symptom_at": at.isoformat()}
    began = at - timedelta(minutes=20)
    return {**said, "started_at": began.isoformat(), "ended_at": at.isoformat()}
