"""R18: massage after massage makes it worse."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress, islice
from typing import Final, NamedTuple

from alerts.core.episodes import Episode
from alerts.core.records import Position, Rank
from alerts.core.response import Response, responses
from alerts.core.verdicts import Fact, Trigger
from alerts.core.walk import Rule, Walk

_SEVERE: Final = 2  # R07 from this level on
_BEFORE: Final = 2  # a massage is looked at together with up to two before it
_TEXT_KEYS: Final = {1: "reduce.worse_after_massage", 2: "hold.worse_after_massage"}


class Session(NamedTuple):
    """A massage, with what it did; `signs` are the triggers of R07 from level 2 on."""

    response: Response
    signs: Sequence[Trigger]

    @property
    def is_ever_worse(self) -> bool:
        return bool(self.response.late_rises or self.signs)

    def is_evaluable(self, at: datetime) -> bool:
        return bool(self.response.late_observations) or self._had_signs(at)

    def is_worse(self, at: datetime) -> bool:
        return bool(self.response.late_rises) or self._had_signs(at)

    def _had_signs(self, at: datetime) -> bool:
        return bool(self.signs) and any(sign.position.at <= at for sign in self.signs)

    def facts(self, at: datetime) -> Iterator[Fact]:
        """What made it worse, as of a moment."""
        massage = self.response.massage
        yield Fact(massage, "ended_at", massage.ended_at)
        for entry in self.response.late_rises:
            yield Fact(entry, "pain", entry.pain)
        for sign in self.signs:
            if sign.position.at <= at:
                yield from sign.facts


class Look(NamedTuple):
    """The due moment of an evaluable massage: it and those before it, newest first."""

    position: Position
    of: Sequence[Session]
    is_worse: Sequence[bool]  # each of them

    def is_calm(self) -> bool:
        """Whether the massage and the one before are both not worse."""
        return len(self.of) > 1 and not any(self.is_worse[:2])


def sessions_worsen(walk: Walk) -> Iterator[Trigger]:
    """R18 (rows #72, #74, #77): two or three of the last three massages made it worse."""
    limits = walk.parameters.worse_after
    for look in walk.once(looks):
        count = sum(look.is_worse)
        if count >= limits.reduce_at:
            level = 2 if count >= limits.hold_at else 1
            at = look.position.at
            worse = compress(look.of, look.is_worse)
            yield Trigger(
                position=look.position,
                level=level,
                text_key=_TEXT_KEYS[level],
                facts=tuple([fact for session in worse for fact in session.facts(at)]),
                parameters={"worse": count, "of": len(look.of)},
            )


def looks(walk: Walk) -> list[Look]:
    """The due moments of the evaluable massages, 72 hours after each, in walk order.

    From the massage on with which so many were worse that there may be something to say.
    """
    sessions = walk.once(_sessions)
    worse = [place for place, session in enumerate(sessions) if session.is_ever_worse]
    for first, last in zip(worse, worse[walk.parameters.worse_after.reduce_at - 1 :], strict=False):
        between = sum(bool(s.response.late_observations) for s in sessions[first + 1 : last])
        if between < _BEFORE:
            return list(_looks_from(walk, last))
    return []


def _looks_from(walk: Walk, first: int) -> Iterator[Look]:
    sessions = walk.once(_sessions)
    for place in range(first, len(sessions)):
        response = sessions[place].response
        at = response.after(response.limits.window_3)
        # What shows later, such as a new sign on day 5, counts for later massages only.
        if sessions[place].is_evaluable(at):
            of = [sessions[place], *islice(_before(walk, place, at), _BEFORE)]
            position = Position(at, Rank.DUE, response.massage.id)
            yield Look(position, of, [session.is_worse(at) for session in of])


def _sessions(walk: Walk) -> list[Session]:
    signs: dict[str | None, list[Trigger]] = {}
    for trigger in walk.triggers("R07"):
        if trigger.level >= _SEVERE:
            signs.setdefault(trigger.subject, []).append(trigger)
    return [
        Session(response, signs.get(massage, ()))
        for massage, response in walk.once(responses).items()
    ]


def _before(walk: Walk, place: int, at: datetime) -> Iterator[Session]:
    """The evaluable massages before one, newest first, as far back as they count."""
    sessions = walk.once(_sessions)
    oldest = at - walk.parameters.worse_after.within
    for earlier in range(place - 1, -1, -1):
        session = sessions[earlier]
        if session.response.massage.ended_at < oldest:
            return
        if session.is_evaluable(at):
            yield session


def calm_again(walk: Walk, episode: Episode) -> Position | None:
    """Where R18 ends: at the due moment of the second massage in a row that is not worse."""
    calm = walk.once(_calm_moments)
    later = bisect_right(calm, episode.newest)
    return calm[later] if later < len(calm) else None


def _calm_moments(walk: Walk) -> list[Position]:
    return [look.position for look in walk.once(looks) if look.is_calm()]


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
