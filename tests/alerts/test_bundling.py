"""What is due together is one message, under one id, whoever sends it."""

from collections import Counter
from datetime import timedelta
from functools import partial
from random import sample
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from alerts import claims, delivery
from alerts.channels.outcome import NotAccepted
from alerts.models import (
    AlertEvent,
    Delivery,
    DeliveryAttempt,
    EventKind,
    Incident,
    IncidentKind,
    PushDevice,
)
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import new_phone, owe_message
from tests.alerts.test_delivery import attempts, deliver, end_lease, make_due
from tests.alerts.test_races import at_once
from tests.sinks.push import Answer, PushSink
from tests.sinks.smtp import SmtpSink


def messages() -> list[list[int]]:
    """The levels of the rows of each message."""
    levels: dict[UUID | None, list[int]] = {}
    for row in Delivery.objects.order_by("-level"):
        levels.setdefault(row.message, []).append(row.level)
    return sorted(levels.values())


def test_what_is_due_together_is_one_push_worded_by_the_highest_level(
    patient: Patient, push_service: PushSink
) -> None:
    phone = new_phone(patient, push_service)
    rows = [
        owe_message(patient, level=level, channel="webpush", device=phone) for level in (1, 4, 2)
    ]
    assert deliver(rows[0]).state == "accepted"
    (push,) = push_service.pushes
    assert push.message["level"] == 4
    assert push.headers["topic"] == rows[1].pk.hex
    assert set(Delivery.objects.values_list("state", "attempts")) == {("accepted", 1)}
    assert [attempts(row) for row in rows] == [[("accepted", "")]] * 3
    assert deliver(rows[1]).attempts == 1
    assert len(push_service.pushes) == 1


def test_endpoints_patients_recipients_and_notices_have_messages_of_their_own(
    patient: Patient, push_service: PushSink, mail_server: SmtpSink
) -> None:
    phones = [new_phone(patient, push_service, name) for name in ("phone", "tablet")]
    rows = [owe_message(patient, channel="webpush", device=phone) for phone in phones]
    rows += [owe_message(patient), owe_message(diaries.new_patient())]
    rows += [owe_message(patient, recipient=None), owe_message(patient, level=0, **_notice())]
    for row in rows:
        deliver(row)
    assert messages() == [[0], [4], [4], [4], [4], [4]]
    assert (len(push_service.pushes), len(mail_server.mails)) == (2, 4)


def _notice() -> dict[str, AlertEvent]:
    event = AlertEvent.objects.create(
        patient=Patient.objects.earliest("created_at"),
        kind=EventKind.NOTICE,
        at=diaries.at(),
        level=0,
        text_key="account.device_moved",
    )
    return {"event": event}


def test_incidents_of_a_kind_are_one_mail_to_whoever_is_on_call(
    db: None, mail_server: SmtpSink
) -> None:
    kinds = [IncidentKind.CHANNEL_DOWN, IncidentKind.CHANNEL_DOWN, IncidentKind.RULE_FAILED]
    for number, kind in enumerate(kinds):
        incident = Incident.objects.create(kind=kind, cause=str(number), at=diaries.at())
        moments = dict.fromkeys(("created_at", "due_at"), Now() - timedelta(seconds=1))
        Delivery.objects.create(incident=incident, channel="email", level=3, **moments)
    for row in Delivery.objects.all():
        deliver(row)
    assert messages() == [[3], [3, 3]]
    assert len(mail_server.mails) == 2
    assert not AlertEvent.objects.exists(), "no event of any alert"


