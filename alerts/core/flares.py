"""The flares of R16: stretches of raised pain, which also never enter a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from alerts.core.baseline import Clean, CleanPain
from alerts.core.parameters import Flare as Limits
from alerts.core.records import Entry
from alerts.core.statistics import median_distance
from alerts.core.walk import Walk


@dataclass(slots=True)
class Flare:
    """A flare over pain entries begins..ends-1 (to the last one while `ends` is None).

    A pair is confirmed at its second entry, a flare that is reported by the patient at its first.
    """

    begins: int
    confirmed: int
    reference: float  # B, frozen where the flare begins
    ends: int | None = None

    @property
    def is_reported(self) -> bool:
        return self.begins == self.confirmed


@dataclass(frozen=True, slots=True)
class PainHistory:
    """The flares, and the clean pain that they leave."""

    clean: CleanPain
    flares: Sequence[Flare]
    unjudged: Sequence[Entry]  # reported as flares, and nothing to compare them with


def pain_history(walk: Walk) -> PainHistory:
    """Walk the pain entries once; flares and baselines depend on one another."""
    clean = CleanPain(walk.timeline, walk.parameters)
    search = _Search(clean, walk.parameters.flare)
    for index in range(len(clean.pain)):
        search.look_at(index)
    return PainHistory(clean, search.flares, search.unjudged)


class _Search:
    def __init__(self, clean: CleanPain, limits: Limits) -> None:
        self.flares: list[Flare] = []
        self.unjudged: list[Entry] = []
        self._clean = clean
        self._limits = limits
        self._open: Flare | None = None
        self._may_begin = 0  # the first entry at which a pair may begin
        # No baseline at an entry lies below the lowest value before it.
        self._lowest = list(accumulate(clean.pain.values, min))

    def look_at(self, index: int) -> None:
        flare = self._open
        if flare is None:
            self._confirm(self._found_at(index), index)
        elif self._is_over(flare, index):
            flare.ends = self._may_begin = index
            self._open = None
        else:
            self._clean.flare_confirmed(index, index + 1, at=flare.confirmed)

    def _confirm(self, flare: Flare | None, index: int) -> None:
        if flare is not None:
            self._clean.flare_confirmed(flare.begins, index + 1, at=index)
            self.flares.append(flare)
            self._open = flare

    def _found_at(self, index: int) -> Flare | None:
        return self._pair_at(index) or self._report_at(index)

    def _pair_at(self, index: int) -> Flare | None:
        pain, first = self._clean.pain, index - 1
        if first < self._may_begin:
            return None
        lower = min(pain.values[first], pain.values[index])
        apart = pain.moments[index] - pain.moments[first]
        if not self._may_be_raised(first, lower) or apart > self._limits.pair_within:
            return None
        baseline = self._clean.at_entry(first)
        if baseline is None or lower < baseline.median + self._rise(baseline):
            return None
        return Flare(first, index, baseline.median)

    def _report_at(self, index: int) -> Flare | None:
        entry, value = self._clean.pain.entries[index], self._clean.pain.values[index]
        if not (entry.flare_today and entry.activities_limited):
            return None
        baseline = self._clean.at_entry(index)
        if baseline is None:
            self.unjudged.append(entry)
            return None
        is_raised = value >= baseline.median + self._limits.reported_rise
        return Flare(index, index, baseline.median) if is_raised else None

    def _may_be_raised(self, index: int, value: int) -> bool:
        """Whether a value can lie far enough above the baseline of an entry: most cannot."""
        rise = min(self._limits.steady_rise, self._limits.unsteady_rise)
        return index > 0 and value >= self._lowest[index - 1] + rise

    def _rise(self, baseline: Clean) -> int:
        """Whose pain varies more must rise more."""
        distance = median_distance(baseline.values, baseline.median)
        limits = self._limits
        return limits.steady_rise if distance < limits.steady_below else limits.unsteady_rise

    def _is_over(self, flare: Flare, index: int) -> bool:
        """At the second of 2 consecutive pain entries that are calm again."""
        newest = self._clean.pain.values[index - 1 : index + 1]
        return max(newest) <= flare.reference + self._limits.calm_rise
