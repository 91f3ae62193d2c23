"""When a refused message is tried again."""

from datetime import timedelta

import pytest

from alerts import delivery
from alerts.delivery import pause
from diary.models import Patient
from tests.alerts.diaries import new_phone, owe_message
from tests.sinks.push import Answer, PushSink


@pytest.mark.parametrize(
    ("level", "at_most"),
    [
        pytest.param(4, 15, id="emergency"),
        pytest.param(3, 15, id="doctor"),
        pytest.param(2, 60, id="hold"),
        pytest.param(0, 60, id="info"),
    ],
)
def test_the_first_retry_comes_in_time(level: int, at_most: int) -> None:
    first = pause(attempts=1, level=level, retry_after=None, jitter=1.25)
    assert first <= timedelta(seconds=at_most)


def test_the_waits_double_up_to_a_cap() -> None:
    waits = [pause(attempts=n, level=4, retry_after=None, jitter=1) for n in (1, 2, 5, 6, 99)]
    assert [wait.total_seconds() for wait in waits] == [10, 20, 160, 300, 300]
    assert pause(attempts=99, level=2, retry_after=None, jitter=1) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        pytest.param(9, 10, id="less-than-ours"),
        pytest.param(11, 11, id="more-than-ours"),
        pytest.param(301, 300, id="more-than-the-cap"),
    ],
)
def test_the_wait_the_provider_asks_for_is_kept_up_to_the_cap(asked: int, wait: int) -> None:
    retry_after = timedelta(seconds=asked)
    assert pause(attempts=1, level=4, retry_after=retry_after, jitter=1) == timedelta(seconds=wait)


def test_retry_after_of_the_push_service_moves_the_due_time(
    patient: Patient, push_service: PushSink
) -> None:
    push_service.answer = Answer(429, {"Retry-After": "200"})
    phone = new_phone(patient, push_service)
    owed = owe_message(patient, channel="webpush", device=phone)
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.because) == ("owed", "busy_429")
    assert 199 < (owed.due_at - owed.created_at).total_seconds() < 205
