"""From the phone to the far ends of the wire, through every process of the service."""

import re
import time
from collections import Counter
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from alerts.models import Alert, Delivery, DeliveryAttempt, Watch
from tests.sinks.push import Answer
from tests.stack import kill
from tests.walk.conftest import Phone, Walk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
# What would tell somebody who looks at a phone, or over its owner's shoulder, of an illness.
CLINICAL = re.compile(
    "bladder|bowel|cauda|cord|disc|hands|legs|massage|numb|pain|physio|saddle|spin|symptom|weak"
    "|walk|R01|R08",
    re.IGNORECASE,
)
ARRIVES = 30.0  # seconds; generous: the machine may be busy


def ago(hours: float) -> str:
    return (timezone.now() - timedelta(hours=hours)).isoformat()


def red_flag(phone: Phone, flag: str = "bladder") -> datetime:
    """Write an entry with a red flag; its time of receipt."""
    answer = phone.put("entries", symptom_at=ago(0), red_flags={flag: "new_or_worse"})
    assert (answer.status, answer.body["guidance"]["level"]) == (201, 4)
    return datetime.fromisoformat(answer.body["received_at"])


def test_a_red_flag_and_a_hold_reach_phone_and_mailbox_and_tell_nothing(
    stack: Walk, phone: Phone
) -> None:
    _await_worker(phone)
    received_at = red_flag(phone)
    stack.push.wait_for_pushes(1, seconds=ARRIVES)
    stack.mail.wait_for_mails(1, seconds=ARRIVES)
    phone.put("massages", started_at=ago(32), ended_at=ago(31), setting="self", pain_before=3)
    phone.put("entries", symptom_at=ago(1), pain=8)
    pushes = stack.push.wait_for_pushes(2, seconds=ARRIVES)
    mails = stack.mail.wait_for_mails(3, seconds=ARRIVES)
    took = [round((each.at - received_at).total_seconds(), 2) for each in (pushes[0], mails[0])]
    print(f"red flag, from receipt to push and mail: {took} s")

    alerts = phone.send("GET", "/api/v1/alerts/?status=open").body["results"]
    assert {(a["rule"], a["level_name"]) for a in alerts} == {("R01", "emergency"), ("R08", "hold")}
    levels = {alert["id"]: alert["level"] for alert in alerts}
    assert {push.message["alert"]: push.message["level"] for push in pushes} == levels
    # Nobody cares for this patient: whoever is on call hears of the emergency.
    assert Counter(recipient for mail in mails for recipient in mail.recipients) == {
        phone.patient.user.email: 2,
        settings.ON_CALL_EMAIL: 1,
    }
    said = [push.body.decode() for push in pushes]
    said += [f"{mail.message['Subject']} {mail.body}" for mail in mails]
    assert [word for text in said for word in CLINICAL.findall(text)] == []
    _wait_until_accepted(stack)
    others = Delivery.objects.exclude(state="accepted").values("channel", "state", "because")
    assert (stack.push.refusals, list(others)) == ([], [])


def test_without_the_broker_answers_stay_fast_and_alerts_arrive(stack: Walk, phone: Phone) -> None:
    usual = [phone.put("entries", symptom_at=ago(0), pain=3).seconds for _ in range(10)]
    kill(stack.broker)
    took = [phone.put("entries", symptom_at=ago(0), pain=3).seconds for _ in range(10)]
    red_flag(phone)
    stack.push.wait_for_pushes(1, seconds=ARRIVES)
    stack.mail.wait_for_mails(1, seconds=ARRIVES)
    print(f"write, p50: {median(usual):.3f} s, without broker {median(took):.3f} s, {max(took)=}")
    assert median(took) < median(usual) + 0.1
    assert max(took) < 2
    ready = phone.send("GET", "/readyz")
    assert (ready.status, list(ready.body["causes"])) == (503, ["broker"])
    assert Alert.objects.count() == 1


def test_a_worker_killed_between_send_and_record_sends_again_under_the_same_topic(
    stack: Walk, phone: Phone
) -> None:
    stack.push.answer = Answer(hang=True)
    red_flag(phone)
    stack.push.wait_for_pushes(1, seconds=ARRIVES)
    stack.mail.wait_for_mails(1, seconds=ARRIVES)
    holder = Delivery.objects.get(channel="webpush").lease_token
    kill(stack.children["worker"])
    stack.push.answer = Answer()
    _end_lease(holder)
    stack.start("worker")
    pushes = stack.push.wait_for_pushes(2, seconds=ARRIVES)
    _wait_until_accepted(stack)
    assert Counter(push.headers["topic"] for push in pushes).most_common(1)[0][1] == 2
    theirs = [mail for mail in stack.mail.mails if phone.patient.user.email in mail.recipients]
    assert len({mail.message["Message-ID"] for mail in theirs}) == 1
    made = DeliveryAttempt.objects.filter(delivery__channel="webpush").order_by("began_at")
    assert [attempt.outcome for attempt in made] == ["unknown", "accepted"]
    assert Alert.objects.count() == 1


def _await_worker(phone: Phone) -> None:
    """Until the worker has evaluated something: its start is not what is measured."""
    phone.put("entries", symptom_at=ago(2), pain=3)
    watch = Watch.objects.filter(patient=phone.patient, arrived=[])
    end = timezone.now() + timedelta(seconds=ARRIVES)
    while not watch.exists() and timezone.now() < end:
        time.sleep(0.05)


def _end_lease(holder: UUID | None) -> None:
    """As if the half minute of the dead worker's lease had passed."""
    assert Delivery.objects.filter(lease_token=holder).update(lease_until=Now()) == 1


def _wait_until_accepted(stack: Walk) -> None:
    end = timezone.now() + timedelta(seconds=ARRIVES)
    while Delivery.objects.exclude(state="accepted").exists() and timezone.now() < end:
        time.sleep(0.05)
