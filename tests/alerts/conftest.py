"""The far ends of the wire, and how to reach them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts import outages, sweep, tasks
from diary.models import Patient, User
from tests.alerts.diaries import NO_QUIET_HOURS, new_physician
from tests.sinks.apns import ApnsSink
from tests.sinks.fcm import FcmSink
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink


@pytest.fixture
def patient(patient: Patient) -> Patient:
    """The patient of every test; messages may ring at any hour of the day it is run."""
    patient.quiet_hours = NO_QUIET_HOURS
    patient.save(update_fields=["quiet_hours"])
    return patient


@pytest.fixture
def push_service(settings: Any) -> Iterator[PushSink]:
    settings.WEBPUSH_ALLOW_LOOPBACK = True
    with PushSink() as sink:
        yield sink


@pytest.fixture
def mail_server(settings: Any) -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture
def doctor(patient: Patient) -> User:
    """The physician of the patient."""
    return new_physician(patient, name="doctor")


@pytest.fixture
def backup(patient: Patient) -> User:
    """The physician who is asked when the other does not answer."""
    return new_physician(patient, role="backup", name="backup")


@pytest.fixture
def firebase(settings: Any, tmp_path: Path) -> Iterator[FcmSink]:
    with FcmSink() as sink:
        for name, value in sink.settings(tmp_path).items():
            setattr(settings, name, value)
        yield sink


@pytest.fixture
def apple(settings: Any, tmp_path: Path) -> Iterator[ApnsSink]:
    with ApnsSink() as sink:
        for name, value in sink.settings(tmp_path).items():
            setattr(settings, name, value)
        yield sink


@pytest.fixture(autouse=True)
def _new_dispatcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """What sweeps of other tests have heard is no news here."""
    monkeypatch.setattr(sweep, "_ear", outages.Ear())


class Bell:
    """A broker that takes every message and has no worker; or is away."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.urgencies: dict[str, int] = {}
        self.is_away = False
        self.is_heard = False  # what was rung for is with a worker, or forgotten

    def nothing_waits(self) -> bool:
        return self.is_heard

    def ring(self, task: Any, urgency: int, /, **ids: str | int) -> bool:
        whose = next(iter(ids.values()))
        self.rung += [] if self.is_away else [f"{task.__name__} {whose}"]
        self.urgencies[f"{task.__name__} {whose}"] = urgency
        return not self.is_away


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(tasks, "_doorbell", bell)
    return bell
