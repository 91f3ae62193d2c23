"""Whether a message must still go out: asked anew before each try."""

from typing import Final

from alerts import people
from alerts.models import Alert, AlertEvent, Delivery, EventKind, Level
from diary.models import Entry
from diary.queries import has_standing_consent

# Nobody can be reached this way: somebody else must be told instead.
NO_WAY: Final = frozenset({"account_inactive", "device_retired", "not_entitled"})
_CHASE_OF_PATIENT = "chase.patient"
_CHASE_OF_CLINIC = "chase.backup"
_REMINDERS = "remind."


def no_longer_wanted(delivery: Delivery) -> str | None:
    """Why a message must not go out after all, as a code; None when it must."""
    if reason := _no_way(delivery):
        return reason
    event = delivery.event
    if event is None or event.kind == EventKind.NOTICE:
        return None
    if event.text_key in (_CHASE_OF_PATIENT, _CHASE_OF_CLINIC):
        return _answered(event)
    return None if delivery.level >= Level.DOCTOR else _outdated(delivery, event)


def _no_way(delivery: Delivery) -> str | None:
    recipient, device = delivery.recipient, delivery.device
    if recipient and not recipient.is_active:
        return "account_inactive"
    if device and device.retired_at:
        return "device_retired"
    return None if people.may_be_told(delivery) else "not_entitled"


def _answered(event: AlertEvent) -> str | None:
    """Why nobody needs to be told once more of an alert."""
    alert = event.alert
    if alert is None:
        return None
    if alert.ended_at:
        return "alert_ended"
    if event.text_key == _CHASE_OF_CLINIC:
        return "alert_seen" if alert.seen_by_clinic_at else None
    return "alert_read" if alert.acknowledged_at else None


def _outdated(delivery: Delivery, event: AlertEvent) -> str | None:
    """Why something that is not urgent need not be said any more."""
    patient = delivery.patient
    if patient is None or not has_standing_consent(patient):
        return "consent_withdrawn"
    if not people.wants(patient, channel=delivery.channel, level=delivery.level):
        return "switched_off"
    if _is_over(event.alert):
        return "alert_ended"
    is_reminder = event.kind == EventKind.REMINDER and event.text_key.startswith(_REMINDERS)
    if is_reminder and Entry.objects.filter(patient=patient, received_at__gt=event.at).exists():
        return "answered_meanwhile"
    return None


def _is_over(alert: Alert | None) -> bool:
    return alert is not None and alert.ended_at is not None
