"""R06: pain that is suddenly severe, in the back or in a limb."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Final

from alerts.core.baseline import Clean
from alerts.core.episodes import Episode
from alerts.core.flares import pain_history
from alerts.core.neurology import numbness, signs_after_holds, weakness
from alerts.core.records import Entry, Position, Rank
from alerts.core.verdicts import Effect, Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {2: "hold.acute_worsening", 3: "doctor.acute_worsening"}
_FIELDS: Final = ("pain", "limb_pain")
_PAIR: Final = 2
_HOLD: Final = 2
_DOCTOR: Final = 3


@dataclass(frozen=True, slots=True)
class WorstPain:
    """The entries with pain or limb pain, in walk order, and the higher of the two in each."""

    entries: Sequence[Entry]
    values: Sequence[int]


def worst_pain(walk: Walk) -> WorstPain:
    entries: list[Entry] = []
    values: list[int] = []
    for entry in walk.timeline.entries:
        if entry.pain is not None or entry.limb_pain is not None:
            entries.append(entry)
            values.append(max(entry.pain or 0, entry.limb_pain or 0))
    return WorstPain(entries, values)


def acute_worsening(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R06 (rows #8-#10, #12, #33): severe pain, far above the baseline or twice in a row."""
    found = walk.once(_found)
    yield from found
    yield from _raises(walk, [each for each in found if isinstance(each, Trigger)])


def _found(walk: Walk) -> list[Trigger | NotEvaluable]:
    severe = walk.parameters.acute_worsening.severe
    if not _is_ever(walk, severe):
        return []
    worst = walk.once(worst_pain)
    return [
        found
        for index, value in enumerate(worst.values)
        if value >= severe
        for found in (_jump(walk, index), _lasting(walk, index))
        if found is not None
    ]


def _is_ever(walk: Walk, severe: int) -> bool:
    """Whether any pain is that severe: cheap, and mostly none is."""
    in_limbs = [entry.limb_pain or 0 for entry in walk.timeline.entries]
    return max([*walk.timeline.pain.values, *in_limbs], default=0) >= severe


def _triggered_at(walk: Walk) -> frozenset[Position]:
    return frozenset(found.position for found in walk.once(_found) if isinstance(found, Trigger))


def _jump(walk: Walk, index: int) -> Trigger | NotEvaluable | None:
    """One severe value, far above the baseline."""
    worst = walk.once(worst_pain)
    entry = worst.entries[index]
    baseline = _baseline(walk, entry)
    if baseline is None:
        return NotEvaluable(because="too few pain values for a baseline", position=entry.position)
    if worst.values[index] < baseline.median + walk.parameters.acute_worsening.rise:
        return None
    return _trigger(walk, [entry], baseline, "jump")


def _lasting(walk: Walk, index: int) -> Trigger | None:
    """Two severe values in a row, the first where no such pain is usual."""
    worst, limits = walk.once(worst_pain), walk.parameters.acute_worsening
    if index == 0 or worst.values[index - 1] < limits.severe:
        return None
    pair = worst.entries[index - 1 : index + 1]
    baseline = _baseline(walk, pair[0])
    if baseline is not None and baseline.median > limits.pair_baseline:
        return None
    return _trigger(walk, pair, baseline, "lasting")


def _baseline(walk: Walk, entry: Entry) -> Clean | None:
    return walk.lasting(pain_history).clean.at(entry)


def _trigger(walk: Walk, entries: Sequence[Entry], baseline: Clean | None, what: str) -> Trigger:
    entry = entries[-1]
    signs = _signs(walk, entry)
    level = _DOCTOR if signs else _HOLD
    reference = None if baseline is None else baseline.median
    severe = walk.parameters.acute_worsening.severe
    return Trigger(
        position=entry.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=(*_severe_pains(entries, severe), *signs),
        reference=reference,
        parameters=_shown(entry, reference, "with_nerve_signs" if signs else what),
        missing=("baseline",) if baseline is None else (),
    )


