"""R16: a flare, and how it goes on."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.flares import Flare, pain_history
from alerts.core.records import Entry, Massage, Position
from alerts.core.verdicts import Effect, Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {1: "flare.advice", 2: "hold.flare", 3: "doctor.flare"}


def flaring(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R16 (rows #12, #33, #74): a flare, with a massage in it or many entries, or a week long."""
    history = walk.lasting(pain_history)
    for flare in history.flares:
        yield from _Course(walk, flare).triggers()
    for entry in history.unjudged:
        because = "too few pain values to compare a reported flare with"
        yield NotEvaluable(because=because, position=entry.position)


class _Course:
    """One flare, taken record by record in walk order: each level triggers once."""

    def __init__(self, walk: Walk, flare: Flare) -> None:
        pain = walk.timeline.pain
        self._limits = walk.parameters.flare
        self._flare = flare
        self._entries = pain.entries[flare.begins : flare.ends]
        self._confirmed = pain.entries[flare.confirmed]
        self._massage = _first_massage(walk, flare)
        self._had_massage = False
        self._raised: list[Entry] = []  # the flare entries so far
        self._level = 0

    def triggers(self) -> Iterator[Trigger]:
        for record in self._records():
            is_raised = isinstance(record, Entry) and self._is_raised(record)
            if isinstance(record, Massage):
                self._had_massage = True
            elif is_raised:
                self._raised.append(record)
            if record.position >= self._confirmed.position:
                yield from self._found_at(record, is_raised=is_raised)

    def _records(self) -> Sequence[Entry | Massage]:
        """The pain entries inside, and the massage that counts if there is one."""
        if self._massage is None:
            return self._entries
        return sorted([*self._entries, self._massage], key=lambda record: record.position)

    def _is_raised(self, entry: Entry) -> bool:
        highest_calm = self._flare.reference + self._limits.calm_rise
        return entry.pain is not None and entry.pain > highest_calm

    def _found_at(self, record: Entry | Massage, *, is_raised: bool) -> Iterator[Trigger]:
        level, what = self._reached(record, is_raised=is_raised)
        if level > self._level:
            self._level = level
            yield self._trigger(record, what, self._facts(record, what))
        elif isinstance(record, Entry) and is_raised:
            yield self._trigger(record, "entries", (_pain(record),), effect=Effect.RENEWS)

    def _reached(self, record: Entry | Massage, *, is_raised: bool) -> tuple[int, str]:
        lasts = record.moment - self._entries[0].moment >= self._limits.doctor_after
        if is_raised and lasts:
            return 3, "week"
        if self._had_massage:
            return 2, "massage"
        if len(self._raised) >= self._limits.hold_entries:
            return 2, "entries"
        return 1, "reported" if self._flare.is_reported else "pair"

    def _facts(self, record: Entry | Massage, what: str) -> tuple[Fact, ...]:
        """What makes it a flare, from its beginning on, and what makes it worse."""
        if what == "massage" and self._massage is not None:
            massage = self._massage
            return (*self._confirming(), Fact(massage, "ended_at", massage.ended_at.isoformat()))
        if what == "entries":
            return (*self._confirming(), *map(_pain, self._raised))
        if what == "week" and isinstance(record, Entry):
            return (*self._confirming(), _pain(record))
        return self._confirming()

    def _confirming(self) -> tuple[Fact, ...]:
        first = self._entries[0]
        if self._flare.is_reported:
            said = ("flare_today", "activities_limited")
            return (_pain(first), *(Fact(first, name, value=True) for name in said))
        return _pain(first), _pain(self._confirmed)

    def _trigger(
        self,
        record: Entry | Massage,
        what: str,
        facts: tuple[Fact, ...],
        *,
        effect: Effect = Effect.OPENS,
    ) -> Trigger:
        newest = self._raised[-1] if self._raised else self._confirmed
        return Trigger(
            position=record.position,
            level=self._level,
            text_key=_TEXT_KEYS[self._level],
            facts=facts,
            reference=self._flare.reference,
            parameters={
                "value": newest.pain,
                "reference": self._flare.reference,
                "what": what,
            },
            effect=effect,
        )


def _pain(entry: Entry) -> Fact:
    return Fact(entry, "pain", entry.pain)


def _first_massage(walk: Walk, flare: Flare) -> Massage | None:
    """The first massage that ended inside a flare, after its beginning."""
    timeline = walk.timeline
    pain = timeline.pain
    first = bisect_right(timeline.massage_ends, pain.moments[flare.begins])
    if first == len(timeline.massages):
        return None
    massage = timeline.massages[first]
    is_inside = flare.ends is None or massage.position < pain.entries[flare.ends].position
    return massage if is_inside else None


def flare_over(walk: Walk, episode: Episode) -> Position | None:
    """Where R16 ends: with its flare."""
    entries, flares = walk.timeline.pain.entries, walk.lasting(pain_history).flares
    # Any of its entries names the flare, the first or, counted again after a close, a later one.
    felt = episode.opened_by[0].facts[0].record.position
    index = bisect_right(flares, felt, key=lambda flare: entries[flare.begins].position)
    ends = flares[index - 1].ends
    return None if ends is None else entries[ends].position


R16: Final = Rule(id="R16", finds=flaring, clears=flare_over)
