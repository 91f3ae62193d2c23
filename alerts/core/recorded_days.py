"""A score by local days: the day's last value, and whether the newest recorded days are calm.

A recorded day is a local day with at least one value; the days without one do not count.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter

from alerts.core.records import Position
from alerts.core.timeline import Series
from alerts.core.walk import Walk

# By whatever zones, an entry of one of so many days lies at most two days further back in time.
_TWO_DAYS = timedelta(days=2)
_ONE_DAY = timedelta(days=1)


class RecordedDays:
    """The local days of the entries that carry one score, or several."""

    def __init__(self, moments: Sequence[datetime], dates: Sequence[date]) -> None:
        self.moments = moments
        self.dates = dates
        # The last entry of each day.
        last = {day: index for index, day in enumerate(dates)}
        self.days, self._last = list(last), list(last.values())
        # Only a journey brings days back that were over.
        self._is_ordered = sorted(last) == self.days and sorted(self._last) == self._last

    def last_of_each(self, days: int, *, until: date, known: int, at: datetime) -> Sequence[int]:
        """The last entry of each recorded day, for so many local days ending on `until`.

        By the entries before index `known`; `at` is the moment of asking, on the day `until` or
        the morning after it.
        """
        oldest = until - (days - 1) * _ONE_DAY
        if self._is_ordered:
            begin = bisect_left(self.days, oldest)
            found = self._last[begin : bisect_right(self.days, until, begin)]
            if not found or found[-1] < known:
                return found
        start = bisect_left(self.moments, at - days * _ONE_DAY - _TWO_DAYS, 0, known)
        last = {
            day: index
            for index, day in enumerate(self.dates[start:known], start)
            if oldest <= day <= until
        }
        return [last[day] for day in sorted(last)]

    def calm_runs(
        self,
        days: int,
        values: Sequence[int],
        *,
        highest: float,
        merge: Callable[[int, int], int],
    ) -> list[tuple[int, date]]:
        """The entries as of which the last so many recorded days are calm, with the first of them.

        `merge` makes the value of a day out of the one so far and the next.
        """
        found: list[tuple[int, date]] = []
        newest: dict[date, int] = {}
        for index, (day, value) in enumerate(zip(self.dates, values, strict=True)):
            newest[day] = merge(newest.get(day, value), value)
            if len(newest) > days:
                del newest[min(newest)]
            if value <= highest and len(newest) == days and max(newest.values()) <= highest:
                found.append((index, min(newest)))
        return found

    def calm_after(
        self, runs: Sequence[tuple[int, date]], newest: Position, day: date
    ) -> int | None:
        """The first entry after the newest trigger whose calm days all lie after its local day."""
        first = bisect_right(self.moments, newest.at)
        for place in range(bisect_left(runs, first, key=itemgetter(0)), len(runs)):
            index, oldest = runs[place]
            if oldest > day:
                return index
        return None


def last_value(_: int, value: int) -> int:
    """Merges the values of a day to its last one."""
    return value


def pain_days(walk: Walk) -> RecordedDays:
    return _recorded(walk, walk.timeline.pain)


def weakness_days(walk: Walk) -> RecordedDays:
    return _recorded(walk, walk.timeline.weakness)


def numbness_days(walk: Walk) -> RecordedDays:
    return _recorded(walk, walk.timeline.numbness)


def _recorded(walk: Walk, series: Series) -> RecordedDays:
    every = walk.lasting(_of_all)
    if len(series) == len(every.dates):
        return every
    on = walk.lasting(_dates_by_id)
    return RecordedDays(series.moments, [on[entry.id] for entry in series.entries])


def _of_all(walk: Walk) -> RecordedDays:
    moments = walk.timeline.moments
    return RecordedDays(moments, walk.timeline.profiles.days.dates_of(moments))


def _dates_by_id(walk: Walk) -> Mapping[str, date]:
    """The patient's local date at each entry."""
    dates = walk.lasting(_of_all).dates
    return dict(zip([entry.id for entry in walk.timeline.entries], dates, strict=True))