def test_a_row_that_was_claimed_stays_in_its_message_and_a_new_one_does_not_wait_for_it(
    patient: Patient, mail_server: SmtpSink
) -> None:
    first, second = owe_message(patient, level=3), owe_message(patient, level=2)
    mail_server.rcpt_answer = "451 4.7.1 greylisted"
    assert deliver(second).message == first.pk
    assert (second.attempts, second.state) == (1, "owed")
    mail_server.rcpt_answer = "250 OK"
    new = deliver(owe_message(patient, level=4))
    assert (new.message, new.state) == (new.pk, "accepted")
    make_due(first, second)
    assert deliver(second).state == "accepted"
    assert messages() == [[3, 2], [4]]
    sent = [mail.message["Message-ID"] for mail in mail_server.mails]
    assert [each.partition("@")[0] for each in sent] == [f"<{new.pk}", f"<{first.pk}"]


def test_what_is_no_longer_wanted_leaves_the_message_which_keeps_its_id(
    patient: Patient, push_service: PushSink
) -> None:
    phone = new_phone(patient, push_service)
    alert = diaries.new_alert(patient, level=2)
    over = owe_message(patient, level=2, channel="webpush", device=phone)
    over.event = AlertEvent.objects.create(
        patient=patient, alert=alert, kind=EventKind.OPENED, at=diaries.at(), level=2
    )
    over.save(update_fields=["event"])
    rest = owe_message(patient, level=1, channel="webpush", device=phone)
    push_service.answer = Answer(429, {"Retry-After": "1"})
    deliver(rest)
    alert.ended_at, alert.status = diaries.at(), "cleared"
    alert.save(update_fields=["ended_at", "status"])
    push_service.answer = Answer()
    make_due(over, rest)
    assert deliver(rest).state == "accepted"
    over.refresh_from_db()
    assert (over.state, over.because, over.attempts) == ("cancelled", "alert_ended", 1)
    (push,) = push_service.pushes
    assert (push.message["level"], push.headers["topic"]) == (1, over.pk.hex)


def test_nothing_left_is_no_send(patient: Patient, push_service: PushSink) -> None:
    phone = new_phone(patient, push_service)
    rows = [owe_message(patient, channel="webpush", device=phone) for _ in range(2)]
    PushDevice.objects.update(retired_at=Now())
    deliver(rows[0])
    assert set(Delivery.objects.filter(device=phone).values_list("state", "attempts")) == {
        ("cancelled", 0)
    }
    assert (push_service.pushes, DeliveryAttempt.objects.count()) == ([], 0)


def test_an_alert_was_delivered_once_by_one_message(
    patient: Patient, mail_server: SmtpSink
) -> None:
    alerts = [diaries.new_alert(patient, level=3, rule=rule) for rule in ("R05", "R08")]
    for alert in alerts:
        for kind in (EventKind.OPENED, EventKind.RAISED):
            event = AlertEvent.objects.create(
                patient=patient, alert=alert, rule=alert.rule, kind=kind, at=diaries.at(), level=3
            )
            row = owe_message(patient, level=3, event=event)
    deliver(row)
    told = AlertEvent.objects.filter(kind=EventKind.DELIVERED)
    assert sorted(told.values_list("alert", flat=True)) == sorted(alert.pk for alert in alerts)
    assert len(mail_server.mails) == 1


def test_that_the_clinic_was_told_does_not_say_that_the_patient_was(
    patient: Patient, mail_server: SmtpSink
) -> None:
    event = AlertEvent.objects.create(
        patient=patient,
        alert=diaries.new_alert(patient, level=3),
        kind=EventKind.OPENED,
        at=diaries.at(),
        level=3,
    )
    assert deliver(owe_message(patient, recipient=None, event=event)).state == "accepted"
    assert not AlertEvent.objects.filter(kind=EventKind.DELIVERED).exists()


def test_a_try_without_a_known_end_marks_what_may_come_twice(
    patient: Patient, mail_server: SmtpSink
) -> None:
    rows = [owe_message(patient) for _ in range(2)]
    assert claims.take(rows[0].pk) is not None
    assert deliver(rows[1]).state == "owed", "the lease still runs"
    assert not rows[1].maybe_duplicate
    for row in rows:
        end_lease(row)
    assert (deliver(rows[0]).state, rows[0].attempts) == ("accepted", 2)
    assert set(Delivery.objects.values_list("maybe_duplicate", flat=True)) == {True}
    assert attempts(rows[1]) == [("unknown", ""), ("accepted", "")]


