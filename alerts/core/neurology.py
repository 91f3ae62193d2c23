"""The reference of a weakness or numbness score, and the jumps above it that R03 and R05 share."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from operator import attrgetter

from alerts.core.parameters import Neurology
from alerts.core.records import Entry
from alerts.core.statistics import median
from alerts.core.timeline import Series
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk


class References:
    """`ref` at each entry of a score, computed where it is asked for: most values never need it."""

    def __init__(self, series: Series, limits: Neurology) -> None:
        self._series = series
        self._limits = limits
        self._known: dict[int, float | None] = {}

    def __getitem__(self, index: int) -> float | None:
        if index not in self._known:
            moment = self._series.moments[index]
            self._known[index] = reference_before(self._series, index, moment, self._limits)
        return self._known[index]


class Scores:
    """One neurological score (0-10) over time, with `ref` at each of its entries."""

    def __init__(self, series: Series, name: str, limits: Neurology) -> None:
        self.series = series
        self.name = name  # the field of the entry
        self.limits = limits
        self.references = References(series, limits)
        # No `ref` at an entry lies below the lowest value before it.
        self._lowest = list(accumulate(series.values, min))

    def may_be_raised(self, index: int, *, rise: int) -> bool:
        """Whether a value can be `rise` above `ref`: cheap, and most cannot."""
        return index > 0 and self.series.values[index] >= self._lowest[index - 1] + rise

    def is_raised(self, index: int, *, rise: int) -> bool:
        """Whether a value is at least `rise` above its own `ref`."""
        if not self.may_be_raised(index, rise=rise):
            return False
        reference = self.references[index]
        return reference is not None and self.series.values[index] >= reference + rise

    def pending_at(self, entry: Entry) -> Fact | None:
        """The newest value as of an entry, if it is raised and not older than 72 hours."""
        index = self.series.first_after(entry.moment) - 1
        while index >= 0 and self.series.entries[index].position > entry.position:
            index -= 1
        if index < 0 or entry.moment - self.series.moments[index] > self.limits.pending_for:
            return None
        if not self.is_raised(index, rise=self.limits.pair_rise):
            return None
        return Fact(self.series.entries[index], self.name, self.series.values[index])


@dataclass(frozen=True, slots=True)
class Jump:
    """A rise of one score that counts by itself; the last entry is the one that triggers."""

    entries: tuple[Entry, ...]
    reference: float | None
    is_severe: bool = False


def weakness(walk: Walk) -> Scores:
    return Scores(walk.timeline.weakness, "weakness", walk.parameters.neurology)


def numbness(walk: Walk) -> Scores:
    return Scores(walk.timeline.numbness, "numbness", walk.parameters.neurology)


def reference_before(
    series: Series, index: int, moment: datetime, limits: Neurology
) -> float | None:
    """`ref` as of `moment`, from the values before `index`: their median over the 14 days before,
    if there are 3, else the first value ever; None without any value before.
    """
    if index == 0:
        return None
    start = bisect_left(series.moments, moment - limits.window, 0, index)
    if index - start < limits.enough_values:
        return series.values[0]
    return median(series.values[start:index])


def reference_at(scores: Scores, entry: Entry) -> float | None:
    """`ref` as of an entry that need not carry the score."""
    place = attrgetter("moment", "id")
    index = bisect_left(scores.series.entries, place(entry), key=place)
    return reference_before(scores.series, index, entry.moment, scores.limits)


def jumps_at(scores: Scores, index: int, limits: Neurology) -> Iterator[Jump]:
    """The single rise, the severe value and the pair that end at one entry."""
    entry, value = scores.series.entries[index], scores.series.values[index]
    least = min(limits.single_rise, limits.pair_rise)
    if value < limits.severe and not scores.may_be_raised(index, rise=least):
        return
    reference = scores.references[index]
    if scores.is_raised(index, rise=limits.single_rise):
        yield Jump((entry,), reference)
    if value >= limits.severe and (reference is None or reference < limits.severe):
        yield Jump((entry,), reference, is_severe=True)
    if index and _is_pair(scores, index, limits):
        yield Jump((scores.series.entries[index - 1], entry), scores.references[index - 1])


def _is_pair(scores: Scores, index: int, limits: Neurology) -> bool:
    """Two neighbours, judged by the reference of the first."""
    apart = scores.series.moments[index] - scores.series.moments[index - 1]
    if apart > limits.pair_within or not scores.is_raised(index - 1, rise=limits.pair_rise):
        return False
    reference = scores.references[index - 1]
    return reference is not None and scores.series.values[index] >= reference + limits.pair_rise
