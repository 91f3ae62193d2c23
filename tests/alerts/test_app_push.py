"""From an app's registration to its phone, through Firebase and Apple."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail

from alerts import delivery, senders
from alerts.models import (
    Channel,
    Delivery,
    DeliveryState,
    DeviceKind,
    FarEnd,
    IncidentKind,
    PushDevice,
)
from diary.models import Patient
from tests.alerts.diaries import owe_message
from tests.diary.bodies import ENTRY
from tests.phones import Phone, errors_of
from tests.sinks import apns, fcm
from tests.sinks.apns import ApnsSink
from tests.sinks.fcm import FcmSink
from tests.sinks.http2 import Answer

RED_FLAG = {**ENTRY, "red_flags": {"bladder": "new_or_worse"}}
BY_TOKEN = {"kind": "fcm", "token": "d9QhW3xYRk6:APA91bFq2n7Zt5u1"}
BY_INSTALLATION = {"kind": "fcm", "installation_id": "dIsVQ2QVRT-TW7L6VfeAMh"}
BY_APPLE = {"kind": "apns", "token": "0123456789abcdef" * 4}


def register(phone: Phone, body: dict[str, Any]) -> str:
    path = f"devices/{uuid4()}/"
    answer = phone.put(path, body)
    assert (answer.status_code, answer.json()["reachable"]) == (201, True)
    return path


def deliver_all() -> None:
    for owed in list(Delivery.objects.filter(state=DeliveryState.OWED).order_by("created_at")):
        delivery.deliver(owed.pk)


def test_one_entry_rings_every_kind_of_phone_and_says_nothing_of_it(
    phone: Phone, firebase: FcmSink, apple: ApnsSink
) -> None:
    for body in (BY_TOKEN, BY_INSTALLATION, BY_APPLE):
        register(phone, body)
    alerts = phone.post("entries/", RED_FLAG).json()["alerts"]
    deliver_all()

    by_kind = {each.kind: each for each in firebase.messages}
    assert by_kind["token"].target == BY_TOKEN["token"]
    assert by_kind["fid"].target == BY_INSTALLATION["installation_id"]
    (by_apple,) = apple.messages
    assert by_apple.target == BY_APPLE["token"]
    said = by_apple.body
    assert (said["alert"], said["level"]) in {(each["id"], each["level"]) for each in alerts}
    for each in firebase.messages:
        assert each.data == {"text": said["text"], "alert": said["alert"], "level": "4"}
        assert "bladder" not in json.dumps(each.body)
    assert firebase.refusals == apple.refusals == []

    pushes = Delivery.objects.filter(channel__in=[Channel.FCM, Channel.APNS])
    accepted = pushes.filter(state=DeliveryState.ACCEPTED)
    assert set(accepted.values_list("state", flat=True)) == {DeliveryState.ACCEPTED}
    ids = {UUID(each.id) for each in firebase.messages} | {UUID(by_apple.id)}
    assert ids == set(accepted.values_list("message", flat=True))


def test_a_second_try_has_the_id_of_the_first(
    patient: Patient, phone: Phone, apple: ApnsSink
) -> None:
    register(phone, BY_APPLE)
    owed = owe_message(patient, channel=Channel.APNS, device=PushDevice.objects.get())
    apple.answer = Answer(drop=True)  # it has the message, and we do not know
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.because) == (DeliveryState.OWED, "disconnected")
    apple.answer = Answer()
    FarEnd.objects.all().delete()
    Delivery.objects.update(due_at=owed.created_at, waits_for="")
    delivery.deliver(owed.pk)
    first, second = apple.messages
    assert first.id == second.id
    assert first.headers["apns-id"] == second.headers["apns-id"]


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        pytest.param(BY_TOKEN, fcm.UNREGISTERED, id="token"),
        pytest.param(BY_INSTALLATION, fcm.UNREGISTERED, id="installation"),
        pytest.param(BY_APPLE, apns.UNREGISTERED, id="apple"),
    ],
)
def test_a_dead_target_is_retired_alone_shown_and_comes_back(
    phone: Phone,
    firebase: FcmSink,
    apple: ApnsSink,
    body: dict[str, str],
    gone: Answer,
) -> None:
    path = register(phone, body)
    other = register(phone, {"kind": "fcm", "token": "another-phone:APA91b"})
    target = body.get("token") or body["installation_id"]
    firebase.answers[target] = apple.answers[target] = gone
    phone.post("entries/", RED_FLAG)
    deliver_all()

    assert [each.target for each in firebase.messages] == ["another-phone:APA91b"]
    assert mail.outbox, "the mail goes out"
    shown = phone.get(path).json()
    assert (shown["reachable"], shown["off_because"]) == (False, f"unregistered_{gone.status}")
    assert shown["off_since"]
    listed = {each["id"]: each["reachable"] for each in phone.get("devices/").json()["results"]}
    assert sorted(listed.values()) == [False, True]
    assert phone.get(other).json()["reachable"]

    phone.post("entries/", {**RED_FLAG, "red_flags": {"bowel": "new_or_worse"}})
    deliver_all()
    assert [*firebase.attempts, *apple.attempts].count(target) == 1

    firebase.answers, apple.answers = {}, {}
    answer = phone.put(path, body)
    assert (answer.status_code, answer.json()["reachable"]) == (200, True)
    assert (answer.json()["off_since"], answer.json()["off_because"]) == (None, None)


def test_a_device_that_is_off_can_be_removed(phone: Phone, apple: ApnsSink) -> None:
    path = register(phone, BY_APPLE)
    apple.answer = apns.UNREGISTERED
    phone.post("entries/", RED_FLAG)
    deliver_all()
    assert phone.get(path).json()["reachable"] is False
    assert phone.delete(path).status_code == 204
    assert phone.delete(path).status_code == 404
    assert phone.get("devices/").json()["results"] == []


def test_a_channel_that_is_not_set_up_is_owed_nothing(phone: Phone, db: None) -> None:
    for body in (BY_TOKEN, BY_INSTALLATION, BY_APPLE):
        answer = phone.put(f"devices/{uuid4()}/", body)
        assert (answer.status_code, answer.json()["reachable"]) == (201, False)
        assert (answer.json()["kind"], answer.json()["off_since"]) == (body["kind"], None)
    phone.post("entries/", RED_FLAG)
    assert not Delivery.objects.exclude(channel=Channel.EMAIL).exists()


def test_a_key_that_cannot_be_read_is_the_operators_to_repair(
    patient: Patient, phone: Phone, apple: ApnsSink, settings: Any, tmp_path: Any
) -> None:
    register(phone, BY_APPLE)
    owed = owe_message(patient, channel=Channel.APNS, device=PushDevice.objects.get())
    settings.APNS_KEY_FILE = str(tmp_path / "nowhere")
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.because) == (DeliveryState.OWED, "misconfigured")
    assert PushDevice.objects.get().retired_at is None
    assert not Delivery.objects.filter(incident__kind=IncidentKind.DELIVERY_DEAD).exists()


def test_the_canarys_phone_takes_everything(patient: Patient) -> None:
    device = PushDevice.objects.create(
        patient=patient,
        device_id=uuid4(),
        kind=DeviceKind.CANARY,
        endpoint_digest=b"canary",
        registered_at=patient.user.date_joined,
    )
    owed = owe_message(patient, channel=Channel.CANARY, device=device)
    assert senders.far_end(owed) == ""
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.provider_id) == (DeliveryState.ACCEPTED, "canary")


def test_each_channel_has_its_own_far_end(
    patient: Patient, phone: Phone, firebase: FcmSink, apple: ApnsSink, settings: Any
) -> None:
    hosts = {}
    for body in (BY_TOKEN, BY_APPLE):
        register(phone, body)
        device = PushDevice.objects.latest("pk")
        hosts[device.channel] = senders.far_end(
            owe_message(patient, channel=device.channel, device=device)
        )
    assert hosts == {
        Channel.FCM: f"127.0.0.1:{firebase.port}",
        Channel.APNS: f"127.0.0.1:{apple.port}",
    }
    by_mail = owe_message(patient)
    assert senders.far_end(by_mail) == ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587
    assert senders.far_end(by_mail) == "mail.example.org:587"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "fcm", "token": "a/b" * 20}, ("/token", "token_malformed")),
        ({"kind": "fcm", "token": "short"}, ("/token", "token_malformed")),
        ({"kind": "apns", "token": "g" * 64}, ("/token", "token_malformed")),
        ({"kind": "apns", "token": "a" * 63}, ("/token", "token_malformed")),
        ({"kind": "apns", "token": "a" * 201}, ("/token", "token_malformed")),
        (
            {"kind": "fcm", "installation_id": "with space and more"},
            ("/installation_id", "installation_id_malformed"),
        ),
        ({"kind": "fcm", "installation_id": "a" * 65}, ("/installation_id", "max_length")),
        ({**BY_TOKEN, **BY_INSTALLATION}, ("", "wrong_target")),
        ({"kind": "fcm"}, ("", "wrong_target")),
        ({"kind": "apns", "installation_id": "dIsVQ2QVRT-TW7L6VfeAMh"}, ("", "wrong_target")),
        ({"kind": "fcm_fid", "token": "x" * 22}, ("/kind", "invalid_choice")),
        ({"kind": "canary", "token": "x" * 22}, ("/kind", "invalid_choice")),
    ],
)
def test_what_no_provider_would_take_is_refused(
    phone: Phone, body: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert expected in errors_of(phone.put(f"devices/{uuid4()}/", body))
    assert not PushDevice.objects.exists()
