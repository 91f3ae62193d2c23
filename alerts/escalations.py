"""What the rules passed on to the clinic, and whether a physician has answered it."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alerts import acts
from alerts.models import AlertEvent, EventKind
from diary.locking import locked
from diary.models import User


def unanswered() -> QuerySet[AlertEvent]:
    """Escalations that no physician has answered since: about an alert, or about the diary."""
    answers = AlertEvent.objects.filter(
        Q(subject=OuterRef("subject")) | Q(subject=None),
        kind=EventKind.SEEN_BY_CLINIC,
        patient=OuterRef("patient"),
        rule=OuterRef("rule"),
        at__gte=OuterRef("at"),
    )
    about_alert = Q(alert__ended_at=None, alert__seen_by_clinic_at=None)
    return AlertEvent.objects.filter(
        Q(alert__isnull=False) & about_alert | Q(alert=None) & ~Exists(answers),
        kind=EventKind.ESCALATED,
    )


def answer(event: AlertEvent, *, by: User) -> None:
    """A physician takes care of what was passed on; said again, it changes nothing."""
    if event.alert_id:
        acts.see(alert_id=event.alert_id, patient_id=event.patient_id, by=by)
        return
    with transaction.atomic(durable=True):
        _patient, now = locked(event.patient_id)
        if unanswered().filter(pk=event.pk).exists():
            AlertEvent.objects.create(
                patient_id=event.patient_id,
                kind=EventKind.SEEN_BY_CLINIC,
                at=now,
                rule=event.rule,
                subject=event.subject,
                level=event.level,
                text_key=event.text_key,
                by=by,
            )
