"""What every test stands on."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from diary.models import Patient
from tests.phones import Phone, enrolled


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; no test is about that."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture
def patient(db: None) -> Patient:
    """A verified patient who has consented, and whose doctor agrees to massages."""
    return enrolled(phase="chronic", doctor_approval={"status": "physician_confirmed"})


@pytest.fixture
def phone(patient: Patient) -> Phone:
    """The patient's phone, logged in."""
    return Phone.of(patient)
