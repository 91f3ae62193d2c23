"""R13: a massage that is too long."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from alerts.core.rules.findings import Session, expiry, sessions_since
from alerts.core.rules.holds import ALL_RULES_THAT_HOLD, has_hold_ended
from alerts.core.verdicts import Trigger
from alerts.core.walk import Rule, Walk

_MINUTE: Final = timedelta(minutes=1)


class Exceeded(NamedTuple):
    """A limit that a massage went beyond, and whose it is: the plan, the phase, a first massage."""

    limit: timedelta
    what: str


def too_long(walk: Walk, since: datetime | None) -> Iterator[Trigger]:
    """R13 (rows #43, #44): longer than the phase or the plan allows, or than a first one may be."""
    limits = walk.parameters.session_length
    least = min(limits.first, limits.acute_below, limits.healing, limits.chronic)
    for session in sessions_since(walk, since):
        length = _length(session)
        if length < least and session.profile.plan_override is None:
            continue  # most are short enough for everybody
        exceeded = exceeded_by(walk, session, length)
        if exceeded:
            yield _trigger(session, length, min(exceeded, key=lambda found: found.limit))


def exceeded_by(walk: Walk, session: Session, length: timedelta) -> list[Exceeded]:
    """Every limit that the massage goes beyond, or would if it were of another length."""
    return [*_plan_or_phase(walk, session, length), *_first(walk, session, length)]


def _length(session: Session) -> timedelta:
    return session.massage.ended_at - session.massage.started_at


def _plan_or_phase(walk: Walk, session: Session, length: timedelta) -> Iterator[Exceeded]:
    """A valid override names another limit than that of the phase."""
    limits = walk.parameters.session_length
    override = session.profile.plan_override
    if (
        override is not None
        and override.max_minutes is not None
        and override.is_valid_on(session.on)
    ):
        limit = override.max_minutes * _MINUTE
        if length > limit:
            yield Exceeded(limit, "plan")
        return
    match session.profile.phase:
        case "chronic" if length > limits.chronic:
            yield Exceeded(limits.chronic, "phase")
        case "healing" if length > limits.healing:
            yield Exceeded(limits.healing, "phase")
        case "acute" | "unknown" if length >= limits.acute_below:
            yield Exceeded(limits.acute_below, "phase")


def _first(walk: Walk, session: Session, length: timedelta) -> Iterator[Exceeded]:
    limit = walk.parameters.session_length.first
    if length > limit and _is_first(walk, session):
        yield Exceeded(limit, "first")


def _is_first(walk: Walk, session: Session) -> bool:
    """One of the first two ever, or the first after a long pause or after a hold."""
    limits = walk.parameters.session_length
    if session.place < limits.first_massages:
        return True
    start = session.massage.started_at
    last_end = session.before[-1].massage.ended_at
    return start - last_end >= limits.gap or has_hold_ended(walk, last_end, start)


def _trigger(session: Session, length: timedelta, exceeded: Exceeded) -> Trigger:
    return Trigger(
        position=session.massage.position,
        level=1,
        text_key="adjust.session_length",
        facts=(session.fact,),
        subject=session.massage.id,
        parameters={
            "minutes": _minutes(length),
            "limit": _minutes(exceeded.limit),
            "what": exceeded.what,
        },
    )


def _minutes(span: timedelta) -> float:
    """Whole minutes as a whole number."""
    minutes = span / _MINUTE
    return int(minutes) if minutes.is_integer() else round(minutes, 1)


R13: Final = Rule(
    id="R13", finds_since=too_long, clears=expiry, reads=ALL_RULES_THAT_HOLD, is_dose_advice=True
)
