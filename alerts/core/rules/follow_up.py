"""R20: the question after a massage, asked again, and what follows if it stays unanswered."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts.core.days import after_quiet_hours
from alerts.core.records import Entry, Massage
from alerts.core.response import Response, responses
from alerts.core.standing import Standing, Told
from alerts.core.verdicts import Fact, as_evidence
from alerts.core.walk import Message, Rule, Walk

FIRST: Final = "first"
SECOND: Final = "second"
MISSING: Final = "missing"
# By whether pain had already risen on the first day.
_REMINDERS: Final = {False: "remind.followup", True: "remind.followup_after_rise"}


def remind_follow_up(walk: Walk, after: Standing) -> Iterator[Message]:
    """R20 (rows #69, #70): two reminders, then the list of the staff; each at its moment only."""
    for massage, event, at in _asks(walk, after):
        if at != walk.now or massage.received.at >= at:
            continue
        response = walk.once(responses)[massage.id]
        rises = response.early_rises()
        if event != MISSING:
            yield _message(walk, massage, event, _REMINDERS[bool(rises)], **_rise(response, rises))
        elif rises or after.is_on_hold():
            what = "early_rise" if rises else "open_alert"
            yield _message(walk, massage, event, "staff.followup_missing", what=what)


def _rise(response: Response, rises: Sequence[Entry]) -> Mapping[str, object]:
    """What the text on a rise names: the newest one, and what it is compared with."""
    if not rises:
        return {}
    return {"value": rises[-1].pain, "reference": response.reference.value}


def due_follow_up(walk: Walk, after: Standing) -> Iterator[datetime]:
    """The moments ahead at which R20 asks again, or gives up."""
    return (at for _, _, at in _asks(walk, after) if at > walk.now)


def _asks(walk: Walk, after: Standing) -> Iterator[tuple[Massage, str, datetime]]:
    """What is still to be said at or after this step: massage, event and due moment."""
    told = {(told.subject, told.event) for told in after.told if told.rule == "R20"}
    for massage in _recent(walk):
        response = walk.once(responses)[massage.id]
        if response.observations(response.limits.window_1, response.limits.window_3):
            continue
        for event, at in _due_moments(walk, massage):
            if at >= walk.now and (massage.id, event) not in told:
                yield massage, event, at


def _recent(walk: Walk) -> Iterable[Massage]:
    """The massages whose last due moment does not lie behind."""
    oldest = walk.now - walk.parameters.follow_up.missing_after
    timeline = walk.timeline
    # A microsecond less, so that the massage whose last moment is now is among them.
    first = bisect_right(timeline.massage_ends, oldest - timedelta.resolution)
    return timeline.massages[first:]


def _due_moments(walk: Walk, massage: Massage) -> Iterable[tuple[str, datetime]]:
    limits = walk.parameters.follow_up
    first = _after_quiet_hours(walk, massage.ended_at + limits.first_after)
    return (
        (FIRST, min(first, massage.ended_at + limits.first_at_latest)),
        (SECOND, _after_quiet_hours(walk, massage.ended_at + limits.second_after)),
        (MISSING, massage.ended_at + limits.missing_after),
    )


def _after_quiet_hours(walk: Walk, moment: datetime) -> datetime:
    """A moment, or the end of the quiet hours it falls in (zone and hours valid at the moment)."""
    profiles = walk.timeline.profiles
    start, end = profiles.at(moment).quiet_hours
    return after_quiet_hours(moment, zone=profiles.days.zone_at(moment), start=start, end=end)


def _message(
    walk: Walk, massage: Massage, event: str, text_key: str, **parameters: object
) -> Message:
    ended_at = Fact(massage, "ended_at", massage.ended_at)
    return Message(
        event="escalated" if event == MISSING else "reminder",
        level=2 if event == MISSING else 0,
        text_key=text_key,
        evidence=as_evidence([ended_at]),
        subject=massage.id,
        told=Told("R20", massage.id, event, walk.now),
        parameters=parameters,
    )


R20: Final = Rule(id="R20", says=remind_follow_up, due=due_follow_up)
