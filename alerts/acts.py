"""What people do with alerts: read them, see to them, close them. Each act is kept."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from alerts import evaluation, tasks
from alerts.models import Alert, AlertEvent, AlertStatus, EventKind
from diary.locking import locked
from diary.models import Patient, User


class AlreadyEnded(Exception):
    """The alert is over; there is nothing left to do with it."""


def acknowledge(
    *, alert_id: UUID, patient_id: UUID, by: User, note: str = "", at: datetime | None = None
) -> Alert:
    """The patient has read an alert; said again, it changes nothing.

    Raises Alert.DoesNotExist for an alert that is not this patient's.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        alert = Alert.objects.get(pk=alert_id, patient=patient)
        if alert.acknowledged_at is None and alert.ended_at is None:
            now = at or clock
            alert.acknowledged_at, alert.status = now, AlertStatus.ACKNOWLEDGED
            alert.save(update_fields=["acknowledged_at", "status"])
            _keep(alert, EventKind.ACKNOWLEDGED, by=by, at=now, reason=note)
            _follow(alert, patient, now)
    return alert


def see(*, alert_id: UUID, patient_id: UUID, by: User, at: datetime | None = None) -> Alert:
    """A physician has seen an alert and takes care of it; said again, it changes nothing."""
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        alert = Alert.objects.get(pk=alert_id, patient=patient)
        if alert.seen_by_clinic_at is None and alert.ended_at is None:
            now = at or clock
            alert.seen_by_clinic_at = now
            alert.save(update_fields=["seen_by_clinic_at"])
            _keep(alert, EventKind.SEEN_BY_CLINIC, by=by, at=now)
            _follow(alert, patient, now)
    return alert


def receipt(
    *, alert_id: UUID, patient_id: UUID, by: User, kind: EventKind, at: datetime | None = None
) -> Alert:
    """The app showed an alert, or its patient opened it; said again, it changes nothing.

    Each counts once for each time the alert spoke. A time before the alert or ahead of our clock
    is moved to the nearest one that can be: a phone whose clock is wrong has shown it all the same.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        alert = Alert.objects.get(pk=alert_id, patient=patient)
        moment = max(min(at or clock, clock), alert.opened_at)
        since = min(alert.told_at, moment)
        known = AlertEvent.objects.filter(alert=alert, kind=kind, at__gte=since)
        if not known.exists():
            _keep(alert, kind, by=by, at=moment)
    return alert


def close(
    *, alert_id: UUID, patient_id: UUID, by: User, reason: str, at: datetime | None = None
) -> Alert:
    """A physician closes an alert with a reason: every open alert of its rule ends.

    A close answers all that had arrived; the engine lets only later records open it again.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        alert = Alert.objects.get(pk=alert_id, patient=patient)
        if alert.ended_at is not None:
            raise AlreadyEnded
        now = at or clock
        _keep(alert, EventKind.CLOSED, by=by, at=now, reason=reason)
        _follow(alert, patient, now)
    return alert


def _follow(alert: Alert, patient: Patient, now: datetime) -> None:
    """Let the engine draw the consequences before anybody looks again."""
    for owed in evaluation.bring_up_to_date(patient, now=now):
        transaction.on_commit(partial(tasks.nudge_delivery, owed), robust=True)
    alert.refresh_from_db()


def _keep(alert: Alert, kind: EventKind, *, by: User, at: datetime, reason: str = "") -> None:
    AlertEvent.objects.create(
        patient_id=alert.patient_id,
        alert=alert,
        kind=kind,
        at=at,
        rule=alert.rule,
        subject=alert.subject,
        level=alert.level,
        text_key=alert.text_key,
        by=by,
        reason=reason,
    )
