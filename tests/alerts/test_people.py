"""Who is told: the patient, the physician, the backup, and whoever is on call."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from alerts import messages, people
from alerts.models import (
    AlertEvent,
    Delivery,
    DeliveryState,
    EventKind,
    Incident,
    PushDevice,
)
from alerts.people import Rung
from diary.locking import database_now
from diary.models import CareRelationship, Patient, User
from tests.alerts import diaries
from tests.alerts.diaries import at, new_phone, new_physician
from tests.phones import at_once
from tests.sinks.push import PushSink


def an_event(patient: Patient, kind: EventKind = EventKind.OPENED, **fields: Any) -> AlertEvent:
    fields = {"rule": "R01", "level": 4, "text_key": "emergency.cauda_equina", **fields}
    return AlertEvent.objects.create(patient=patient, kind=kind, at=database_now(), **fields)


def owe(event: AlertEvent) -> None:
    messages.owe(event.patient, [event], at=event.at)


def told(patient: Patient) -> list[str]:
    """Who is owed a message, in the order of the ladder."""
    names = []
    for delivery in Delivery.objects.filter(patient=patient).order_by("created_at", "pk"):
        is_own = delivery.recipient == patient.user
        names.append("patient" if is_own else _name(delivery.recipient))
    return sorted(names)


def _name(recipient: User | None) -> str:
    return recipient.name if recipient else "on call"


def end(delivery: Delivery, state: DeliveryState = DeliveryState.DEAD) -> None:
    """As delivery does: the row ends, and the next person is told in the same transaction."""
    Delivery.objects.filter(pk=delivery.pk).update(state=state, ended_at=Now())
    messages.pass_on(delivery, at=database_now())


def mail_to(recipient: User | None) -> Delivery:
    return Delivery.objects.get(recipient=recipient, channel="email", event__isnull=False)


def causes() -> list[str]:
    return sorted(Incident.objects.filter(kind="nobody_to_tell").values_list("cause", flat=True))


# --- The ladder ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (EventKind.OPENED, {}, ["doctor", "patient"]),
        (EventKind.RAISED, {"level": 3}, ["doctor", "patient"]),
        (EventKind.OPENED, {"level": 2}, ["patient"]),
        (EventKind.REMINDER, {}, ["doctor", "patient"]),
        (EventKind.REMINDER, {"rule": "R22", "text_key": "chase.patient"}, ["patient"]),
        (EventKind.ESCALATED, {"rule": "R22", "text_key": "chase.backup"}, ["backup"]),
        (EventKind.ESCALATED, {"rule": "R21", "level": 3}, ["doctor"]),
        (EventKind.ESCALATED, {"rule": "R20", "level": 2}, []),
        (EventKind.CLEARED, {}, []),
    ],
)
@pytest.mark.usefixtures("doctor", "backup")
def test_each_event_is_told_to_whom_it_is_for(
    patient: Patient, kind: EventKind, fields: dict[str, Any], expected: list[str]
) -> None:
    owe(an_event(patient, kind, **fields))
    assert told(patient) == expected
    assert not Incident.objects.exists()


def test_an_empty_rung_passes_on_at_once(patient: Patient, backup: User) -> None:
    owe(an_event(patient))
    assert told(patient) == ["backup", "patient"]
    assert not Incident.objects.exists()
    backup.is_active = False
    backup.save(update_fields=["is_active"])
    owe(an_event(patient, EventKind.RAISED))
    assert told(patient) == ["backup", "on call", "patient", "patient"]
    assert causes() == ["no physician"]


@pytest.mark.usefixtures("doctor")
def test_without_a_backup_what_nobody_answered_goes_to_who_is_on_call(patient: Patient) -> None:
    owe(an_event(patient, EventKind.ESCALATED, rule="R22", text_key="chase.backup"))
    assert told(patient) == ["on call"]
    assert causes() == ["no backup"]


def test_of_a_patient_who_cannot_be_reached_the_clinic_hears_at_once(
    patient: Patient, doctor: User
) -> None:
    User.objects.filter(pk=patient.user_id).update(is_active=False)
    owe(an_event(patient, EventKind.REMINDER, rule="R22", text_key="chase.patient"))
    assert told(patient) == ["doctor"]
    assert causes() == ["patient unreachable"]
    assert Delivery.objects.get(incident__isnull=False).recipient is None
    assert doctor.is_active


@pytest.mark.usefixtures("doctor")
def test_the_services_own_patient_troubles_nobody(patient: Patient) -> None:
    Patient.objects.update(is_canary=True)
    patient.refresh_from_db()
    event = an_event(patient)
    owe(event)
    owe(an_event(patient, EventKind.ESCALATED, rule="R22"))
    end(Delivery.objects.get())
    assert told(patient) == ["patient"]
    assert not Incident.objects.exists()


def test_whom_to_tell_is_one_question_however_many_there_are(patient: Patient) -> None:
    for number in range(3):
        new_physician(patient, role="backup")
        PushDevice.objects.create(
            patient=patient,
            device_id=uuid4(),
            kind="webpush",
            endpoint_digest=bytes([number]),
            registered_at=at(),
        )
    with CaptureQueriesContext(connection) as asked:
        reach = people.reach_of(patient)
    assert (len(asked), len(reach.devices), len(reach.next_physicians(Rung.PRIMARY))) == (1, 3, 3)


# --- Passing on ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.CANCELLED])
def test_what_ends_unsent_climbs_the_ladder_to_its_end(
    patient: Patient, doctor: User, backup: User, state: DeliveryState
) -> None:
    owe(an_event(patient))
    for who in (doctor, backup):
        end(mail_to(who), state)
    assert told(patient) == ["backup", "doctor", "on call", "patient"]
    assert causes() == ["nobody reached"]
    end(mail_to(None), state)
    assert len(told(patient)) == 4


def test_nobody_else_is_told_while_one_of_the_rung_can_be_reached(
    patient: Patient, push_service: PushSink, doctor: User
) -> None:
    new_phone(patient, push_service)
    owe(an_event(patient, EventKind.REMINDER, rule="R22", text_key="chase.patient"))
    push, mail = Delivery.objects.order_by("-channel")
    end(push)
    assert told(patient) == ["patient", "patient"]
    end(mail)
    assert told(patient) == ["doctor", "patient", "patient"]
    end(mail)
    assert told(patient) == ["doctor", "patient", "patient"]
    assert not causes()
    assert doctor.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_messages_that_end_at_once_one_passes_on(
    patient: Patient, push_service: PushSink, doctor: User
) -> None:
    new_phone(patient, push_service)
    owe(an_event(patient, EventKind.REMINDER, rule="R22", text_key="chase.patient"))
    both_ended = Barrier(2)

    def end_beside_the_other(delivery: Delivery) -> None:
        with transaction.atomic(durable=True):
            rows = Delivery.objects.filter(pk=delivery.pk)
            rows.update(state=DeliveryState.DEAD, ended_at=Now())
            both_ended.wait(10)
            messages.pass_on(delivery, at=database_now())

    at_once(*(partial(end_beside_the_other, each) for each in Delivery.objects.all()))
    assert told(patient) == ["doctor", "patient", "patient"]
    assert doctor.is_active


def test_a_new_physician_takes_the_place_of_the_one_who_left(
    patient: Patient, doctor: User, backup: User
) -> None:
    owe(an_event(patient))
    CareRelationship.objects.filter(physician=doctor).update(ended_at=database_now())
    new_physician(patient, name="newcomer")
    assert not people.may_be_told(mail_to(doctor))
    end(mail_to(doctor), DeliveryState.CANCELLED)
    assert told(patient) == ["doctor", "newcomer", "patient"]
    assert backup.is_active


def test_below_doctor_nobody_else_is_told(patient: Patient, doctor: User) -> None:
    owe(an_event(patient, level=2))
    end(Delivery.objects.get())
    assert told(patient) == ["patient"]
    assert doctor.is_active


# --- Entitlement --------------------------------------------------------------------------------


def _physician_deactivated(delivery: Delivery) -> None:
    assert delivery.recipient is not None
    User.objects.filter(pk=delivery.recipient.pk).update(is_active=False)


def _care_ended(_: Delivery) -> None:
    CareRelationship.objects.update(ended_at=Now())


def _nothing(_: Delivery) -> None:
    """Nothing happens."""


@pytest.mark.parametrize(
    ("change", "may"),
    [(_nothing, True), (_physician_deactivated, False), (_care_ended, False)],
)
def test_a_physician_hears_of_the_patient_while_they_are_responsible(
    patient: Patient, doctor: User, change: Callable[[Delivery], None], *, may: bool
) -> None:
    owe(an_event(patient))
    change(mail_to(doctor))
    assert people.may_be_told(mail_to(doctor)) is may


def test_a_phone_that_is_somebody_elses_now_gets_nothing(
    patient: Patient, push_service: PushSink
) -> None:
    phone = new_phone(patient, push_service)
    owe(an_event(patient))
    push = Delivery.objects.get(device=phone)
    assert people.may_be_told(push)
    PushDevice.objects.update(patient=diaries.new_patient())
    assert not people.may_be_told(Delivery.objects.get(device=phone))
    User.objects.filter(pk=patient.user_id).update(is_active=False)
    assert not people.may_be_told(Delivery.objects.get(recipient=patient.user, device=None))
