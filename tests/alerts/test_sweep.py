"""The sweep: what is due is asked for, and done here when nobody hears."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models.functions import Now

from alerts import delivery, outages, sweep, tasks
from alerts.models import (
    Alert,
    AlertEvent,
    Delivery,
    DeliveryState,
    Heartbeat,
    Incident,
    IncidentKind,
    Watch,
)
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
    new_watch()
    owe_message(diaries.new_patient(), level=4)
    sweep.sweep()
    assert Alert.objects.get().rule == "R08"
    assert len(mail_server.mails) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}


@pytest.mark.parametrize(
    ("nudged", "is_heard", "asked"),
    [
        pytest.param(9, False, 0, id="9-s-ago"),
        pytest.param(11, False, 1, id="11-s-ago"),
        pytest.param(1, True, 0, id="1-s-ago-and-nothing-waits-at-the-broker"),
        pytest.param(3, True, 1, id="3-s-ago-and-nothing-waits-at-the-broker"),
    ],
)
def test_who_was_asked_is_given_ten_seconds_or_two_when_the_broker_holds_nothing(
    bell: Bell, nudged: int, asked: int, *, is_heard: bool
) -> None:
    bell.is_heard = is_heard
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
    bell.is_away = True
    poisoned, good = (owe_message(diaries.new_patient(), level=level) for level in (4, 3))
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
    monkeypatch.setattr(sweep, "INLINE_SECONDS", 0)
    overdue: dict[str, Any] = {"due_at": Now() - timedelta(seconds=60)}
    slow, late = (owe_message(diaries.new_patient(), level=each, **overdue) for each in (4, 3))
    fresh = owe_message(diaries.new_patient(), level=2)
    sweep.sweep()
    assert bell.rung == [f"deliver {each.pk}" for each in (slow, late, fresh)]
    assert AlertEvent.objects.count() == 3
    late.refresh_from_db()
    assert len(mail_server.mails) <= 1
    assert (late.state, late.nudged_at is not None) == ("owed", True)


def test_what_there_is_no_time_for_is_taken_by_the_next_sweep(
    bell: Bell, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was asked, so nobody needs to be waited for."""
    bell.is_away = True
    for _ in range(3):
        owe_message(diaries.new_patient())
    monkeypatch.setattr(sweep, "INLINE_SECONDS", -1)
    assert [sweep.sweep(), sweep.sweep(), len(mail_server.mails)] == [3, 3, 0]
    monkeypatch.undo()
    bell.is_away = True
    monkeypatch.setattr(tasks, "_doorbell", bell)
    assert [sweep.sweep(), sweep.sweep(), len(mail_server.mails)] == [3, 0, 3]


def test_done_here_the_channels_take_turns_within_a_level(bell: Bell) -> None:
    """A mail server that takes seconds for each mail must not stop the pushes."""
    patient = diaries.new_patient()
    late = [owe_message(patient, level=2, channel="apns")]
    mails = [owe_message(patient, level=4) for _ in range(3)]
    pushes = [owe_message(patient, level=4, channel="webpush") for _ in range(2)]
    turns = [due.key for due in sweep._in_turn(sweep._deliveries())]
    in_turn = [mails[0], pushes[0], mails[1], pushes[1], mails[2], *late]
    assert turns == [row.pk for row in in_turn]


# --- Workers that do nothing --------------------------------------------------------------------


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> outages.Ear:
    """The broker has taken everything for half a minute."""
    ear = outages.Ear()
    ear._heard_since = time.monotonic() - 30
    monkeypatch.setattr(sweep, "_ear", ear)
    return ear


def silence() -> list[tuple[int, bool]]:
    """How often it was reported that workers are silent, and whether that is over."""
    found = Incident.objects.filter(kind=IncidentKind.WORKERS_SILENT)
    return [(each.count, each.resolved_at is not None) for each in found]


def lying() -> None:
    """Something that was asked for, and that nobody came for."""
    ago: dict[str, Any] = {
        "due_at": Now() - timedelta(seconds=21),
        "nudged_at": Now() - timedelta(seconds=11),
    }
    owe_message(diaries.new_patient(), **ago)


def test_workers_that_do_nothing_are_reported_once_and_until_they_work_again(
    bell: Bell, mail_server: SmtpSink, ear: outages.Ear
) -> None:
    for _ in range(2):
        lying()
        sweep.sweep()
    assert silence() == [(1, False)]
    tasks.Pulse().beat()
    sweep.sweep()
    assert silence() == [(1, True)]


@pytest.mark.parametrize(
    "why",
    ["a worker works", "never asked", "not overdue", "the broker came back", "the broker is away"],
)
def test_workers_are_not_blamed(
    bell: Bell, mail_server: SmtpSink, ear: outages.Ear, why: str
) -> None:
    lying()
    match why:
        case "a worker works":
            tasks.Pulse().beat()
        case "never asked":
            Delivery.objects.update(nudged_at=None)
        case "not overdue":
            Delivery.objects.update(due_at=Now() - timedelta(seconds=15))
        case "the broker came back":
            ear.note(refused=True)
        case "the broker is away":
            bell.is_away = True
    sweep.sweep()
    assert silence() == []


def test_a_worker_says_that_it_works_but_not_at_each_task(db: None, bell: Bell) -> None:
    pulse = tasks.Pulse()
    pulse.beat()
    first = Heartbeat.objects.get(name="worker").at
    pulse.beat()
    assert Heartbeat.objects.get(name="worker").at == first
    pulse._beats_next = 0.0
    pulse.beat()
    assert Heartbeat.objects.get(name="worker").at > first


def test_a_chore_that_fails_does_not_stop_the_sweep(
    bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise LookupError

    monkeypatch.setattr("alerts.ends.end_held", fails)
    owed = owe_message(diaries.new_patient())
    assert sweep.sweep() == 1
    assert bell.rung == [f"deliver {owed.pk}"]
