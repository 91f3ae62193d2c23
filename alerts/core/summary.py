"""A window of local days: the last value of each, and how many of them say something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from alerts.core.days import Days
from alerts.core.records import Entry

SCORES: Final = ("pain", "numbness", "weakness", "limb_pain")
_ONE_DAY: Final = timedelta(days=1)


class Window(NamedTuple):
    """Local days, the oldest first, and the instants between which they lie."""

    dates: tuple[date, ...]
    begins_at: datetime
    ends_at: datetime  # the first instant that is no longer in it


@dataclass(frozen=True, slots=True)
class Day:
    """The last value of each score on one local day; None: there is none."""

    date: date
    pain: int | None = None
    numbness: int | None = None
    weakness: int | None = None
    limb_pain: int | None = None

    @property
    def is_recorded(self) -> bool:
        return any(getattr(self, score) is not None for score in SCORES)


def window(days: Days, *, now: datetime, length: int) -> Window:
    """So many local days, of which the last one is today."""
    today = days.date_of(now)
    dates = tuple(today - back * _ONE_DAY for back in reversed(range(length)))
    return Window(dates, days.begin_of(dates[0]), days.begin_of(today + _ONE_DAY))


def series(entries: Iterable[Entry], dates: Sequence[date], days: Days) -> list[Day]:
    """Every one of the dates, those without an entry too."""
    found = {day: Day(day) for day in dates}
    for entry in sorted(entries, key=lambda entry: entry.position):
        on = days.date_of(entry.moment)
        if on in found:
            values = {score: getattr(entry, score) for score in SCORES}
            said = {score: value for score, value in values.items() if value is not None}
            found[on] = replace(found[on], **said)
    return list(found.values())


def completeness(days: Sequence[Day]) -> float:
    """The share of the days with at least one value, 0 to 1, to three places."""
    return round(sum(day.is_recorded for day in days) / len(days), 3)
