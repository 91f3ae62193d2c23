"""Patients with a diary, written through the same services as every other client."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db.models import QuerySet
from kombu import pools

from alerts import devices, evaluation, tasks
from alerts.models import Alert, AlertEvent, Delivery, DeviceKind, EventKind, PushDevice, Watch
from alerts.tasks import Doorbell
from config.celery import app
from diary.consent import required_version
from diary.drafts import EntryDraft, MassageDraft
from diary.locking import database_now
from diary.models import CareRelationship, Consent, Patient, ProfileChange, User
from diary.services import records
from tests.sinks.push import PushSink

START = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
BLADDER = {"bladder": "new_or_worse"}
NO_QUIET_HOURS = "00:00-00:00"


def at(*, days: float = 0, hours: float = 0, seconds: float = 0) -> datetime:
    """A moment of the diary, counted from its start."""
    return START + timedelta(days=days, hours=hours, seconds=seconds)


APPROVED = {"phase": "chronic", "doctor_approval": {"status": "physician_confirmed"}}


def new_patient(*, consented: bool = True, approved: bool = True, **fields: Any) -> Patient:
    """A patient with an account of its own; nothing is hashed, so nobody can log in.

    `approved` means that a doctor agrees to massages, as of the day before the story. Messages
    may ring at any hour, so that no test depends on when it runs.
    """
    fields = {"quiet_hours": NO_QUIET_HOURS, **fields}
    user = User.objects.create(email=f"{uuid4()}@example.org", password="!")
    patient = Patient.objects.create(user=user, **fields)
    if approved:
        ProfileChange.objects.create(patient=patient, at=at(days=-1), fields=APPROVED)
    if consented:
        Consent.objects.create(patient=patient, version=required_version(), given_at=START)
    return patient


def new_physician(*patients: Patient, role: str = "primary", name: str = "Dr. A") -> User:
    """A physician who cares for the patients from before the story on."""
    physician = User.objects.create(email=f"{uuid4()}@clinic.example", name=name, is_staff=True)
    for patient in patients:
        CareRelationship.objects.create(
            patient=patient, physician=physician, role=role, began_at=at(days=-1)
        )
    return physician


def told(patient: Patient) -> QuerySet[Delivery]:
    """The messages to the patient: what the clinic is told is left out."""
    return Delivery.objects.filter(recipient=patient.user)


def put_entry(
    patient: Patient,
    moment: datetime,
    *,
    name: UUID | None = None,
    received: datetime | None = None,
    **data: Any,
) -> records.Written:
    """Write an entry that was felt at `moment` and received at once, or at `received`."""
    body = {"id": str(name or uuid4()), "symptom_at": moment.isoformat(), **data}
    draft = EntryDraft.parse(body, uuids=True)
    return records.put(patient_id=patient.pk, draft=draft, at=received or moment)


def put_massage(
    patient: Patient, ended: datetime, *, name: UUID | None = None, **data: Any
) -> records.Written:
    """Write a short massage, received when it ended."""
    body = {
        "id": str(name or uuid4()),
        "started_at": (ended - timedelta(minutes=20)).isoformat(),
        "ended_at": ended.isoformat(),
        "setting": "professional",
        **data,
    }
    draft = MassageDraft.parse(body, uuids=True)
    return records.put(patient_id=patient.pk, draft=draft, at=ended)


def evaluate_all_due(patient: Patient, until: datetime) -> None:
    """What the dispatcher sees to: an evaluation at each moment that falls due."""
    while watch := Watch.objects.filter(patient=patient, due_at__lte=until).first():
        evaluation.evaluate(patient_id=patient.pk, at=watch.due_at)


def new_phone(patient: Patient, service: PushSink, name: str = "phone") -> PushDevice:
    """A phone that is registered for Web Push at a push service of the test."""
    subscription = service.subscribe(name)
    target = devices.Target(
        kind=DeviceKind.WEBPUSH, endpoint=subscription["endpoint"], **subscription["keys"]
    )
    return devices.register(patient_id=patient.pk, device_id=uuid4(), target=target)[0]


def owe_message(patient: Patient, *, level: int = 4, **changes: Any) -> Delivery:
    """A message about the diary that is owed to the patient by email, or as `changes` say."""
    now = database_now() - timedelta(seconds=1)
    kind, key = EventKind.OPENED, "emergency.cauda_equina"
    event = AlertEvent.objects.create(
        patient=patient, kind=kind, at=now, level=level, text_key=key, rule="R01"
    )
    told = {"event": event, "recipient": patient.user, "channel": "email"}
    fields = {**told, "level": level, "created_at": now, "due_at": now, **changes}
    return Delivery.objects.create(patient=patient, **fields)


def new_alert(patient: Patient, *, level: int = 2, **fields: Any) -> Alert:
    """An open alert as the engine would have written it, without the evidence."""
    moments = dict.fromkeys(("onset_at", "opened_at", "told_at", "clinic_told_at"), START)
    words = {"rule": "R08", "rule_version": "1", "text_key": "hold.pain", "text_version": 1}
    rest: dict[str, Any] = {"evidence": [], "parameters": {}, **words, **moments, **fields}
    return Alert.objects.create(patient=patient, level=level, **rest)


@contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Publish to another broker than the session's, as a process that has just started."""
    there = partial(app.connection_for_write, url)
    with (
        patch.object(tasks, "_doorbell", Doorbell()),
        patch.object(app, "connection_for_write", there),
    ):
        _hang_up()
        yield
    _hang_up()


def _hang_up() -> None:
    pools.reset()
    celery: Any = app
    celery._pool = celery.amqp._producer_pool = None
