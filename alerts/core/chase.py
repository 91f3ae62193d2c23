"""R22, the chase: an urgent alert is said again until somebody has acknowledged it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from alerts.core.parameters import Chase
from alerts.core.standing import OpenAlert, Standing, Told
from alerts.core.walk import Message, Rule, Walk

_DOCTOR: Final = 3
_EMERGENCY: Final = 4
_REMINDER: Final = "reminder"  # to the patient
_ESCALATED: Final = "escalated"  # to the next physician
_TEXT_KEYS: Final = {_REMINDER: "chase.patient", _ESCALATED: "chase.backup"}


def chase(walk: Walk, after: Standing) -> Iterator[Message]:
    """R22 (row #14): what falls due at this moment for the urgent alerts, each thing once."""
    for alert, event, at in _calls(walk, after):
        if at != walk.now:
            continue
        told = Told("R22", alert.subject, f"{alert.rule} {event}", at)
        if told not in after.told:
            yield Message(
                event=event,
                level=alert.level,
                text_key=_TEXT_KEYS[event],
                evidence=alert.evidence,
                subject=alert.subject,
                told=told,
                chased=alert.rule,
            )


def due_calls(walk: Walk, after: Standing) -> Iterator[datetime]:
    """The moments ahead at which an urgent alert is said again, if nothing else happens."""
    return (at for _, _, at in _calls(walk, after) if at > walk.now)


def _calls(walk: Walk, after: Standing) -> Iterator[tuple[OpenAlert, str, datetime]]:
    """Alert, event and moment of each call that no acknowledgement came before.

    One at the moment of the call comes after it: what is due at a moment is seen to first.
    """
    limits = walk.parameters.chase
    for alert in after.alerts:
        for wait in _patient_waits(alert.level, limits):
            if not _is_before(alert.read_at, alert.told_at + wait):
                yield alert, _REMINDER, alert.told_at + wait
        for wait in _clinic_waits(alert.level, limits):
            if not _is_before(alert.seen_at, alert.clinic_told_at + wait):
                yield alert, _ESCALATED, alert.clinic_told_at + wait


def _patient_waits(level: int, limits: Chase) -> tuple[timedelta, ...]:
    if level == _EMERGENCY:
        return (limits.emergency_first, limits.emergency_second, limits.emergency_third)
    return (limits.doctor_again,) if level == _DOCTOR else ()


def _clinic_waits(level: int, limits: Chase) -> tuple[timedelta, ...]:
    if level == _EMERGENCY:
        return (limits.emergency_backup,)
    return (limits.doctor_backup,) if level == _DOCTOR else ()


def _is_before(acknowledged_at: datetime | None, moment: datetime) -> bool:
    return acknowledged_at is not None and acknowledged_at < moment


R22: Final = Rule(id="R22", says=chase, due=due_calls)
