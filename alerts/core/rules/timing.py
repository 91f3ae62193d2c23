"""R15: a massage at the wrong time of the day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from alerts.core.records import Massage
from alerts.core.rules.findings import Session, Sessions, expiry
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {0: "info.no_exercise_today", 1: "adjust.timing"}
_NO_TIME: Final = timedelta(0)


def poorly_timed(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R15 (rows #64-#66): after lifting or long sitting, or with sports on the same day."""
    refractory = walk.parameters.timing.refractory
    newest: dict[int, datetime] = {}  # the last massage with a trigger of each level
    for place, massage in enumerate(walk.timeline.massages):
        if _says_nothing(massage):
            continue
        if massage.sitting_ended_at is None and _has_sat_long(walk, massage):
            yield NotEvaluable(
                because="no end of the long sitting before the massage",
                position=massage.position,
                subject=massage.id,
            )
        trigger = _judged(walk, walk.once(Sessions).at(place))
        if trigger is None:
            continue
        since = (at for level, at in newest.items() if level >= trigger.level)
        if all(massage.ended_at - at >= refractory for at in since):
            newest[trigger.level] = massage.ended_at
            yield trigger


def _says_nothing(massage: Massage) -> bool:
    """Whether neither lifting nor sitting before it nor sports on its day are told: mostly so."""
    return not (
        massage.exercise_same_day or massage.heavy_lifting_ended_at or massage.sitting_minutes
    )


def _judged(walk: Walk, session: Session) -> Trigger | None:
    before = list(_before_start(walk, session.massage))
    sports = _sports(session)
    if not before and not sports:
        return None
    level = 1 if before or len(sports) > 1 else 0
    return Trigger(
        position=session.massage.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=(*(fact for _, fact in before), *sports),
        subject=session.massage.id,
        parameters={"what": [*(what for what, _ in before), *(["exercise"] if sports else [])]},
    )


def _before_start(walk: Walk, massage: Massage) -> Iterator[tuple[str, Fact]]:
    """Lifting or long sitting that had ended shortly before the start."""
    limits = walk.parameters.timing
    lifted_until, sat_until = massage.heavy_lifting_ended_at, massage.sitting_ended_at
    if lifted_until and _is_just_before(massage, lifted_until, limits.lifting_within):
        yield "lifting", Fact(massage, "heavy_lifting_ended_at", lifted_until)
    if not _has_sat_long(walk, massage):
        return
    if sat_until and _is_just_before(massage, sat_until, limits.sitting_within):
        yield "sitting", Fact(massage, "sitting_minutes", massage.sitting_minutes)


def _has_sat_long(walk: Walk, massage: Massage) -> bool:
    minutes = massage.sitting_minutes
    return minutes is not None and minutes >= walk.parameters.timing.sitting_at_least


def _is_just_before(massage: Massage, at: datetime, within: timedelta) -> bool:
    """Whether a moment lies before the start of a massage, by no more than so much."""
    return _NO_TIME <= massage.started_at - at <= within


def _sports(session: Session) -> list[Fact]:
    """Sports on the day of the massage, and then also on that of the two massages before."""
    massages = [session.massage, *(earlier.massage for earlier in session.before)]
    if not session.massage.exercise_same_day:
        return []
    return [Fact(m, "exercise_same_day", value=True) for m in massages if m.exercise_same_day]


R15: Final = Rule(id="R15", finds=poorly_timed, clears=expiry, is_dose_advice=True)
