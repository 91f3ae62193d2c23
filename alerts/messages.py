"""Who must be told of an event: one delivery for each endpoint of the person."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts import incidents
from alerts.models import (
    AlertEvent,
    Channel,
    Delivery,
    DeviceKind,
    EventKind,
    IncidentKind,
    PushDevice,
)
from diary.models import Patient

# What the patient hears of; the end of an alert is no reason to ring.
_TOLD = (EventKind.OPENED, EventKind.RAISED, EventKind.REMINDER, EventKind.NOTICE)
_CHANNEL_OF = {DeviceKind.WEBPUSH: Channel.WEBPUSH}


def owe(patient: Patient, events: Iterable[AlertEvent], *, at: datetime) -> list[UUID]:
    """Write a delivery for each event the patient must hear of; their ids come back."""
    told = _worth_telling(event for event in events if event.kind in _TOLD)
    if not told:
        return []
    devices = PushDevice.objects.filter(
        patient=patient, retired_at=None, kind__in=list(_CHANNEL_OF)
    )
    endpoints: list[tuple[Channel, PushDevice | None]] = [
        (_CHANNEL_OF[DeviceKind(device.kind)], device) for device in devices
    ]
    if patient.user.is_active:
        endpoints.append((Channel.EMAIL, None))
    if not endpoints:
        cause = f"level {max(event.level for event in told)}"
        kind = IncidentKind.NOBODY_TO_TELL
        incidents.report(patient=patient, kind=kind, cause=cause, at=at)
    deliveries = [
        Delivery(
            patient=patient,
            event=event,
            recipient=patient.user,
            channel=channel,
            device=device,
            level=event.level,
            created_at=at,  # an event may lie back: it fell due while nobody looked
            due_at=at,
        )
        for event in told
        for channel, device in endpoints
    ]
    # An event is told once through each endpoint, whoever else finds it at the same time.
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return [delivery.pk for delivery in deliveries]


def _worth_telling(events: Iterable[AlertEvent]) -> list[AlertEvent]:
    """Of reminders that fell due while nobody looked, the newest says what the others said."""
    newest: dict[object, AlertEvent] = {}
    for event in events:
        says_it_again = event.kind == EventKind.REMINDER and event.text_key
        what = (event.rule, event.subject, event.alert_id, says_it_again or event.pk)
        newest[what] = event
    return list(newest.values())


def is_reachable(device: PushDevice) -> bool:
    """Whether this server has a channel to devices of this kind."""
    return device.kind in _CHANNEL_OF
