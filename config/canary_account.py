"""Whom the canary plays: a patient for two hours, and a physician who cannot log in."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from alerts.models import DeviceKind, PushDevice
from diary.accounts import Enrolment, enrol_patient
from diary.consent import required_version
from diary.models import Patient, User
from diary.services import consent
from diary.services.erasure import erase

# Each walk leaves an alert behind, and after a few hundred an evaluation takes noticeably longer.
LIFETIME = timedelta(hours=2)
_ADDRESS = "{}@canary.invalid"  # no mail can be sent there


@dataclass(frozen=True)
class Account:
    """A patient, and the password that only this process knows."""

    patient: Patient
    email: str
    password: str = field(repr=False)
    until: datetime


def new_account(*, at: datetime) -> Account:
    """Enrol a canary, with a device whose messages are accepted here."""
    email, password = _ADDRESS.format(uuid4()), secrets.token_urlsafe(32)
    patient = enrol_patient(
        Enrolment(
            email=email,
            name="Canary",
            password=password,
            physician=None,
            backup=None,
            profile={},
            consented=False,
        ),
        at=at,
    )
    Patient.objects.filter(pk=patient.pk).update(is_canary=True)
    consent.give(patient_id=patient.pk, version=required_version(), at=at)
    device_id = uuid4()
    PushDevice.objects.create(
        patient=patient,
        device_id=device_id,
        kind=DeviceKind.CANARY,
        endpoint="here",
        endpoint_digest=sha256(device_id.bytes).digest(),
        registered_at=at,
    )
    return Account(patient, email, password, until=at + LIFETIME)


def retire_old(*, at: datetime) -> None:
    """Erase the canaries whose time is over, whoever played them."""
    over = Patient.objects.filter(is_canary=True, created_at__lt=at - LIFETIME)
    for patient_id in over.values_list("pk", flat=True):
        retire(patient_id=patient_id)


def retire(*, patient_id: UUID) -> None:
    """Erase a canary like any other patient; another process may have done so already."""
    with suppress(Patient.DoesNotExist):
        erase(patient_id=patient_id)


def physician() -> User:
    """Who closes the canary's alerts: an account without a password, and not active."""
    closed = {"password": "!", "name": "Canary", "is_active": False}
    return User.objects.get_or_create(email=_ADDRESS.format("physician"), defaults=closed)[0]
