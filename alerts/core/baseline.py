"""The clean pain baseline B: pain as it is away from massages and flares.

A baseline that includes the hours after massages goes blind for the patient who is worse after
each one; and it may rest on nothing that was not yet known where it is asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alerts.core.parameters import Parameters
from alerts.core.records import Massage
from alerts.core.statistics import median
from alerts.core.timeline import Series, Timeline

_NEVER = datetime.max.replace(tzinfo=UTC)
_NO_FLARE = 2**31


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
        # From this moment on a value is known to follow the start of a massage too closely.
        self._massaged_from = _massaged_from(
            self.pain.moments, timeline.massages, self._limits.unclean_after_massage
        )
        # From this pain entry on a value is known to lie in a flare.
        self._flaring_from = [_NO_FLARE] * len(self.pain)

    def flare_confirmed(self, begins: int, ends: int, *, at: int) -> None:
        """Take the pain entries begins..ends-1 out of every baseline asked from entry `at` on."""
        self._flaring_from[begins:ends] = [at] * (ends - begins)

    def at_entry(self, index: int) -> Clean | None:
        """B at a pain entry: the values before it within 28 days; None below 5."""
        moment = self.pain.moments[index]
        start = bisect_left(self.pain.moments, moment - self._limits.window)
        return self._clean(
            range(index - 1, start - 1, -1),
            moment=moment,
            known=index,
            enough=self._limits.enough_values,
        )

    def before_massage(self, massage: Massage) -> Clean | None:
        """B of R08, as of the start: the values in the 14 days up to it; None below 3."""
        moment = massage.started_at
        start = bisect_left(self.pain.moments, moment - self._after_massage.baseline_window)
        newest = bisect_right(self.pain.moments, moment) - 1
        return self._clean(
            range(newest, start - 1, -1),
            moment=moment,
            known=newest,
            enough=self._after_massage.baseline_values,
        )

    def _clean(
        self, newest_first: Iterable[int], *, moment: datetime, known: int, enough: int
    ) -> Clean | None:
        values: list[int] = []
        for index in newest_first:
            if self._massaged_from[index] > moment and self._flaring_from[index] > known:
                values.append(self.pain.values[index])
                if len(values) == self._limits.newest_values:
                    break
        return Clean(median(values), values) if len(values) >= enough else None


def _massaged_from(
    moments: Sequence[datetime], massages: Iterable[Massage], after: timedelta
) -> list[datetime]:
    known_from = [_NEVER] * len(moments)
    for massage in massages:
        first = bisect_right(moments, massage.started_at)
        last = bisect_right(moments, massage.ended_at + after)
        for index in range(first, last):
            known_from[index] = min(known_from[index], massage.ended_at)
    return known_from
