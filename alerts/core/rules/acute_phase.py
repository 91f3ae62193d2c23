"""R11: a massage in the acute phase."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.profile import Profile
from alerts.core.records import Entry, Position
from alerts.core.rules.findings import (
    Session,
    expiry,
    is_acute,
    profiles_from,
    session_of,
    sessions_since,
)
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_HOLD: Final = 2
_SCORES: Final = ("weakness", "numbness", "limb_pain")


def in_acute_phase(walk: Walk, since: datetime | None) -> Iterator[Trigger | NotEvaluable]:
    """R11 (rows #8-#11, #31, #49): a massage in the acute phase, above all with nerve signs."""
    for session in sessions_since(walk, since):
        if not is_acute(session.profile):
            continue
        entries = _entries_before(walk, session)
        signs = _nerve_signs(walk, entries)
        if signs:
            yield _nerve_trigger(session, signs)
        if not _is_allowed(session, session.profile):
            yield _trigger(session, "hold.acute_phase", (session.fact,))
        elif not signs and not any(map(_tells_of_nerves, entries)):
            yield NotEvaluable(
                because="no weakness, numbness or limb pain in the 72 hours before the massage",
                position=session.massage.position,
                subject=session.massage.id,
            )


def _is_allowed(session: Session, profile: Profile) -> bool:
    """Whether a physician has allowed massage in the acute phase, as of the massage's date."""
    approval = profile.doctor_approval
    return approval.includes_acute and approval.is_valid_on(session.on)


def _entries_before(walk: Walk, session: Session) -> Sequence[Entry]:
    """The entries of the 72 hours up to the start, both ends included."""
    timeline, start = walk.timeline, session.massage.started_at
    first = bisect_left(timeline.moments, start - walk.parameters.acute_phase.window)
    return timeline.entries[first : bisect_right(timeline.moments, start)]


def _nerve_signs(walk: Walk, entries: Sequence[Entry]) -> list[Fact]:
    """The scores that reach their threshold, sign by sign."""
    limits = walk.parameters.acute_phase
    thresholds = {score: getattr(limits, score) for score in _SCORES}
    return [
        Fact(entry, score, value)
        for score, least in thresholds.items()
        for entry in entries
        if (value := getattr(entry, score)) is not None and value >= least
    ]


def _tells_of_nerves(entry: Entry) -> bool:
    return any(getattr(entry, score) is not None for score in _SCORES)


def _nerve_trigger(session: Session, signs: Sequence[Fact]) -> Trigger:
    names = list(dict.fromkeys(fact.field for fact in signs))
    return _trigger(session, "hold.acute_nerve_signs", (session.fact, *signs), signs=names)


def _trigger(
    session: Session, text_key: str, facts: tuple[Fact, ...], **parameters: object
) -> Trigger:
    return Trigger(
        position=session.massage.position,
        level=_HOLD,
        text_key=text_key,
        facts=facts,
        subject=session.massage.id,
        parameters=parameters,
    )


def no_longer_acute(walk: Walk, episode: Episode) -> Position:
    """Where R11 ends: once the phase is over, or allowed if no nerve signs speak; or in time."""
    session = session_of(walk, episode)
    over = expiry(walk, episode)
    for position, profile in profiles_from(walk, episode.newest):
        if not _is_standing(walk, session, profile):
            return min(position, over)
    return over


def _is_standing(walk: Walk, session: Session, profile: Profile) -> bool:
    """Whether either reason holds with a phase and an approval; what was felt stays as it was."""
    if not is_acute(profile):
        return False
    is_allowed = _is_allowed(session, profile)
    return not is_allowed or bool(_nerve_signs(walk, _entries_before(walk, session)))


R11: Final = Rule(
    id="R11",
    finds_since=in_acute_phase,
    asked_back=timedelta(days=12),
    clears=no_longer_acute,
)
