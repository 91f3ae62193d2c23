"""When a refused message is tried again."""

from datetime import timedelta
from itertools import accumulate

import pytest

from alerts import delivery
from alerts.pauses import JITTER, after_crash, pause
from diary.models import Patient
from tests.alerts.diaries import new_phone, owe_message
from tests.sinks.push import Answer, PushSink

EVER = 100


def waits(level: int, *, jitter: float) -> list[float]:
    """The pauses in seconds, as far as anybody will look."""
    tries = range(1, EVER)
    return [
        pause(attempts=n, level=level, retry_after=None, jitter=jitter).total_seconds()
        for n in tries
    ]


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
    first = pause(attempts=1, level=level, retry_after=None, jitter=1 + JITTER)
    assert timedelta(seconds=at_most * 0.75) < first <= timedelta(seconds=at_most)


@pytest.mark.parametrize("jitter", [1 - JITTER, 1, 1 + JITTER])
@pytest.mark.parametrize("level", [4, 3, 2, 1, 0])
def test_no_message_is_tried_more_than_14_times_in_any_hour(level: int, jitter: float) -> None:
    tried_at = list(accumulate(waits(level, jitter=jitter), initial=0.0))
    in_an_hour = [sum(start <= at < start + 3600 for at in tried_at) for start in tried_at[:50]]
    assert max(in_an_hour) <= 14


def test_the_waits_grow_up_to_a_cap() -> None:
    assert waits(4, jitter=1)[:5] == [12, 60, 300, 320, 320]
    assert waits(2, jitter=1)[:5] == [48, 240, 900, 1800, 1800]


@pytest.mark.parametrize(
    ("level", "asked", "wait"),
    [
        pytest.param(4, 11, 12, id="less-than-ours"),
        pytest.param(4, 13, 13, id="more-than-ours"),
        pytest.param(4, 301, 300, id="more-than-the-cap-of-what-is-urgent"),
        pytest.param(2, 3601, 3600, id="more-than-the-cap"),
    ],
)
def test_the_wait_the_provider_asks_for_is_kept_up_to_a_cap(
    level: int, asked: int, wait: int
) -> None:
    retry_after = timedelta(seconds=asked)
    found = pause(attempts=1, level=level, retry_after=retry_after, jitter=1)
    assert found == timedelta(seconds=wait)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (3, 0), (4, 320), (99, 320)])
def test_one_that_ends_its_process_each_time_is_tried_seldom(attempts: int, seconds: int) -> None:
    assert after_crash(attempts) == timedelta(seconds=seconds)


def test_retry_after_of_the_push_service_moves_the_due_time(
    patient: Patient, push_service: PushSink
) -> None:
    push_service.answer = Answer(429, {"Retry-After": "200"})
    phone = new_phone(patient, push_service)
    owed = owe_message(patient, channel="webpush", device=phone)
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.because, owed.waits_for) == ("owed", "busy_429", "")
    assert 199 < (owed.due_at - owed.created_at).total_seconds() < 205
