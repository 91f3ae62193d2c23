"""R18: massage after massage makes it worse."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.records import Position, Rank
from alerts.core.response import Response, responses
from alerts.core.verdicts import Fact, Trigger
from alerts.core.walk import Rule, Walk

_SEVERE: Final = 2  # R07 from this level on
_BEFORE: Final = 2  # a massage is looked at together with up to two before it
_TEXT_KEYS: Final = {1: "reduce.worse_after_massage", 2: "hold.worse_after_massage"}


@dataclass(frozen=True, slots=True)
class Session:
    """A massage, with what it did; `signs` are the triggers of R07 from level 2 on."""

    response: Response
    signs: Sequence[Trigger]

    @property
    def due_at(self) -> datetime:
        return self.response.after(self.response.limits.window_3)

    @property
    def is_ever_worse(self) -> bool:
        return bool(self.response.late_rises or self.signs)

    def is_evaluable(self, at: datetime) -> bool:
        return bool(self.response.late_observations) or self._had_signs(at)

    def is_worse(self, at: datetime) -> bool:
        return bool(self.response.late_rises) or self._had_signs(at)

    def _had_signs(self, at: datetime) -> bool:
        return any(sign.position.at <= at for sign in self.signs)

    def facts(self, at: datetime) -> Iterator[Fact]:
        """What made it worse, as of a moment."""
        massage = self.response.massage
        yield Fact(massage, "ended_at", massage.ended_at)
        for entry in self.response.late_rises:
            yield Fact(entry, "pain", entry.pain)
        for sign in self.signs:
            if sign.position.at <= at:
                yield from sign.facts


@dataclass(frozen=True, slots=True)
class Look:
    """The due moment of an evaluable massage: it and those before it, newest first."""

    position: Position
    of: Sequence[Session]
    worse: Sequence[Session]

    def is_calm(self) -> bool:
        """Whether the massage and the one before are both not worse."""
        newest_two = self.of[:2]
        return len(newest_two) == 2 and not any(session in self.worse for session in newest_two)


def sessions_worsen(walk: Walk) -> Iterator[Trigger]:
    """R18 (rows #72, #74, #77): two or three of the last three massages made it worse."""
    limits = walk.parameters.worse_after
    if sum(session.is_ever_worse for session in walk.once(_sessions)) < limits.reduce_at:
        return
    for look in walk.once(looks):
        count = len(look.worse)
        if count >= limits.reduce_at:
            level = 2 if count >= limits.hold_at else 1
            at = look.position.at
            yield Trigger(
                position=look.position,
                level=level,
                text_key=_TEXT_KEYS[level],
                facts=tuple(fact for session in look.worse for fact in session.facts(at)),
                parameters={"worse": count, "of": len(look.of)},
            )


def looks(walk: Walk) -> list[Look]:
    """The due moments of all evaluable massages, 72 hours after each, in walk order."""
    sessions = walk.once(_sessions)
    found: list[Look] = []
    for index, session in enumerate(sessions):
        at = session.due_at
        if session.is_evaluable(at):
            # What shows later, such as a new sign on day 5, counts for later massages only.
            of = [session, *islice(_before(walk, sessions, index, at), _BEFORE)]
            position = Position(at, Rank.DUE, session.response.massage.id)
            found.append(Look(position, of, [each for each in of if each.is_worse(at)]))
    return found


def _sessions(walk: Walk) -> list[Session]:
    signs: dict[str | None, list[Trigger]] = {}
    for trigger in walk.triggers("R07"):
        if trigger.level >= _SEVERE:
            signs.setdefault(trigger.subject, []).append(trigger)
    return [
        Session(response, signs.get(massage, ()))
        for massage, response in walk.once(responses).items()
    ]


def _before(walk: Walk, sessions: Sequence[Session], index: int, at: datetime) -> Iterator[Session]:
    """The evaluable massages before one, newest first, as far back as they count."""
    oldest = at - walk.parameters.worse_after.within
    for session in reversed(sessions[:index]):
        if session.response.massage.ended_at < oldest:
            return
        if session.is_evaluable(at):
            yield session


def calm_again(walk: Walk, episode: Episode) -> Position | None:
    """Where R18 ends: at the due moment of the second massage in a row that is not worse."""
    found = walk.once(looks)
    later = bisect_right(found, episode.newest, key=lambda look: look.position)
    return next((look.position for look in found[later:] if look.is_calm()), None)


def _may_open(walk: Walk, trigger: Trigger, over: Sequence[Episode]) -> bool:
    """Not soon after another one, unless that opened at a lower level."""
    refractory = walk.parameters.worse_after.refractory
    return all(
        episode.opened_by[0].level < trigger.level
        or trigger.position.at - episode.onset.at >= refractory
        for episode in over
    )


R18: Final = Rule(
    id="R18",
    finds=sessions_worsen,
    clears=calm_again,
    may_open=_may_open,
    reads=frozenset({"R07"}),
    is_dose_advice=True,
)
