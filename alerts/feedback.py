"""What a patient says of an alert's advice: whether it helped, and what was done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.models import Alert, AlertEvent, Did, EventKind
from diary.locking import locked
from diary.models import User


def give(  # noqa: PLR0913 - an act, and everything in it has its name
    *,
    alert_id: UUID,
    patient_id: UUID,
    by: User,
    helpful: bool | None = None,
    did: Did | None = None,
    at: datetime | None = None,
) -> Alert:
    """Keep what is said, also of an alert that is over; what is left out stays as it was.

    The last word counts, and each change is an event; said again, it changes nothing. Raises
    Alert.DoesNotExist for an alert that is not this patient's.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        alert = Alert.objects.get(pk=alert_id, patient=patient)
        before = (alert.helpful, alert.did)
        alert.helpful = alert.helpful if helpful is None else helpful
        alert.did = alert.did if did is None else did
        if (alert.helpful, alert.did) != before:
            alert.save(update_fields=["helpful", "did"])
            _keep(alert, by=by, at=at or clock)
    return alert


def worded(alert: Alert) -> str:
    """What is said of an alert now, in the words of the vocabulary."""
    helped = {True: "helpful", False: "not helpful", None: ""}[alert.helpful]
    did = Did(alert.did).label.lower() if alert.did else ""
    return ", ".join(filter(None, (helped, did)))


def _keep(alert: Alert, *, by: User, at: datetime) -> None:
    AlertEvent.objects.create(
        patient_id=alert.patient_id,
        alert=alert,
        kind=EventKind.FEEDBACK,
        at=at,
        rule=alert.rule,
        subject=alert.subject,
        level=alert.level,
        text_key=alert.text_key,
        by=by,
        reason=worded(alert),
    )
