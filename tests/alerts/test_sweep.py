"""The sweep: what is due is asked for, and done here when nobody hears."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.functions import Now

from alerts import delivery, sweep
from alerts.models import Alert, AlertEvent, Delivery, DeliveryState, Watch
from tests.alerts import diaries
from tests.alerts.conftest import Bell
from tests.alerts.diaries import owe_message
from tests.sinks.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def new_watch(*, due: timedelta = timedelta(0), nudged: timedelta | None = None) -> Watch:
    """A patient to be evaluated since `due` ago, asked for `nudged` ago."""
    patient = diaries.new_patient()
    diaries.put_massage(patient, diaries.at(), pain_before=3)
    diaries.put_entry(patient, diaries.at(hours=30), pain=7)
    asked = None if nudged is None else Now() - nudged
    # What fell due since the story began is done with.
    Watch.objects.filter(patient=patient).update(
        due_at=Now() - due, nudged_at=asked, evaluated_at=Now()
    )
    return Watch.objects.get(patient=patient)


def test_what_is_due_is_asked_for_the_urgent_first(bell: Bell) -> None:
    watch = new_watch()
    later, urgent = owe_message(watch.patient, level=2), owe_message(watch.patient, level=4)
    assert sweep.sweep() == 3
    assert bell.rung == [f"evaluate {watch.pk}", f"deliver {urgent.pk}", f"deliver {later.pk}"]
    assert sweep.sweep() == 0, "asked for a moment ago"


def test_what_is_not_due_or_held_by_a_worker_is_left_alone(bell: Bell) -> None:
    patient = new_watch(due=timedelta(seconds=-5)).patient
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
    assert len(mail_server.mails) == (1 if done_here else 0)
    asked = [rung.split()[0] for rung in bell.rung]
    owed_anew = ["deliver"] if done_here else []  # by the evaluation; workers may take it yet
    assert asked == ["evaluate", "deliver", *owed_anew], "rung for as well: workers may be back"


def test_one_that_is_poisoned_does_not_stop_the_others(
    db: None, bell: Bell, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell.is_away, patient = True, diaries.new_patient()
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


def test_an_evaluation_that_is_done_here_sends_nothing_itself(
    bell: Bell, mail_server: SmtpSink
) -> None:
    """A patient with many phones, all of which hang, must not keep the others waiting."""
    sweep._evaluate(new_watch().pk)
    assert list(Delivery.objects.values_list("state", "attempts")) == [("owed", 0)]
    assert (mail_server.mails, bell.rung) == ([], [])


def test_a_far_end_that_hangs_does_not_keep_the_rest_from_being_asked_for(
    bell: Bell, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is overdue is done last, and only for so long."""
    patient = diaries.new_patient()
    monkeypatch.setattr(sweep, "INLINE_SECONDS", 0)
    slow = owe_message(patient, level=4, due_at=Now() - timedelta(seconds=60))
    late = owe_message(patient, level=3, due_at=Now() - timedelta(seconds=60))
    fresh = owe_message(patient, level=2)
    sweep.sweep()
    assert bell.rung == [f"deliver {each.pk}" for each in (slow, late, fresh)]
    assert AlertEvent.objects.count() == 3
    states = Delivery.objects.in_bulk([slow.pk, late.pk])
    assert len(mail_server.mails) <= 1
    assert states[late.pk].state == "owed"
