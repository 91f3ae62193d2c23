"""The flares of R16: stretches of raised pain, which also never enter a baseline."""

from dataclasses import dataclass

from alerts.core.baseline import Clean, CleanPain
from alerts.core.parameters import Flare as Limits
from alerts.core.records import Entry
from alerts.core.statistics import median_distance
from alerts.core.walk import Walk


@dataclass(slots=True)
class Flare:
    """A flare over pain entries begins..ends-1 (to the last one while `ends` is None)."""

    begins: int
    confirmed: int
    reference: float  # B, frozen where the flare begins
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class PainHistory:
    """The flares, and the clean pain that they leave."""

    clean: CleanPain
    flares: list[Flare]


def pain_history(walk: Walk) -> PainHistory:
    """Walk the pain entries once; flares and baselines depend on one another."""
    clean = CleanPain(walk.timeline, walk.parameters)
    search = _Search(clean, walk.parameters.flare)
    for index in range(len(clean.pain)):
        search.look_at(index)
    return PainHistory(clean, search.flares)


class _Search:
    def __init__(self, clean: CleanPain, limits: Limits) -> None:
        self.flares: list[Flare] = []
        self._clean = clean
        self._limits = limits
        self._open: Flare | None = None
        self._before: Clean | None = None  # B of the entry before, if a pair may begin there

    def look_at(self, index: int) -> None:
        baseline = self._clean.at_entry(index)
        flare = self._open
        if flare is None:
            self._confirm(self._found_at(index, baseline), index)
        elif self._is_over(flare, index):
            flare.ends = index
            self._open = None
        else:
            self._clean.flare_confirmed(index, index + 1, at=flare.confirmed)
        self._before = baseline if self._open is None else None

    def _confirm(self, flare: Flare | None, index: int) -> None:
        if flare is not None:
            self._clean.flare_confirmed(flare.begins, index + 1, at=index)
            self.flares.append(flare)
            self._open = flare

    def _found_at(self, index: int, baseline: Clean | None) -> Flare | None:
        if self._before is not None and self._is_pair(index, self._before):
            return Flare(index - 1, index, self._before.median)
        if baseline is not None and self._is_reported(index, baseline):
            return Flare(index, index, baseline.median)
        return None

    def _is_pair(self, index: int, baseline: Clean) -> bool:
        pain = self._clean.pain
        apart = pain.moments[index] - pain.moments[index - 1]
        least = baseline.median + self._rise(baseline)
        return (
            apart <= self._limits.pair_within and min(pain.values[index - 1 : index + 1]) >= least
        )

    def _rise(self, baseline: Clean) -> int:
        """Whose pain varies more must rise more."""
        distance = median_distance(baseline.values, baseline.median)
        limits = self._limits
        return limits.steady_rise if distance < limits.steady_below else limits.unsteady_rise

    def _is_reported(self, index: int, baseline: Clean) -> bool:
        entry: Entry = self._clean.pain.entries[index]
        raised = self._clean.pain.values[index] >= baseline.median + self._limits.reported_rise
        return bool(entry.flare_today and entry.activities_limited) and raised

    def _is_over(self, flare: Flare, index: int) -> bool:
        """At the second of 2 consecutive pain entries that are calm again."""
        newest = self._clean.pain.values[index - 1 : index + 1]
        return max(newest) <= flare.reference + self._limits.calm_rise