def test_a_try_that_ended_is_no_reason_to_expect_it_twice(
    patient: Patient, mail_server: SmtpSink
) -> None:
    mail_server.rcpt_answer = "451 later"
    owed = deliver(owe_message(patient))
    mail_server.rcpt_answer = "250 OK"
    make_due(owed)
    assert (deliver(owed).state, owed.maybe_duplicate) == ("accepted", False)


def test_who_was_stopped_after_the_claim_does_not_send_late(
    patient: Patient, mail_server: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = owe_message(patient)
    monkeypatch.setattr(delivery, "reached", lambda _: Delivery.objects.update(lease_until=Now()))
    delivery.deliver(owed.pk)
    assert (mail_server.mails, attempts(owed)) == ([], [("retry", "too_late")])
    monkeypatch.undo()
    assert deliver(owed).state == "accepted"
    assert (len(mail_server.mails), owed.maybe_duplicate) == (1, False)


@pytest.mark.parametrize("crashed", [True, False], ids=["ended-its-process", "nobody-tried"])
def test_one_that_ends_its_process_at_each_try_comes_to_an_end(
    patient: Patient, mail_server: SmtpSink, *, crashed: bool
) -> None:
    owed = owe_message(patient, level=2)
    day_ago = Now() - timedelta(hours=25)
    Delivery.objects.update(created_at=day_ago, due_at=day_ago)
    if crashed:
        DeliveryAttempt.objects.create(pk=owed.pk, delivery=owed, began_at=day_ago)
    owed = deliver(owed)
    assert (owed.state, owed.because) == (("dead", "no_known_end") if crashed else ("accepted", ""))


def test_a_delivery_of_one_row_takes_a_dozen_statements(
    patient: Patient, mail_server: SmtpSink
) -> None:
    owed = owe_message(patient)
    with CaptureQueriesContext(connection) as queries:
        delivery.deliver(owed.pk)
    kinds = Counter(query["sql"].split()[0] for query in queries)
    assert kinds["SELECT"] == 5, "asked for, locked, far end, lease, lock by token"
    assert kinds["UPDATE"] + kinds["INSERT"] == 4, "claimed, attempt, accepted, attempt"
    assert len(mail_server.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_that_are_nudged_for_every_row_send_one_message_an_endpoint(
    push_service: PushSink, mail_server: SmtpSink
) -> None:
    endpoints, rows = 0, []
    for _ in range(5):
        patient = diaries.new_patient()
        phones = [new_phone(patient, push_service, str(patient.pk) + each) for each in "ab"]
        endpoints += 3
        for level in (1, 4, 3, 2):
            rows += [owe_message(patient, level=level).pk]
            rows += [
                owe_message(patient, level=level, channel="webpush", device=phone).pk
                for phone in phones
            ]

    def deliver_all(order: list[UUID]) -> None:
        for key in order:
            delivery.deliver(key)

    at_once([partial(deliver_all, sample(rows, len(rows))) for _ in range(8)])
    assert len(push_service.pushes) + len(mail_server.mails) == endpoints
    assert {push.message["level"] for push in push_service.pushes} == {4}
    assert set(Delivery.objects.values_list("state", "attempts")) == {("accepted", 1)}
    assert Delivery.objects.values("message").distinct().count() == endpoints


def test_a_refusal_ends_every_row_of_the_message(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Delivery, *, level: int) -> str:
        raise NotAccepted(f"refused_{level}", permanent=True)

    rows = [owe_message(patient, level=level) for level in (1, 2)]
    monkeypatch.setattr("alerts.senders.send", refuses)
    deliver(rows[0])
    assert set(Delivery.objects.filter(event__isnull=False).values_list("state", "because")) == {
        ("dead", "refused_2")
    }
    assert Incident.objects.get().count == 1
