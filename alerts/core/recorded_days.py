"""A score by local days: the day's last value, and whether the newest recorded days are calm.

A recorded day is a local day with at least one value; the days without one do not count.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter

from alerts.core.records import Position
from alerts.core.timeline import Series
from alerts.core.walk import Walk

# By whatever zones, an entry of one of so many days lies at most two days further back in time.
_TWO_DAYS = timedelta(days=2)
_ONE_DAY = timedelta(days=1)


class RecordedDays:
    """The entries that carry one score, each on its local day."""

    def __init__(self, series: Series, dates: Mapping[str, date]) -> None:
        self.series = series
        self.dates: Sequence[date] = [dates[entry.id] for entry in series.entries]

    def last_of_each(
        self, days: int, *, until: date, known: int, at: datetime
    ) -> Mapping[date, int]:
        """The index of each recorded day's last entry, for so many local days ending on `until`.

        By the entries before index `known`; `at` is the moment of asking, on the day `until` or
        the morning after it.
        """
        start = bisect_left(self.series.moments, at - days * _ONE_DAY - _TWO_DAYS, 0, known)
        oldest = until - (days - 1) * _ONE_DAY
        return {
            day: index
            for index, day in enumerate(self.dates[start:known], start)
            if oldest <= day <= until
        }

    def calm_runs(
        self, days: int, *, highest: float, merge: Callable[[int, int], int]
    ) -> list[tuple[int, date]]:
        """The entries as of which the last so many recorded days are calm, with the first of them.

        `merge` makes the value of a day out of the one so far and the next.
        """
        found: list[tuple[int, date]] = []
        newest: dict[date, int] = {}
        for index, (day, value) in enumerate(zip(self.dates, self.series.values, strict=True)):
            newest[day] = merge(newest.get(day, value), value)
            if len(newest) > days:
                del newest[min(newest)]
            if len(newest) == days and max(newest.values()) <= highest:
                found.append((index, min(newest)))
        return found


def calm_after(
    recorded: RecordedDays, runs: Sequence[tuple[int, date]], newest: Position, day: date
) -> Iterator[int]:
    """The entries after the newest trigger whose calm days all lie after its local day."""
    first = recorded.series.first_after(newest.at)
    for place in range(bisect_left(runs, first, key=itemgetter(0)), len(runs)):
        index, oldest = runs[place]
        if oldest > day:
            yield index


def last_value(_: int, value: int) -> int:
    """Merges the values of a day to its last one."""
    return value


def pain_days(walk: Walk) -> RecordedDays:
    return RecordedDays(walk.timeline.pain, walk.once(_dates))


def weakness_days(walk: Walk) -> RecordedDays:
    return RecordedDays(walk.timeline.weakness, walk.once(_dates))


def numbness_days(walk: Walk) -> RecordedDays:
    return RecordedDays(walk.timeline.numbness, walk.once(_dates))


def _dates(walk: Walk) -> dict[str, date]:
    """The patient's local date at each entry, by id."""
    date_of = walk.timeline.date_of
    return {entry.id: date_of(entry.moment) for entry in walk.timeline.entries}
