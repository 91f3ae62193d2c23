"""R05: numbness that grows or spreads. Only its triggers, which R08 looks at; no alert yet."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from alerts.core.neurology import jumps_at, numbness
from alerts.core.records import Entry
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {2: "hold.numbness", 3: "doctor.progressive_numbness"}
_ARMS: Final = ({"left_arm", "left_hand"}, {"right_arm", "right_hand"})


def progressive_numbness(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R05 (rows #4, #9, #17): numbness that jumps, is severe, or reaches a new limb."""
    scores = walk.once(numbness)
    for index, entry in enumerate(scores.series.entries):
        for jump in jumps_at(scores, index, walk.parameters.neurology):
            facts = tuple(Fact(e, "numbness", e.numbness) for e in jump.entries)
            yield _trigger(3 if jump.is_severe else 2, entry, facts, jump.reference)
    yield from _new_limbs(walk)


def _new_limbs(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """(b): a limb that no answer of the 14 days before names (none: the last answer before)."""
    answered = [entry for entry in walk.timeline.entries if entry.numb_regions is not None]
    moments = [entry.moment for entry in answered]
    for index, entry in enumerate(answered):
        if index == 0:
            yield NotEvaluable(because="no answer on numb regions before", position=entry.position)
            continue
        oldest = entry.moment - walk.parameters.numbness.new_region_window
        first = min(bisect_left(moments, oldest), index - 1)
        new = _limbs(entry).difference(*map(_limbs, answered[first:index]))
        if new:
            yield _trigger(_level(entry, new), entry, _regions(entry, sorted(new)), None)


def _limbs(entry: Entry) -> frozenset[str]:
    return (entry.numb_regions or frozenset()) - {"saddle"}


def _level(entry: Entry, new: frozenset[str]) -> int:
    """A second arm or hand is for a doctor; a second leg is for R01."""
    left, right = ({*_limbs(entry)} & side for side in _ARMS)
    return 3 if left and right and new & (left | right) else 2


def _regions(entry: Entry, new: Sequence[str]) -> tuple[Fact, ...]:
    return tuple(Fact(entry, f"numb_regions.{region}", value=True) for region in new)


def _trigger(level: int, entry: Entry, facts: tuple[Fact, ...], reference: float | None) -> Trigger:
    return Trigger(
        position=entry.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=facts,
        reference=reference,
    )


R05: Final = Rule(id="R05", finds=progressive_numbness)
