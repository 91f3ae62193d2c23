"""The flares of R16: stretches of raised pain, which also never enter a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    for index in search.possible():
        search.look_at(index)
    return PainHistory(clean, search.flares, search.unjudged)


class _Search:
    def __init__(self, clean: CleanPain, limits: Limits) -> None:
        self.flares: list[Flare] = []
        self.unjudged: list[Entry] = []
        self._clean = clean
        self._limits = limits
        self._next = 0  # the first entry after the flare before

    def possible(self) -> Sequence[int]:
        """The entries at which a flare may be confirmed: cheap, and most are not."""
        pain, least = self._clean.pain, self._clean.least()
        reported = [index for index, entry in enumerate(pain.entries) if entry.flare_today]
        if least is None:
            return reported
        raised = least + min(self._limits.steady_rise, self._limits.unsteady_rise)
        pairs = [
            index
            for index, (before, value) in enumerate(pairwise(pain.values), 1)
            if value >= raised and before >= raised
        ]
        return sorted({*pairs, *reported})

    def look_at(self, index: int) -> None:
        """Look for a flare that is confirmed at an entry, unless it lies in the one before."""
        flare = None if index < self._next else self._found_at(index)
        if flare is None:
            return
        flare.ends = self._end_of(flare)
        ends = len(self._clean.pain) if flare.ends is None else flare.ends
        self._clean.flare_confirmed(flare.begins, ends, at=flare.confirmed)
        self._next = ends + 1
        self.flares.append(flare)

    def _found_at(self, index: int) -> Flare | None:
        return self._pair_at(index) or self._report_at(index)

    def _pair_at(self, index: int) -> Flare | None:
        pain, first = self._clean.pain, index - 1
        if index == 0 or pain.moments[index] - pain.moments[first] > self._limits.pair_within:
            return None
        baseline = self._clean.at_entry(first)
        lower = min(pain.values[first], pain.values[index])
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

    def _rise(self, baseline: Clean) -> int:
        """Whose pain varies more must rise more."""
        distance = median_distance(baseline.values, baseline.median)
        limits = self._limits
        return limits.steady_rise if distance < limits.steady_below else limits.unsteady_rise

    def _end_of(self, flare: Flare) -> int | None:
        """The second of 2 consecutive pain entries that are calm again."""
        values, highest = self._clean.pain.values, flare.reference + self._limits.calm_rise
        for index in range(flare.confirmed + 1, len(values)):
            if values[index] <= highest and values[index - 1] <= highest:
                return index
        return None
