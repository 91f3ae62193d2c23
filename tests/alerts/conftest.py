"""The far ends of the wire, and how to reach them."""

from collections.abc import Iterator
from typing import Any

import pytest

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
