"""R05: numbness that grows or spreads."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.neurology import (
    Jump,
    jumps_at,
    numbness,
    reference_at,
    signs_after_holds,
    weakness,
)
from alerts.core.recorded_days import numbness_days
from alerts.core.records import Entry, Position
from alerts.core.verdicts import Effect, Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {2: "hold.numbness", 3: "doctor.progressive_numbness"}
_ARMS: Final = ({"left_arm", "left_hand"}, {"right_arm", "right_hand"})
_DOCTOR: Final = 3
_WITH_WEAKNESS: Final = "with_weakness"


def progressive_numbness(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R05 (rows #4, #9, #17): numbness that jumps, is severe, or reaches a new limb."""
    found = list(_found(walk))
    yield from found
    yield from _raises(walk, [each for each in found if isinstance(each, Trigger)])


def _found(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    scores = walk.lasting(numbness)
    for index in scores.may_jump():
        for jump in jumps_at(scores, index):
            yield _jumped(walk, scores.series.entries[index], jump)
    yield from _new_limbs(walk)


def _new_limbs(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """(b): a limb that no answer of the 14 days before names (none: the last answer before)."""
    answered = [entry for entry in walk.timeline.entries if entry.numb_regions is not None]
    for first in answered[:1]:
        because = "no answer on numb regions before"
        yield NotEvaluable(because=because, position=first.position)
    for index in [index for index, entry in enumerate(answered) if index and entry.numb_regions]:
        entry = answered[index]
        oldest = entry.moment - walk.parameters.numbness.new_region_window
        begin = bisect_left(answered, oldest, key=attrgetter("moment"))
        new = _limbs(entry).difference(*map(_limbs, answered[min(begin, index - 1) : index]))
        if new:
            yield _spread(walk, entry, sorted(new))


def _limbs(entry: Entry) -> frozenset[str]:
    return (entry.numb_regions or frozenset()) - {"saddle"}


def _is_on_both_arms(entry: Entry, new: Sequence[str]) -> bool:
    """A second arm or hand is for a doctor; a second leg is for R01."""
    left, right = ({*_limbs(entry)} & side for side in _ARMS)
    return bool(left and right and (left | right).intersection(new))


def _jumped(walk: Walk, entry: Entry, jump: Jump) -> Trigger:
    return _trigger(
        walk,
        3 if jump.is_severe else 2,
        entry,
        tuple([Fact(e, "numbness", e.numbness) for e in jump.entries]),
        reference=jump.reference,
        what="numbness_high" if jump.is_severe else "numbness_jump",
    )


def _spread(walk: Walk, entry: Entry, new: Sequence[str]) -> Trigger:
    is_on_both_arms = _is_on_both_arms(entry, new)
    return _trigger(
        walk,
        3 if is_on_both_arms else 2,
        entry,
        tuple([Fact(entry, f"numb_regions.{region}", value=True) for region in new]),
        reference=reference_at(walk.lasting(numbness), entry),
        what="both_arms" if is_on_both_arms else "new_region",
    )


def _trigger(  # noqa: PLR0913 - all that differs from one trigger to the other
    walk: Walk,
    level: int,
    entry: Entry,
    facts: tuple[Fact, ...],
    *,
    reference: float | None,
    what: str,
) -> Trigger:
    if level < _DOCTOR and (signs := walk.once(_Weakness).at(entry)):
        # With weakness that is pending or for a doctor, numbness is for a doctor too.
        level, what, facts = _DOCTOR, _WITH_WEAKNESS, (*facts, *signs)
    return Trigger(
        position=entry.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=facts,
        reference=reference,
        parameters=_shown(entry, reference, what),
        missing=("reference",) if reference is None else (),
    )


def _shown(entry: Entry, reference: float | None, what: str) -> dict[str, object]:
    regions = sorted(_limbs(entry))
    return {"value": entry.numbness, "reference": reference, "what": what, "regions": regions}


def _raises(walk: Walk, triggers: Sequence[Trigger]) -> Iterator[Trigger]:
    """The later entries at which there is such weakness: they raise what is open."""
    for entry, signs in signs_after_holds(walk, triggers, walk.once(_Weakness).at):
        reference = reference_at(walk.lasting(numbness), entry)
        yield Trigger(
            position=entry.position,
            level=_DOCTOR,
            text_key=_TEXT_KEYS[_DOCTOR],
            facts=signs,
            reference=reference,
            parameters=_shown(entry, reference, _WITH_WEAKNESS),
            missing=("reference",) if reference is None else (),
            effect=Effect.RAISES,
        )


class _Weakness:
    """What R03 rests on as of an entry, if it is pending or open."""

    def __init__(self, walk: Walk) -> None:
        self._scores = walk.lasting(weakness)
        self._episodes = walk.episodes("R03")
        self._known: dict[str, tuple[Fact, ...]] = {}

    def at(self, entry: Entry) -> tuple[Fact, ...]:
        """A raised newest value, else what opened the episode; empty if there is neither."""
        if entry.id not in self._known:
            pending = self._scores.pending_at(entry)
            signs = self._open_at(entry.position) if pending is None else (pending,)
            self._known[entry.id] = signs
        return self._known[entry.id]

    def _open_at(self, position: Position) -> tuple[Fact, ...]:
        for episode in self._episodes:
            if episode.onset <= position and (episode.ended is None or position < episode.ended):
                return tuple(fact for trigger in episode.opened_by for fact in trigger.facts)
        return ()


def numb_no_longer(walk: Walk, episode: Episode) -> Position | None:
    """Where R05 clears: the last 3 recorded days, all after the newest trigger, are calm."""
    limits = walk.parameters.neurology
    highest = min(
        [
            limits.calm_without_reference
            if trigger.reference is None
            else trigger.reference + limits.calm_rise
            for trigger in episode.opened_by
        ]
    )
    runs = walk.once(_CalmRuns).below(highest)
    day = walk.timeline.date_of(episode.newest.at)
    index = walk.lasting(numbness_days).calm_after(runs, episode.newest, day)
    return None if index is None else walk.timeline.numbness.entries[index].position


class _CalmRuns:
    """The runs of calm days, for each of the references there are."""

    def __init__(self, walk: Walk) -> None:
        self._recorded = walk.lasting(numbness_days)
        self._series = walk.timeline.numbness
        self._days = walk.parameters.numbness.calm_days
        self._signs_at = walk.once(_Weakness).at
        self._known: dict[float, list[tuple[int, date]]] = {}

    def below(self, highest: float) -> Sequence[tuple[int, date]]:
        if highest not in self._known:
            entries, values = self._series.entries, self._series.values
            runs = self._recorded.calm_runs(self._days, values, highest=highest, merge=max)
            # An entry at which there is weakness does not clear.
            self._known[highest] = [run for run in runs if not self._signs_at(entries[run[0]])]
        return self._known[highest]


R05: Final = Rule(
    id="R05",
    finds=progressive_numbness,
    clears=numb_no_longer,
    reads=frozenset({"R03"}),
)
