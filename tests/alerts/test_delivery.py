"""Sending what is owed: every message until it is accepted, cancelled with a reason, or dead."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

from alerts import claims, delivery, messages, senders
from alerts.channels.outcome import NotAccepted
from alerts.ends import GIVE_UP_AFTER
from alerts.models import (
    AlertEvent,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    EventKind,
    FarEnd,
    Incident,
    PushDevice,
)
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import new_phone, owe_message
from tests.sinks.push import Answer, PushSink
from tests.sinks.smtp import SmtpSink


def deliver(owed: Delivery) -> Delivery:
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    return owed


def attempts(owed: Delivery) -> list[tuple[str, str]]:
    made = DeliveryAttempt.objects.filter(delivery=owed).order_by("began_at")
    return [(attempt.outcome, attempt.because) for attempt in made]


def incidents() -> list[str]:
    return sorted(map(str, Incident.objects.all()))


def make_due(*owed: Delivery) -> None:
    """As if the pause before the next try had passed."""
    Delivery.objects.filter(pk__in=[each.pk for each in owed]).update(due_at=Now())
    FarEnd.objects.update(open_until=None, probe_until=None)


def end_lease(owed: Delivery) -> None:
    """As if the time of the lease had passed."""
    Delivery.objects.filter(pk=owed.pk).update(lease_until=Now() - timedelta(seconds=1))


# --- The ends of a delivery ---------------------------------------------------------------------


def test_an_accepted_mail_is_recorded_with_its_attempt(
    patient: Patient, mail_server: SmtpSink
) -> None:
    owed = deliver(owe_message(patient))
    assert (owed.state, owed.attempts, owed.lease_until) == ("accepted", 1, None)
    assert attempts(owed) == [("accepted", "")]
    assert owed.provider_id == mail_server.mails[0].message["Message-ID"]
    assert deliver(owed).attempts == 1
    assert len(mail_server.mails) == 1


def test_a_refusal_for_now_is_owed_again_and_says_why(
    patient: Patient, mail_server: SmtpSink
) -> None:
    mail_server.rcpt_answer = f"451 4.7.1 greylisted {patient.user.email}"
    owed = deliver(owe_message(patient))
    assert (owed.state, owed.because, owed.lease_until) == ("owed", "recipient_refused_451", None)
    assert attempts(owed) == [("retry", "recipient_refused_451")]
    assert deliver(owed).attempts == 1, "not before it is due again"


def test_a_refusal_for_good_is_dead_and_an_incident_without_any_address(
    patient: Patient, mail_server: SmtpSink
) -> None:
    mail_server.rcpt_answer = f"550 5.1.1 no {patient.user.email} here"
    owed = deliver(owe_message(patient, level=2))
    assert (owed.state, owed.because) == ("dead", "recipient_refused_550")
    assert attempts(owed) == [("dead", "recipient_refused_550")]
    assert incidents() == ["delivery_dead: email recipient_refused_550"]


def test_a_push_endpoint_that_is_gone_retires_the_device_and_the_mail_still_goes(
    patient: Patient, mail_server: SmtpSink, push_service: PushSink
) -> None:
    phone = new_phone(patient, push_service)
    push_service.answer = Answer(410)
    push = deliver(owe_message(patient, level=2, channel="webpush", device=phone))
    mail = deliver(owe_message(patient))
    phone.refresh_from_db()
    assert (push.state, push.because, mail.state) == ("dead", "gone_410", "accepted")
    assert (phone.retired_at is not None, phone.retired_because) == (True, "gone_410")
    assert incidents() == ["delivery_dead: webpush gone_410"]


def test_a_phone_that_subscribed_anew_meanwhile_is_not_retired(
    patient: Patient, push_service: PushSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = new_phone(patient, push_service)

    def gone(_: Delivery, *, level: int) -> str:
        PushDevice.objects.filter(pk=phone.pk).update(endpoint_digest=b"another")
        raise NotAccepted("gone_410", permanent=True, endpoint_gone=True)

    monkeypatch.setattr(senders, "send", gone)
    assert deliver(owe_message(patient, channel="webpush", device=phone)).state == "dead"
    assert PushDevice.objects.get().retired_at is None


def test_a_fault_of_our_own_is_tried_again_and_not_for_ever(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Delivery, *, level: int) -> str:
        raise KeyError(patient.user.email)

    monkeypatch.setattr(senders, "send", fails)
    owed = deliver(owe_message(patient))
    assert (owed.state, owed.because) == ("owed", "failed_KeyError")
    assert owed.due_at > owed.created_at + timedelta(seconds=5)


def test_what_cannot_even_be_claimed_is_tried_again_and_not_for_ever(
    patient: Patient, mail_server: SmtpSink
) -> None:
    Patient.objects.update(timezone="Atlantis/Capital")
    owed = deliver(owe_message(patient, level=2))
    assert (owed.state, owed.because) == ("owed", "failed_ZoneInfoNotFoundError")
    assert owed.due_at > owed.created_at + timedelta(seconds=30)
    Delivery.objects.update(created_at=F("created_at") - GIVE_UP_AFTER, due_at=Now())
    assert deliver(owed).state == "dead"
    assert incidents() == ["delivery_dead: email failed_ZoneInfoNotFoundError"]


@pytest.mark.parametrize(
    ("age", "state"),
    [
        pytest.param(GIVE_UP_AFTER - timedelta(seconds=60), "owed", id="within-24-hours"),
        pytest.param(GIVE_UP_AFTER, "dead", id="after-24-hours"),
    ],
)
def test_nobody_tries_for_more_than_24_hours(
    patient: Patient, mail_server: SmtpSink, age: timedelta, state: str
) -> None:
    mail_server.refuse()
    owed = deliver(owe_message(patient, level=2))
    DeliveryAttempt.objects.update(began_at=F("began_at") - age)
    make_due(owed)
    assert (deliver(owed).state, owed.because) == (state, "unreachable")
    assert incidents() == (["delivery_dead: email unreachable"] if state == "dead" else [])


def test_an_event_that_lies_back_is_owed_from_now_on(patient: Patient) -> None:
    """It fell due while nobody looked: the first refusal must not be taken for the last."""
    event = AlertEvent.objects.create(
        patient=patient, kind=EventKind.REMINDER, at=diaries.at(), level=0, text_key="x"
    )
    now = diaries.at(days=3)
    messages.owe(patient, [event], at=now)
    assert list(Delivery.objects.values_list("created_at", "due_at")) == [(now, now)]


# --- The lease ----------------------------------------------------------------------------------


def test_killed_between_send_and_record_it_is_sent_once_more_under_the_same_ids(
    patient: Patient,
    mail_server: SmtpSink,
    push_service: PushSink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = new_phone(patient, push_service)
    pair = [owe_message(patient), owe_message(patient, channel="webpush", device=phone)]
    for owed in pair:
        with monkeypatch.context() as dying:
            dying.setattr(delivery, "_record", _die)
            with pytest.raises(SystemExit):
                delivery.deliver(owed.pk)
        assert deliver(owed).state == DeliveryState.OWED, "the lease still runs"
        end_lease(owed)
        assert deliver(owed).state == DeliveryState.ACCEPTED
        assert attempts(owed) == [("unknown", ""), ("accepted", "")]
    assert len({mail.message["Message-ID"] for mail in mail_server.mails}) == 1
    assert len({push.headers["topic"] for push in push_service.pushes}) == 1
    assert (len(mail_server.mails), len(push_service.pushes)) == (2, 2)


def _die(*_: Any, **__: Any) -> None:
    raise SystemExit


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "refused"])
def test_a_late_worker_changes_nothing_after_another_took_over(
    patient: Patient, mail_server: SmtpSink, *, accepted: bool
) -> None:
    owed = owe_message(patient)
    late = claims.take(owed.pk)
    assert late is not None
    end_lease(owed)
    assert deliver(owed).state == DeliveryState.ACCEPTED
    before = Delivery.objects.filter(pk=owed.pk).values().get()
    delivery._record(late, "late" if accepted else NotAccepted("gone", permanent=True))
    assert Delivery.objects.filter(pk=owed.pk).values().get() == before
    assert AlertEvent.objects.filter(kind=EventKind.DELIVERED).count() == 0  # no alert here
    assert (attempts(owed), incidents()) == ([("unknown", ""), ("accepted", "")], [])
