"""F12: three in ten endpoints are gone; each is found out by one answer, and others step in."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.test import override_settings

from alerts import devices
from alerts.models import Channel, Delivery, DeliveryAttempt, DeviceKind, PushDevice
from diary.models import Patient
from tests.alerts.diaries import new_phone
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.hours import shift
from tests.sinks import fcm
from tests.sinks.fcm import FcmSink
from tests.sinks.http2 import Answer as FcmAnswer
from tests.sinks.push import Answer, PushSink

pytestmark = stories.FAULT
DEAD = ("404", "410", "UNREGISTERED")
OTHERS_WITHIN = timedelta(seconds=5)
ANOTHER_FLAG: dict[str, Any] = {"red_flags": {"bladder": "new_or_worse", "bowel": "new_or_worse"}}


def phone_of(patient: Patient, state: str, web: PushSink, firebase: FcmSink) -> PushDevice:
    """A phone at one of the providers, which may not know it any more."""
    name = uuid4().hex
    if state == "UNREGISTERED" or (state == "alive" and patient.pk.int % 2):
        firebase.answers[name] = fcm.UNREGISTERED if state == "UNREGISTERED" else FcmAnswer()
        target = devices.Target(kind=DeviceKind.FCM, endpoint=name)
        return devices.register(patient_id=patient.pk, device_id=uuid4(), target=target)[0]
    device = new_phone(patient, web, name)
    web.answers[name] = Answer(201 if state == "alive" else int(state))
    return device


def states(rng: random.Random, count: int) -> list[str]:
    """Three in ten are dead, in each of the three ways."""
    dead = [DEAD[number % len(DEAD)] for number in range(count * 3 // 10)]
    return stories.shuffled(rng, [*dead, *["alive"] * (count - len(dead))])


def mails_waited() -> float:
    """The longest that a mail about a red flag waited, in seconds."""
    mails = Delivery.objects.filter(channel=Channel.EMAIL, event__rule="R01")
    took = mails.annotate(took=F("ended_at") - F("created_at")).values_list("took", flat=True)
    return max(float(each.total_seconds()) for each in took)


def test_f12_endpoints_that_are_gone(tmp_path: Path) -> None:
    rng, count = seeded("F12"), size(ci=60, full=1000)
    phones: dict[PushDevice, str] = {}
    with (
        stories.mail_server(),
        stories.push_service() as web,
        FcmSink() as firebase,
        override_settings(**firebase.settings(tmp_path)),
        shift() as on_duty,
    ):
        for number, state in enumerate(states(rng, count)):
            patient = stories.new_patient()
            phones[phone_of(patient, state, web, firebase)] = state
            stories.write(patient, stories.entry(**stories.RED))
            if number % 5 == 4:
                on_duty.work()
        on_duty.work()
        for number, device in enumerate(phones):
            stories.write(device.patient, stories.entry(**ANOTHER_FLAG))
            if number % 5 == 4:
                on_duty.work()
        on_duty.go_on(timedelta(minutes=10))
    waited = mails_waited()
    tried: Counter[Any] = Counter(
        DeliveryAttempt.objects.values_list("delivery__device", flat=True)
    )
    dead = {device.pk for device, state in phones.items() if state != "alive"}
    retired = set(PushDevice.objects.exclude(retired_at=None).values_list("pk", flat=True))
    report(
        "F12",
        f"{count} endpoints, {len(dead)} of them gone",
        retired=len(retired),
        wrongly=len(retired ^ dead),
        tries_of_the_dead=sum(tried[each] for each in dead),
        mails_after=f"{waited:.1f} s",
    )
    assert retired == dead
    assert {tried[each] for each in dead} == {1}
    assert {tried[each] for each in phones_alive(phones)} == {2}
    assert waited <= OTHERS_WITHIN.total_seconds()
    assert told_that_push_is_off() == len(dead)


def phones_alive(phones: dict[PushDevice, str]) -> list[Any]:
    return [device.pk for device, state in phones.items() if state == "alive"]


def told_that_push_is_off() -> int:
    told = Delivery.objects.filter(event__text_key="account.push_off", state="accepted")
    return told.count()
