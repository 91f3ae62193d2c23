"""The far ends of the wire, and how to reach them."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from alerts import tasks
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink


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


class Bell:
    """A broker that takes every message and has no worker; or is away."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.is_away = False

    def ring(self, task: Any, **ids: str) -> bool:
        self.rung += [] if self.is_away else [f"{task.__name__} {key}" for key in ids.values()]
        return not self.is_away


@pytest.fixture
def bell() -> Iterator[Bell]:
    with patch.object(tasks, "_doorbell", Bell()) as bell:
        yield bell
