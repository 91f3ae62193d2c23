"""The sweep: what is due is asked for, and done here when nobody hears."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db.models.functions import Now

from alerts import delivery, sweep, tasks
from alerts.models import Alert, AlertEvent, Delivery, DeliveryState, Watch
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import owe_message
from tests.sinks.smtp import SmtpSink

pytestmark = pytest.mark.django_db


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


def new_watch(*, due: timedelta = timedelta(0), nudged: timedelta | None = None) -> Watch:
    """A patient to be evaluated since `due` ago, asked for `nudged` ago."""
    patient = diaries.new_patient()
    diaries.put_massage(patient, diaries.at(), pain_before=3)
    diaries.put_entry(patient, diaries.at(hours=30), pain=7)
    asked = None if nudged is None else Now() - nudged
    Watch.objects.filter(patient=patient).update(due_at=Now() - due, nudged_at=asked)
    return Watch.objects.get(patient=patient)


def test_what_is_due_is_asked_for_the_urgent_first(bell: Bell) -> None:
    watch = new_watch()
    later, urgent = owe_message(watch.patient, level=2), owe_message(watch.patient, level=4)
    assert sweep.sweep() == 3
    assert bell.rung == [f"evaluate {watch.pk}", f"deliver {urgent.pk}", f"deliver {later.pk}"]
    assert sweep.sweep() == 0, "asked for a moment ago"


def test_what_is_not_due_or_held_by_a_worker_is_left_alone(bell: Bell, patient: Patient) -> None:
    new_watch(due=timedelta(seconds=-5))
    owe_message(patient, due_at=Now() + timedelta(seconds=5))
    owe_message(patient, lease_until=Now() + timedelta(seconds=5))
    owe_message(patient, state=DeliveryState.CANCELLED, ended_at=Now())
    owe_message(patient, lease_until=Now() - timedelta(seconds=1))
    assert (sweep.sweep(), len(bell.rung)) == (1, 1)


def test_without_a_broker_everything_is_done_here(bell: Bell, mail_server: SmtpSink) -> None:
    bell.is_away = True
    watch = new_watch()
    owe_message(watch.patient, level=4)
    sweep.sweep()
    assert Alert.objects.get().rule == "R08"
    assert len(mail_server.mails) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}


@pytest.mark.parametrize(
    ("nudged", "asked"),
    [pytest.param(9, 0, id="9-s-ago"), pytest.param(11, 1, id="11-s-ago")],
)
def test_who_was_asked_is_given_ten_seconds(bell: Bell, nudged: int, asked: int) -> None:
    new_watch(due=timedelta(seconds=12), nudged=timedelta(seconds=nudged))
    assert (sweep.sweep(), len(bell.rung)) == (asked, asked)


@pytest.mark.parametrize(
    ("due", "done_here"),
    [pytest.param(19, False, id="19-s-overdue"), pytest.param(21, True, id="21-s-overdue")],
)
def test_what_nobody_hears_of_is_done_here_after_twenty_seconds(
    bell: Bell, mail_server: SmtpSink, due: int, *, done_here: bool
) -> None:
    new_watch(due=timedelta(seconds=due), nudged=timedelta(seconds=11))
    owe_message(diaries.new_patient(), due_at=Now() - timedelta(seconds=due))
    sweep.sweep()
    assert Alert.objects.exists() == done_here
    assert len(mail_server.mails) == (2 if done_here else 0)
    assert len(bell.rung) == (0 if done_here else 2)


def test_one_that_is_poisoned_does_not_stop_the_others(
    bell: Bell, patient: Patient, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell.is_away = True
    poisoned, good = owe_message(patient, level=4), owe_message(patient, level=3)
    send = delivery.deliver

    def fails_for_one(delivery_id: UUID) -> None:
        if delivery_id == poisoned.pk:
            raise LookupError
        send(delivery_id)

    monkeypatch.setattr(delivery, "deliver", fails_for_one)
    sweep.sweep()
    good.refresh_from_db()
    assert (good.state, len(mail_server.mails)) == ("accepted", 1)


def test_a_far_end_that_hangs_does_not_keep_the_rest_from_being_asked_for(
    bell: Bell, patient: Patient, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is overdue is done last, and only for so long."""
    monkeypatch.setattr(sweep, "INLINE_SECONDS", 0)
    slow = owe_message(patient, level=4, due_at=Now() - timedelta(seconds=60))
    late = owe_message(patient, level=3, due_at=Now() - timedelta(seconds=60))
    fresh = owe_message(patient, level=2)
    sweep.sweep()
    assert bell.rung == [f"deliver {fresh.pk}"]
    assert AlertEvent.objects.count() == 3
    states = Delivery.objects.in_bulk([slow.pk, late.pk])
    assert len(mail_server.mails) <= 1
    assert states[late.pk].state == "owed"
