"""Patients whose diary begins now, and what they write."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from alerts import delivery, evaluation, tasks
from alerts.models import Delivery, DeliveryState, Watch
from diary.consent import required_version
from diary.drafts import EntryDraft, MassageDraft
from diary.locking import database_now
from diary.models import CareRelationship, Consent, Patient, ProfileChange, User
from diary.models.people import CareRole
from diary.services import records
from tests.alerts import diaries
from tests.alerts.conftest import Bell
from tests.faults.figures import size
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

# Real commits, seen by every thread; the full sizes take their time.
FAULT = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(size(ci=120, full=7200)),
]
YESTERDAY = timedelta(hours=30)
RED: dict[str, Any] = {"red_flags": {"bladder": "new_or_worse"}}


def new_patient(**fields: Any) -> Patient:
    """A patient of a physician, who consented two days ago; messages may ring at any hour."""
    patient = diaries.new_patient(consented=False, approved=False, **fields)
    since = database_now() - timedelta(days=2)
    ProfileChange.objects.create(patient=patient, at=since, fields=diaries.APPROVED)
    Consent.objects.create(patient=patient, version=required_version(), given_at=since)
    care = {"physician": doctor(), "role": CareRole.PRIMARY, "began_at": since}
    CareRelationship.objects.create(patient=patient, **care)
    return patient


def doctor() -> User:
    """The physician of all of them."""
    known, _ = User.objects.get_or_create(email="doctor@clinic.example", is_staff=True)
    return known


def entry(*, ago: timedelta = timedelta(0), **said: Any) -> dict[str, Any]:
    """The body of an entry, felt some time ago by the database's clock."""
    return {"id": str(uuid4()), "symptom_at": (database_now() - ago).isoformat(), **said}


def write(patient: Patient, body: dict[str, Any]) -> records.Written:
    """Write an entry as a request does."""
    return records.put(patient_id=patient.pk, draft=EntryDraft.parse(body, uuids=True))


def massaged(patient: Patient, *, ago: timedelta) -> None:
    """Write a massage that was over some time ago."""
    ended = database_now() - ago
    body = {
        "id": str(uuid4()),
        "started_at": (ended - timedelta(minutes=20)).isoformat(),
        "ended_at": ended.isoformat(),
        "setting": "professional",
        "pain_before": 3,
    }
    records.put(patient_id=patient.pk, draft=MassageDraft.parse(body, uuids=True))


def owed_now() -> list[UUID]:
    """The deliveries that are due."""
    due = Delivery.objects.filter(state=DeliveryState.OWED, due_at__lte=database_now())
    return list(due.order_by("-level", "due_at").values_list("pk", flat=True))


def drain(*, rounds: int = 20) -> None:
    """Evaluate and deliver until nothing is due."""
    for _ in range(rounds):
        watches = Watch.objects.filter(due_at__lte=database_now()).values_list("pk", flat=True)
        for patient_id in list(watches):
            evaluation.evaluate(patient_id=patient_id)
        owed = owed_now()
        for key in owed:
            delivery.deliver(key)
        if not watches and not owed:
            return
    raise AssertionError(f"still due after {rounds} rounds")


def shuffled(rng: random.Random, bodies: list[Any]) -> list[Any]:
    """The same in another order."""
    return rng.sample(bodies, len(bodies))


@contextmanager
def doorbell(*, away: bool = False) -> Iterator[Bell]:
    """A broker that takes everything and has no worker, or is away."""
    with patch.object(tasks, "_doorbell", Bell()) as bell:
        bell.is_away = away
        yield bell


@contextmanager
def mail_server() -> Iterator[SmtpSink]:
    """A mail server, to which the service sends."""
    with SmtpSink() as sink, override_settings(**_mail_at(sink)):
        yield sink


def _mail_at(sink: SmtpSink) -> dict[str, Any]:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"EMAIL_BACKEND": backend, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": sink.port}


@contextmanager
def push_service() -> Iterator[PushSink]:
    """A push service that the phones of the test subscribe at."""
    with PushSink() as sink, override_settings(WEBPUSH_ALLOW_LOOPBACK=True):
        yield sink


def nudged(bell: Bell) -> list[partial[None]]:
    """What a worker would do that hears the bell; the bell is silent again afterwards."""
    heard, bell.rung = bell.rung, []
    return [_task(said) for said in heard]


def _task(said: str) -> partial[None]:
    name, key = said.split()
    if name == "evaluate":
        return partial(tasks.evaluate, patient_id=key)
    return partial(tasks.deliver, delivery_id=key)
