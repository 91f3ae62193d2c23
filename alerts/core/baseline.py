"""The clean pain baseline B: pain as it is away from massages and flares.

A baseline that includes the hours after massages goes blind for the patient who is worse after
each one; and it may rest on nothing that was not yet known where it is asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from alerts.core.parameters import Parameters
from alerts.core.records import Entry, Massage
from alerts.core.statistics import median
from alerts.core.timeline import Series, Timeline


@dataclass(frozen=True, slots=True)
class Clean:
    """A baseline and the values it is the median of."""

    median: float
    values: Sequence[int]


class CleanPain:
    """Which pain values count as clean, depending on where the baseline is asked for."""

    def __init__(self, timeline: Timeline, parameters: Parameters) -> None:
        self.pain: Series = timeline.pain
        self._limits = parameters.baseline
        self._after_massage = parameters.after_massage
        moments = self.pain.moments
        # From this moment on a value is known to follow the start of a massage too closely.
        self._massaged_from = _massaged_from(
            moments, timeline.massages, self._limits.unclean_after_massage
        )
        # From this pain entry on a value is known to lie in a flare.
        self._flaring_from: dict[int, int] = {}
        # The values no massage before them makes unclean: most of those asked about are not here.
        unclean = self._massaged_from
        self._candidates = [
            index
            for index, moment in enumerate(moments)
            if index not in unclean or unclean[index] > moment
        ]
        self._is_settled = not any(index in unclean for index in self._candidates)

    def least(self) -> int | None:
        """The third lowest value: no B at an entry, a median of 5 or more, lies below it.

        None if there are too few for any.
        """
        values, enough = self.pain.values, self._limits.enough_values
        if len(self._candidates) < enough:
            return None
        return sorted([values[index] for index in self._candidates])[(enough - 1) // 2]

    def flare_confirmed(self, begins: int, ends: int, *, at: int) -> None:
        """Take the pain entries begins..ends-1 out of every baseline asked from entry `at` on."""
        self._flaring_from.update(dict.fromkeys(range(begins, ends), at))

    def at_entry(self, index: int) -> Clean | None:
        """B at a pain entry: the values before it within 28 days; None below 5."""
        return self._at(index, self.pain.moments[index], known=index)

    def at(self, entry: Entry) -> Clean | None:
        """B at any entry, whether or not it carries a pain value."""
        moments, entries = self.pain.moments, self.pain.entries
        index = bisect_left(moments, entry.moment)
        end = bisect_right(moments, entry.moment, index)
        index = bisect_left(entries, entry.id, index, end, key=attrgetter("id"))
        known = index if entry.pain is not None else index - 1
        return self._at(index, entry.moment, known=known)

    def _at(self, index: int, moment: datetime, *, known: int) -> Clean | None:
        oldest = bisect_left(self.pain.moments, moment - self._limits.window, 0, index)
        return self._clean(oldest, index, moment, known=known, enough=self._limits.enough_values)

    def before_massage(self, massage: Massage) -> Clean | None:
        """B of R08, as of the start: the values in the 14 days up to it; None below 3."""
        moment = massage.started_at
        oldest = bisect_left(self.pain.moments, moment - self._after_massage.baseline_window)
        end = bisect_right(self.pain.moments, moment)
        enough = self._after_massage.baseline_values
        return self._clean(oldest, end, moment, known=end - 1, enough=enough)

    def _clean(
        self, oldest: int, end: int, moment: datetime, *, known: int, enough: int
    ) -> Clean | None:
        """From the values oldest..end-1, by what was known at `moment` and at entry `known`."""
        candidates = self._candidates
        first, last = bisect_left(candidates, oldest), bisect_left(candidates, end)
        if last - first < enough:
            return None
        chosen = candidates[first:last]
        if self._flaring_from or not self._is_settled:
            chosen = [each for each in chosen if self._is_clean(each, moment, known)]
        values = [self.pain.values[index] for index in chosen[-self._limits.newest_values :]]
        return Clean(median(values), values) if len(values) >= enough else None

    def _is_clean(self, index: int, moment: datetime, known: int) -> bool:
        flaring_from = self._flaring_from.get(index)
        if flaring_from is not None and flaring_from <= known:
            return False
        massaged_from = self._massaged_from.get(index)
        return massaged_from is None or massaged_from > moment


def _massaged_from(
    moments: Sequence[datetime], massages: Sequence[Massage], after: timedelta
) -> dict[int, datetime]:
    """By the index of a value that follows a massage, the end of the first such massage."""
    known_from: dict[int, datetime] = {}
    for massage in reversed(massages):  # the last to end first, so that the first has its way
        first = bisect_right(moments, massage.started_at)
        last = bisect_right(moments, massage.ended_at + after, first)
        known_from.update(dict.fromkeys(range(first, last), massage.ended_at))
    return known_from
