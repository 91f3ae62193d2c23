"""The reference of a weakness or numbness score, and the jumps above it that R03 and R05 share."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Final

from alerts.core.parameters import Neurology
from alerts.core.records import Entry
from alerts.core.statistics import median
from alerts.core.timeline import Series
from alerts.core.verdicts import Fact, Trigger
from alerts.core.walk import Walk

_DOCTOR: Final = 3


class References:
    """`ref` at each entry of a score, computed where it is asked for: most values never need it."""

    def __init__(self, series: Series, limits: Neurology) -> None:
        self._series = series
        self._limits = limits
        self._known: dict[int, float | None] = {}

    def __getitem__(self, index: int) -> float | None:
        known = self._known
        if index not in known:
            moment = self._series.moments[index]
            known[index] = reference_before(self._series, index, moment, self._limits)
        return known[index]


class Scores:
    """One neurological score (0-10) over time, with `ref` at each of its entries."""

    def __init__(self, series: Series, name: str, limits: Neurology) -> None:
        self.series = series
        self.name = name  # the field of the entry
        self.limits = limits
        self.references = References(series, limits)
        self._lowest = min(series.values, default=0)  # so no `ref` lies below

    def is_raised(self, index: int, *, rise: int) -> bool:
        """Whether a value is at least `rise` above its own `ref`."""
        value = self.series.values[index]
        if value < self._lowest + rise:
            return False  # cheap, and most are not
        reference = self.references[index]
        return reference is not None and value >= reference + rise

    def may_jump(self) -> list[int]:
        """The entries that may lie far enough above a `ref`, alone or in a pair: most do not."""
        limits, values = self.limits, self.series.values
        alone = min(limits.severe, self._lowest + limits.single_rise)
        paired = self._lowest + limits.pair_rise
        return [
            index
            for index, (before, value) in enumerate(pairwise([self._lowest, *values]))
            if value >= alone or (value >= paired and before >= paired)
        ]

    def pending_at(self, entry: Entry) -> Fact | None:
        """The newest value as of an entry, if it is raised and not older than 72 hours."""
        series = self.series
        index = _first_beyond(series, entry) - 1
        if index < 0 or not self.is_raised(index, rise=self.limits.pair_rise):
            return None
        if entry.moment - series.moments[index] > self.limits.pending_for:
            return None
        return Fact(series.entries[index], self.name, series.values[index])


def _first_beyond(series: Series, entry: Entry) -> int:
    """The index of the first entry after this one, in walk order."""
    begin = bisect_left(series.moments, entry.moment)
    end = bisect_right(series.moments, entry.moment, begin)
    return bisect_right(series.entries, entry.id, begin, end, key=attrgetter("id"))


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
    series = scores.series
    index = _first_beyond(series, entry)
    if index and series.entries[index - 1].id == entry.id:
        return scores.references[index - 1]
    return reference_before(series, index, entry.moment, scores.limits)


def jumps_at(scores: Scores, index: int) -> Iterator[Jump]:
    """The single rise, the severe value and the pair that end at one entry."""
    limits, reference = scores.limits, scores.references[index]
    entry, value = scores.series.entries[index], scores.series.values[index]
    if reference is not None and value >= reference + limits.single_rise:
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


def signs_after_holds(
    walk: Walk, triggers: Sequence[Trigger], signs_at: Callable[[Entry], tuple[Fact, ...]]
) -> Iterator[tuple[Entry, tuple[Fact, ...]]]:
    """The entries at which signs of a nerve may raise an open hold, with those signs.

    Unless a physician's close could have answered a trigger, an episode stands as high as its
    newest one, and the first entry with signs after it raises it for good.
    """
    held = {trigger.position.id for trigger in triggers if trigger.level < _DOCTOR}
    higher = {trigger.position.id for trigger in triggers} - held
    is_lasting, may_raise = bool(walk.timeline.closes), False
    for entry in walk.timeline.entries if held else ():
        if may_raise and (signs := signs_at(entry)):
            yield entry, signs
            may_raise = is_lasting
        if entry.id in held:
            may_raise = True
        elif entry.id in higher:
            may_raise = is_lasting and may_raise
