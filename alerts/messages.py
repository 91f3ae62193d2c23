"""Who must be told of an event: the patient through each endpoint, and the clinic by its ladder."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts import incidents, people, providers, schedule
from alerts.models import (
    AlertEvent,
    Channel,
    Delivery,
    DeliveryState,
    EventKind,
    IncidentKind,
    Level,
    PushDevice,
)
from alerts.people import Reach, Rung
from diary.models import Patient

PUSH_OFF = "account.push_off"
# What the patient hears of; the end of an alert is no reason to ring.
_TOLD = (EventKind.OPENED, EventKind.RAISED, EventKind.REMINDER, EventKind.NOTICE)
_RED_FLAGS = ("R01", "R02")
_NOBODY = {Rung.PRIMARY: "no physician", Rung.BACKUP: "no backup"}

_Endpoint = tuple[Channel, PushDevice | None]


def owe(patient: Patient, events: Iterable[AlertEvent], *, at: datetime) -> list[UUID]:
    """Write a delivery for each person and endpoint that must hear of it; their ids come back."""
    events = list(events)
    told = _worth_telling(event for event in events if event.kind in _TOLD)
    passed_on = [event for event in events if event.kind == EventKind.ESCALATED]
    if not told and not passed_on:
        return []
    reach = people.reach_of(patient)
    endpoints = _endpoints(reach)
    if told and not endpoints:
        _report(patient, "patient unreachable", at=at)
    deliveries = [
        _delivery(event, patient, patient.user_id, channel=channel, device=device, at=at)
        for event in told
        for channel, device in _wanted(endpoints, event, patient)
    ]
    for event in [*told, *passed_on]:
        first = _first_rung(event, patient, is_reachable=bool(endpoints))
        if first is not None:
            physicians = reach.next_physicians(first)
            deliveries += _to_clinic(event, patient, physicians, nobody=_NOBODY[first], at=at)
    return _written(deliveries)


def pass_on(delivery: Delivery, *, at: datetime) -> list[UUID]:
    """Tell the next person of an urgent event, if a message about it ended without being sent.

    For the transaction in which it ended. While anybody of the same rung, or of the clinic, is
    owed the message or was given it, nobody else is told.
    """
    event, patient = delivery.event, delivery.patient
    if event is None or patient is None or event.level < Level.DOCTOR or patient.is_canary:
        return []
    # The last two messages may end at once: whoever comes second must see the end of the first.
    AlertEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    rows = list(Delivery.objects.filter(event=event).values_list("recipient", "state"))
    told = {recipient for recipient, _ in rows}
    standing = (DeliveryState.OWED, DeliveryState.ACCEPTED)
    reached = {recipient for recipient, state in rows if state in standing}
    if delivery.recipient_id != patient.user_id:
        reached.discard(patient.user_id)  # that the patient knows does not tell the clinic
    if reached or None in told:
        return []
    first = Rung.BACKUP if _is_for_backup(event) else Rung.PRIMARY
    physicians = people.reach_of(patient).next_physicians(first, told=told)
    return _written(_to_clinic(event, patient, physicians, nobody="nobody reached", at=at))


def tell_push_off(device: PushDevice, *, at: datetime) -> list[UUID]:
    """Tell the owner of a device by mail that its provider takes no messages for it any more."""
    event = AlertEvent.objects.create(
        patient=device.patient, kind=EventKind.NOTICE, at=at, level=Level.INFO, text_key=PUSH_OFF
    )
    return owe(device.patient, [event], at=at)


def _endpoints(reach: Reach) -> list[_Endpoint]:
    """Through what the patient can be told; nothing goes to an account that is closed."""
    if not reach.account_is_active:
        return []
    phones: list[_Endpoint] = [
        (device.channel, device)
        for device in reach.devices
        if providers.is_configured(device.channel)
    ]
    if any(channel == Channel.CANARY for channel, _ in phones):
        return phones  # the service's own patient has no mailbox
    return [*phones, (Channel.EMAIL, None)]


def _wanted(endpoints: list[_Endpoint], event: AlertEvent, patient: Patient) -> list[_Endpoint]:
    """By the ways that the patient lets it come.

    A notice about the account goes by mail alone: the app has no page for it.
    """
    if event.kind != EventKind.NOTICE:
        ways = ((people.wants(patient, channel=e[0], level=event.level), e) for e in endpoints)
        return [endpoint for is_wanted, endpoint in ways if is_wanted]
    return [endpoint for endpoint in endpoints if endpoint[0] == Channel.EMAIL]


def _first_rung(event: AlertEvent, patient: Patient, *, is_reachable: bool) -> Rung | None:
    """Where the clinic's ladder begins for an event; None when the clinic is not told."""
    if event.level < Level.DOCTOR or patient.is_canary:
        return None
    if _is_for_backup(event):
        return Rung.BACKUP
    is_said_again = event.kind == EventKind.REMINDER and event.rule not in _RED_FLAGS
    return None if is_said_again and is_reachable else Rung.PRIMARY


def _is_for_backup(event: AlertEvent) -> bool:
    return event.kind == EventKind.ESCALATED and event.rule == "R22"


def _to_clinic(
    event: AlertEvent, patient: Patient, physicians: list[UUID], *, nobody: str, at: datetime
) -> list[Delivery]:
    """A mail to each physician; without any, to whoever is on call, and an incident."""
    if not physicians:
        _report(patient, nobody, at=at, is_told=True)
        return [_delivery(event, patient, None, at=at)]
    return [_delivery(event, patient, physician, at=at) for physician in physicians]


def _report(patient: Patient, cause: str, *, at: datetime, is_told: bool = False) -> None:
    if not patient.is_canary:
        kind = IncidentKind.NOBODY_TO_TELL
        incidents.report(patient=patient, kind=kind, cause=cause, at=at, is_told=is_told)


def _delivery(  # noqa: PLR0913 - a row, and everything in it has its name
    event: AlertEvent,
    patient: Patient,
    recipient_id: UUID | None,
    *,
    channel: Channel = Channel.EMAIL,
    device: PushDevice | None = None,
    at: datetime,
) -> Delivery:
    waits = recipient_id == patient.user_id and event.kind != EventKind.NOTICE
    return Delivery(
        patient=patient,
        event=event,
        recipient_id=recipient_id,
        channel=channel,
        device=device,
        level=event.level,
        created_at=at,  # an event may lie back: it fell due while nobody looked
        due_at=schedule.first_due(patient, level=event.level, at=at) if waits else at,
    )


def _written(deliveries: Iterable[Delivery]) -> list[UUID]:
    """Write the rows; an event is told once through each endpoint, whoever else finds it too."""
    rows = Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return [delivery.pk for delivery in rows]


def _worth_telling(events: Iterable[AlertEvent]) -> list[AlertEvent]:
    """Of reminders that fell due while nobody looked, the newest says what the others said."""
    newest: dict[object, AlertEvent] = {}
    for event in events:
        says_it_again = event.kind == EventKind.REMINDER and event.text_key
        what = (event.rule, event.subject, event.alert_id, says_it_again or event.pk)
        newest[what] = event
    return list(newest.values())
