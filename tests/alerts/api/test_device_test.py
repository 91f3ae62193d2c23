"""A test message: to one device, at once, whatever the hour, and a few times an hour."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import delivery, device_test
from alerts.core import texts
from alerts.models import AlertEvent, Delivery, Incident, PushDevice
from diary.models import Patient
from tests.alerts.conftest import Bell
from tests.alerts.diaries import new_phone, owe_message
from tests.phones import Phone, at_once, code_of, enrolled, errors_of
from tests.sinks.push import PushSink


def ask(phone: Phone, device: PushDevice) -> Any:
    return phone.post(f"devices/{device.device_id}/test/")


@pytest.fixture
def device(patient: Patient, push_service: PushSink) -> PushDevice:
    return new_phone(patient, push_service, "first")


def test_it_goes_to_that_device_alone_and_says_nothing_but_that_it_is_a_test(
    phone: Phone, patient: Patient, device: PushDevice, push_service: PushSink
) -> None:
    new_phone(patient, push_service, "second")
    answer = ask(phone, device)
    assert (answer.status_code, answer.json()["id"]) == (202, str(device.device_id))
    (owed,) = Delivery.objects.all()
    assert (owed.device, owed.recipient, owed.level) == (device, patient.user, 0)
    delivery.deliver(owed.pk)
    (push,) = push_service.pushes
    title = texts.text("account.device_test", "en").title
    assert push.message == {"text": title, "alert": None, "level": 0}
    owed.refresh_from_db()
    assert owed.state == "accepted"
    assert not Incident.objects.exists()


def test_it_does_not_wait_for_the_end_of_quiet_hours_nor_take_from_the_budget(
    phone: Phone, patient: Patient, device: PushDevice
) -> None:
    patient.quiet_hours, patient.notifications = "00:00-23:59", {"push": False, "email": False}
    patient.save()
    ask(phone, device)
    (owed,) = Delivery.objects.all()
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert owed.state == "accepted"


def test_a_worker_is_asked_at_once(
    phone: Phone, device: PushDevice, bell: Bell, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(phone, device)
    (owed,) = Delivery.objects.all()
    assert bell.rung == [f"deliver {owed.pk}"]


def test_it_speaks_the_language_of_the_profile(
    phone: Phone, patient: Patient, device: PushDevice, push_service: PushSink
) -> None:
    phone.patch("me/", {"locale": "zh-CN"})
    ask(phone, device)
    delivery.deliver(Delivery.objects.get().pk)
    assert push_service.pushes[0].message["text"] == "这是一条测试消息"


def test_a_device_has_a_few_tests_an_hour(
    phone: Phone, patient: Patient, device: PushDevice, push_service: PushSink
) -> None:
    owe_message(patient, channel="webpush", device=device)  # no test
    answers = [ask(phone, device) for _ in range(device_test.MOST_AN_HOUR + 1)]
    assert [a.status_code for a in answers] == [202] * device_test.MOST_AN_HOUR + [429]
    assert code_of(answers[-1]) == "too_many_tests"
    assert 3590 <= int(answers[-1]["Retry-After"]) <= 3601
    other = new_phone(patient, push_service, "other")
    assert ask(phone, other).status_code == 202
    assert AlertEvent.objects.filter(kind="notice").count() == device_test.MOST_AN_HOUR + 1


def test_an_hour_later_there_is_room_for_one_more(
    phone: Phone, patient: Patient, device: PushDevice
) -> None:
    now = timezone.now()
    for minutes in range(device_test.MOST_AN_HOUR):
        device_test.ask(
            patient_id=patient.pk,
            device_id=device.device_id,
            at=now - timedelta(minutes=59 - minutes),
        )
    refused = ask(phone, device)
    assert refused.status_code == 429
    assert 50 <= int(refused["Retry-After"]) <= 61
    Delivery.objects.update(created_at=F("created_at") - timedelta(seconds=61))
    assert [ask(phone, device).status_code for _ in range(2)] == [202, 429]


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_are_all_counted(phone: Phone, device: PushDevice) -> None:
    calls = [lambda: ask(phone, device)] * 8
    answers = sorted(answer.status_code for answer in at_once(*calls))
    assert answers == [202] * device_test.MOST_AN_HOUR + [429] * 3


def test_a_device_that_its_provider_forgot_is_off(phone: Phone, device: PushDevice) -> None:
    PushDevice.objects.update(retired_at=timezone.now(), retired_because="gone_410")
    answer = ask(phone, device)
    assert (answer.status_code, code_of(answer)) == (409, "device_off")
    assert not Delivery.objects.exists()


def test_a_device_of_a_channel_that_this_server_lacks_is_off(phone: Phone) -> None:
    path = f"devices/{uuid4()}/"
    assert phone.put(path, {"kind": "apns", "token": "5ec2e7" * 12}).status_code == 201
    answer = phone.post(f"{path}test/")
    assert (answer.status_code, code_of(answer)) == (409, "channel_off")
    assert not Delivery.objects.exists()


def test_there_is_nothing_to_say_in_the_body(phone: Phone, device: PushDevice) -> None:
    path = f"devices/{device.device_id}/test/"
    assert errors_of(phone.post(path, {"text": "x"})) == {("/text", "unknown_field")}
    assert not Delivery.objects.exists()
    assert phone.post(path, {}).status_code == 202


def test_a_device_that_is_not_there_or_somebody_elses_is_a_404(
    phone: Phone, device: PushDevice
) -> None:
    stranger = Phone.of(enrolled())
    phone.delete(f"devices/{device.device_id}/")
    answers = [ask(stranger, device), ask(phone, device), phone.post(f"devices/{uuid4()}/test/")]
    assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)}
    assert not Delivery.objects.exists()


def test_the_queries_are_as_many_however_many_tests_and_devices_there_were(
    phone: Phone, patient: Patient, device: PushDevice, push_service: PushSink
) -> None:
    counts = []
    for more in (0, 4):
        for number in range(more):
            new_phone(patient, push_service, f"more{number}")
            ask(phone, device)
        Delivery.objects.update(created_at=F("created_at") - timedelta(hours=2))
        with CaptureQueriesContext(connection) as captured:
            assert ask(phone, device).status_code == 202
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11
