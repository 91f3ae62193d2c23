"""What followed a massage: its windows, its reference, and whether pain is increased.

The same functions feed R08, R20 and the chart of a massage.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.core.flares import pain_history
from alerts.core.parameters import AfterMassage as Limits
from alerts.core.records import Entry, Massage
from alerts.core.walk import Walk


@dataclass(frozen=True, slots=True)
class Reference:
    """What pain after a massage is compared with; all None: only the comparative question."""

    pain_before: int | None
    baseline: float | None
    value: float | None  # the higher of the two


class Response:
    """The observations after one massage (entries with a pain value), window by window."""

    def __init__(self, walk: Walk, massage: Massage) -> None:
        self.massage = massage
        self.limits: Limits = walk.parameters.after_massage
        self.reference = _reference(walk, massage)
        self._pain = walk.timeline.pain

    def after(self, hours: timedelta) -> datetime:
        return self.massage.ended_at + hours

    def observations(self, after: timedelta, until: timedelta) -> Sequence[Entry]:
        """Observations with after < t <= until."""
        return self._pain.within(self.after(after), self.after(until))

    def is_increased(self, entry: Entry) -> bool | None:
        """Whether the pain of an observation is increased; None if that cannot be judged."""
        pain = entry.pain
        if pain is None:
            return None
        change = entry.after_massage.global_change
        reference = self.reference.value
        if reference is None:
            return None if change is None else change == "worse"
        if pain >= reference + self.limits.rise:
            return True
        at_ceiling = reference >= self.limits.ceiling
        if change == "worse":
            return at_ceiling or pain >= self._least_when_worse(reference)
        return at_ceiling and pain == self.limits.highest_pain

    def _least_when_worse(self, reference: float) -> float:
        """A smaller rise counts, and one above `pain_before` alone, if the patient feels worse."""
        least = reference + self.limits.rise_when_worse
        before = self.reference.pain_before
        return least if before is None else min(least, before + self.limits.rise)

    def increased(self, after: timedelta, until: timedelta) -> list[Entry]:
        """The increased observations with after < t <= until."""
        return [e for e in self.observations(after, until) if self.is_increased(e)]

    def rose_early(self) -> bool:
        """Whether pain was increased in the first window, which alone is not R08."""
        return bool(self.increased(timedelta(0), self.limits.window_1))


def responses(walk: Walk) -> dict[str, Response]:
    """The response to every massage, by its id."""
    return {massage.id: Response(walk, massage) for massage in walk.timeline.massages}


def _reference(walk: Walk, massage: Massage) -> Reference:
    clean = walk.once(pain_history).clean.before_massage(massage)
    baseline = None if clean is None else clean.median
    before = massage.pain_before
    if before is None:
        before = _stand_in(walk, massage)
    known = [value for value in (before, baseline) if value is not None]
    return Reference(before, baseline, max(known, default=None))


def _stand_in(walk: Walk, massage: Massage) -> int | None:
    """The last pain value in the 36 h up to the start."""
    pain = walk.timeline.pain
    last = pain.first_after(massage.started_at) - 1
    window = walk.parameters.after_massage.stand_in_window
    first = bisect_left(pain.moments, massage.started_at - window)
    return pain.values[last] if last >= first else None
