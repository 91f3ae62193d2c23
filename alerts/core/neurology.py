"""The reference of a weakness or numbness score, and the jumps above it that R03 and R05 share."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.core.parameters import Neurology
from alerts.core.records import Entry
from alerts.core.statistics import median
from alerts.core.timeline import Series
from alerts.core.walk import Walk


@dataclass(frozen=True, slots=True)
class Scores:
    """One neurological score (0-10) over time, with `ref` at each of its entries."""

    series: Series
    references: Sequence[float | None]
    name: str  # the field of the entry

    def is_raised(self, index: int, *, rise: int) -> bool:
        """Whether a value is at least `rise` above its own `ref`."""
        reference = self.references[index]
        return reference is not None and self.series.values[index] >= reference + rise


@dataclass(frozen=True, slots=True)
class Jump:
    """A rise of one score that counts by itself; the last entry is the one that triggers."""

    entries: tuple[Entry, ...]
    reference: float | None
    is_severe: bool = False


def weakness(walk: Walk) -> Scores:
    return _scores(walk.timeline.weakness, "weakness", walk.parameters.neurology)


def numbness(walk: Walk) -> Scores:
    return _scores(walk.timeline.numbness, "numbness", walk.parameters.neurology)


def _scores(series: Series, name: str, limits: Neurology) -> Scores:
    references = [
        reference_before(series, index, moment, limits)
        for index, moment in enumerate(series.moments)
    ]
    return Scores(series, references, name)


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


def jumps_at(scores: Scores, index: int, limits: Neurology) -> Iterator[Jump]:
    """The single rise, the severe value and the pair that end at one entry."""
    entry, value = scores.series.entries[index], scores.series.values[index]
    reference = scores.references[index]
    if scores.is_raised(index, rise=limits.single_rise):
        yield Jump((entry,), reference)
    if value >= limits.severe and (reference is None or reference < limits.severe):
        yield Jump((entry,), reference, is_severe=True)
    if index and _is_pair(scores, index, limits):
        yield Jump((scores.series.entries[index - 1], entry), scores.references[index - 1])


def _is_pair(scores: Scores, index: int, limits: Neurology) -> bool:
    """Two neighbours, judged by the reference of the first."""
    reference = scores.references[index - 1]
    first, second = scores.series.values[index - 1 : index + 1]
    apart = scores.series.moments[index] - scores.series.moments[index - 1]
    return (
        reference is not None
        and apart <= limits.pair_within
        and min(first, second) >= reference + limits.pair_rise
    )