def _shown(entry: Entry, reference: float | None, what: str) -> dict[str, object]:
    values = [value for value in (entry.pain, entry.limb_pain) if value is not None]
    return {"value": max(values, default=None), "reference": reference, "what": what}


def _severe_pains(entries: Sequence[Entry], severe: int) -> Iterator[Fact]:
    for entry in entries:
        for name in _FIELDS:
            value: int | None = getattr(entry, name)
            if value is not None and value >= severe:
                yield Fact(entry, name, value)


def _signs(walk: Walk, entry: Entry) -> tuple[Fact, ...]:
    """The weakness and the numbness that are pending as of an entry, by their values."""
    pending = (walk.lasting(scores).pending_at(entry) for scores in (weakness, numbness))
    return tuple(fact for fact in pending if fact is not None)


def _raises(walk: Walk, triggers: Sequence[Trigger]) -> Iterator[Trigger]:
    """The later entries at which a nerve shows signs: they raise what is open."""
    for entry, signs in signs_after_holds(walk, triggers, partial(_signs, walk)):
        baseline = _baseline(walk, entry)
        reference = None if baseline is None else baseline.median
        yield Trigger(
            position=entry.position,
            level=_DOCTOR,
            text_key=_TEXT_KEYS[_DOCTOR],
            facts=signs,
            parameters=_shown(entry, reference, "with_nerve_signs"),
            effect=Effect.RAISES,
        )


def calm_again(walk: Walk, episode: Episode) -> Position | None:
    """Where R06 clears: 2 calm entries in a row and 7 days, all after the newest trigger."""
    quiet_for = walk.parameters.acute_worsening.quiet_for
    quiet = Position(episode.newest.at + quiet_for, Rank.DUE)
    calm, worst = _Calm(walk, episode), walk.once(worst_pain)
    for index in range(_first_after(worst, episode.newest), len(worst.entries)):
        entry = worst.entries[index]
        if calm.is_lasting() and quiet < entry.position:
            return quiet
        if calm.take(entry, worst.values[index]) and entry.moment >= quiet.at:
            return entry.position
        if not calm.in_a_row and _is_next_trigger(walk, entry):
            return None
    return quiet if calm.is_lasting() else None


def _first_after(worst: WorstPain, newest: Position) -> int:
    return bisect_right(worst.entries, newest, key=attrgetter("position"))


def _is_next_trigger(walk: Walk, entry: Entry) -> bool:
    """Whether the end is asked for again from here on, so that nobody need look further now.

    A physician's close might have answered the trigger before its time.
    """
    return entry.position in walk.once(_triggered_at) and not walk.timeline.closes


class _Calm:
    """How many entries in a row speak for the end of an episode."""

    def __init__(self, walk: Walk, episode: Episode) -> None:
        limits = walk.parameters.acute_worsening
        self.in_a_row = 0
        self._walk = walk
        self._highest = min(
            limits.calm if t.reference is None else max(limits.calm, t.reference + limits.calm_rise)
            for t in episode.opened_by
        )
        self._severe = {
            fact.field for t in episode.triggers for fact in t.facts if fact.field in _FIELDS
        }

    def is_lasting(self) -> bool:
        return self.in_a_row >= _PAIR

    def take(self, entry: Entry, value: int) -> bool:
        """Whether it is calm now with this entry; one that is too high starts anew."""
        if value > self._highest:
            self.in_a_row = 0
            return False
        counts = self._counts(entry)
        self.in_a_row += counts
        return counts and self.is_lasting()

    def _counts(self, entry: Entry) -> bool:
        """Not without an answer to what was severe, nor with signs of a nerve."""
        is_complete = all(getattr(entry, name) is not None for name in self._severe)
        return is_complete and not _signs(self._walk, entry)


R06: Final = Rule(id="R06", finds=acute_worsening, clears=calm_again)
