"""F10: the push service refuses, hangs, fails, is full, or hangs up after it took the message."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import Max

from alerts.channels import webpush, wire
from alerts.models import Channel, Delivery, DeliveryState, FarEnd
from tests.alerts.diaries import new_phone
from tests.faults import stories
from tests.faults.figures import FULL, report, size
from tests.faults.hours import WORKERS, Shift, shift
from tests.sinks.push import Answer, PushSink

pytestmark = stories.FAULT
OUTAGE = timedelta(minutes=10)
# The longest pause between two tries, and a little.
RECOVERED_WITHIN = timedelta(minutes=6)
OPENS_WITHIN = 5  # failures
FULL_FOR = 40  # seconds, as the provider asks
# A push that hangs is given up after so long; the short run does not wait for that.
PATIENCE = wire.TOTAL_SECONDS if FULL else 0.3


def refuses(service: PushSink) -> None:
    service.refuse()


def answers(answer: Answer) -> Callable[[PushSink], None]:
    def fault(service: PushSink) -> None:
        service.answer = answer

    return fault


FAULTS = {
    "refuses": refuses,
    "hangs": answers(Answer(hang=True)),
    "500": answers(Answer(500)),
    "429": answers(Answer(429, {"Retry-After": str(FULL_FOR)})),
    "hangs up after the body": answers(Answer(drop=True)),
}


class Line:
    """How many workers are sending a push, from the first failure on."""

    def __init__(self) -> None:
        self.tries: list[timedelta] = []  # when, in the quick time
        self.at: list[float] = []  # the same, with the time that it took here
        self.most_after_a_failure = self._now = 0
        self._failed, self._turn = False, Lock()

    @contextmanager
    def watched(self, on_duty: Shift) -> Iterator[None]:
        """Count the pushes that are tried while the block lasts."""
        send = webpush.send

        def counted(**named: Any) -> str:
            with self._turn:
                self._now += 1
                self.tries.append(on_duty.passed)
                self.at.append(on_duty.passed.total_seconds() + time.monotonic())
                if self._failed:
                    self.most_after_a_failure = max(self.most_after_a_failure, self._now)
            try:
                return send(**named)
            except BaseException:
                self._failed = True
                raise
            finally:
                self._now -= 1

        with patch.object(webpush, "send", counted):
            yield


def owed_pushes() -> int:
    owed = Delivery.objects.filter(channel=Channel.WEBPUSH, state=DeliveryState.OWED)
    return owed.count()


def write_red_flags(count: int, service: PushSink) -> None:
    for number in range(count):
        patient = stories.new_patient()
        new_phone(patient, service, f"phone{number}")
        stories.write(patient, stories.entry(**stories.RED))


def mails_waited() -> float:
    """The longest that a mail waited, in seconds."""
    mails = Delivery.objects.filter(channel=Channel.EMAIL, incident=None)
    assert set(mails.values_list("state", flat=True)) == {"accepted"}
    pairs = mails.values_list("created_at", "ended_at")
    return max((ended - created).total_seconds() for created, ended in pairs if ended)


@pytest.mark.parametrize("fault", FAULTS)
def test_f10_a_push_service_that_fails(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpush, "TOTAL_SECONDS", PATIENCE)
    count, line = size(ci=6, full=60), Line()
    with stories.mail_server(), stories.push_service() as service, shift() as on_duty:
        FAULTS[fault](service)
        write_red_flags(count, service)
        with line.watched(on_duty):
            on_duty.go_on(timedelta(0))
            waited, opened_after = mails_waited(), FarEnd.objects.get().failures
            on_duty.go_on(OUTAGE)
        tries = Delivery.objects.filter(channel=Channel.WEBPUSH).aggregate(most=Max("attempts"))
        service.stop()
        service.answer = Answer()
        service.start()
        recovered = on_duty.go_on(2 * RECOVERED_WITHIN, until=lambda: not owed_pushes())
    twice = Counter(push.headers["topic"] for push in service.pushes)
    report(
        "F10",
        f"{count} red flags, push service {fault} for 10 min",
        lost=owed_pushes(),
        mails_after=f"{waited:.1f} s",
        tries_at_first=sum(1 for each in line.tries if not each),
        busy_workers=line.most_after_a_failure,
        most_tries_of_one=tries["most"],
        recovered_after=f"{recovered.total_seconds():.0f} s",
        same_topic_again=sum(twice.values()) - len(twice),
    )
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    assert opened_after <= OPENS_WITHIN + WORKERS
    assert sum(1 for each in line.tries if each < timedelta(seconds=10)) <= OPENS_WITHIN + WORKERS
    assert line.most_after_a_failure <= 1 + WORKERS
    assert recovered <= RECOVERED_WITHIN
    assert len(twice) == count
    if fault == "429":
        later = [at - line.at[0] for at, when in zip(line.at, line.tries, strict=True) if when]
        assert min(later) >= FULL_FOR
