"""The far ends of the wire, one of each for a test."""

from collections.abc import Iterator

import pytest

from tests.sinks.apns import ApnsSink
from tests.sinks.fcm import FcmSink
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink


@pytest.fixture
def push_service() -> Iterator[PushSink]:
    with PushSink() as sink:
        yield sink


@pytest.fixture
def mail_server() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def firebase() -> Iterator[FcmSink]:
    with FcmSink() as sink:
        yield sink


@pytest.fixture
def apple() -> Iterator[ApnsSink]:
    with ApnsSink() as sink:
        yield sink
