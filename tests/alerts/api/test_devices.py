"""Push devices over HTTP: what is registered, what is refused, and a phone that changes hands."""

import base64
import socket
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core import mail
from django.db.models.functions import Now

from alerts import delivery, devices
from alerts.channels import webpush_keys
from alerts.core import texts
from alerts.models import AlertEvent, Channel, Delivery, DeliveryState, PushDevice
from diary.models import Patient
from tests.diary.bodies import ENTRY
from tests.phones import Phone, at_once, code_of, enrolled, errors_of

ENDPOINT = "https://fcm.googleapis.com/fcm/send/secret-part"
RED_FLAG = {**ENTRY, "red_flags": {"bladder": "new_or_worse"}}


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


POINT = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
)
KEYS = {"p256dh": encoded(POINT), "auth": encoded(b"a" * 16)}


def token_of(name: str) -> str:
    return f"{name.replace('/', '_')}:APA91bFq2n7Zt5u1"


def webpush(endpoint: str = ENDPOINT, **keys: str) -> dict[str, Any]:
    subscription = {"endpoint": endpoint, "keys": {**KEYS, **keys}, "expirationTime": None}
    return {"kind": "webpush", "subscription": subscription, "name": "My phone"}


@pytest.fixture
def path(db: None) -> str:
    return f"devices/{uuid4()}/"


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a name was looked up, or a packet went out")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "gethostbyname", refuse)


def test_a_device_is_made_changed_read_and_removed(phone: Phone, path: str) -> None:
    made = phone.put(path, webpush())
    changed = phone.put(path, {**webpush(), "app_version": "2.0"})
    assert [made.status_code, changed.status_code] == [201, 200]
    assert phone.put(path, changed.json() | webpush() | {"app_version": "2.0"}).status_code == 200

    (listed,) = phone.get("devices/").json()["results"]
    assert phone.get(path).json().items() >= {"name": "My phone", "app_version": "2.0"}.items()
    assert listed["endpoint_host"] == "fcm.googleapis.com"
    assert b"secret-part" not in made.content + phone.get("devices/").content
    assert KEYS["auth"].encode() not in made.content

    assert phone.delete(path).status_code == 204
    for answer in (phone.delete(path), phone.get(path)):
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert phone.put(path, webpush()).json()["reachable"] is True


@pytest.mark.parametrize("kind", ["fcm", "apns"])
def test_a_providers_token_is_kept_although_nothing_reaches_it_yet(
    phone: Phone, path: str, kind: str
) -> None:
    token = "5ec2e7" * 12
    answer = phone.put(path, {"kind": kind, "token": token})
    assert (answer.status_code, answer.json()["reachable"]) == (201, False)
    assert answer.json()["endpoint_host"] is None
    assert token.encode() not in answer.content


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"kind": "sms"}, ("/kind", "invalid_choice"), id="unknown-kind"),
        pytest.param({"kind": "webpush"}, ("", "wrong_target"), id="no-subscription"),
        pytest.param({"kind": "fcm"}, ("", "wrong_target"), id="no-token"),
        pytest.param({"kind": "fcm", "token": ""}, ("/token", "min_length"), id="empty-token"),
        pytest.param({**webpush(), "token": "x"}, ("", "wrong_target"), id="both"),
        pytest.param({**webpush(), "user": 1}, ("/user", "unknown_field"), id="unknown-field"),
        *(
            pytest.param(webpush(endpoint), ("/subscription", code), id=endpoint[:60])
            for endpoint, code in [
                ("http://fcm.googleapis.com/x", "endpoint_not_https"),
                ("https://fcm.googleapis.com:8443/x", "endpoint_port"),
                ("https://a:b@fcm.googleapis.com/x", "endpoint_userinfo"),
                ("https://fcm.googleapis.com@127.0.0.1/x", "endpoint_userinfo"),
                ("https://127.0.0.1/x", "endpoint_ip_literal"),
                ("https://2130706433/x", "endpoint_ip_literal"),
                ("https://0177.0.0.1/x", "endpoint_ip_literal"),
                ("https://0x7f.1/x", "endpoint_ip_literal"),
                ("https://[::1]/x", "endpoint_ip_literal"),
                ("https://[::ffff:169.254.169.254]/x", "endpoint_ip_literal"),
                ("https://localhost/x", "endpoint_reserved_name"),
                ("https://metadata.google.internal/x", "endpoint_reserved_name"),
                ("https://intranet-host/x", "endpoint_single_label"),
                ("https://xn--fcm-googleapis-9za.com/x", "endpoint_host_not_allowed"),
                ("https://fcm.googleapis.com.evil.example.com/x", "endpoint_host_not_allowed"),
                ("https://evilpush.apple.com/x", "endpoint_host_not_allowed"),
                ("https://fcm.googleapis.com\n/x", "endpoint_malformed"),
                ("https://fcm.googleapis.com", "endpoint_malformed"),
                ("javascript:alert(1)", "endpoint_malformed"),
                ("http://127.0.0.1:9/x", "endpoint_not_https"),
            ]
        ),
        pytest.param(
            webpush(ENDPOINT + "x" * 2048),
            ("/subscription/endpoint", "max_length"),
            id="2048-characters",
        ),
        pytest.param(
            webpush(p256dh=encoded(b"\x04" + b"\1" * 64)),
            ("/subscription", "p256dh_invalid"),
            id="no-point-of-the-curve",
        ),
        pytest.param(
            webpush(p256dh=encoded(POINT[:64])), ("/subscription", "p256dh_invalid"), id="short"
        ),
        pytest.param(
            webpush(auth=encoded(b"a" * 15)), ("/subscription", "auth_invalid"), id="15-bytes"
        ),
        pytest.param(
            webpush(auth=encoded(b"a" * 17)), ("/subscription", "auth_invalid"), id="17-bytes"
        ),
        pytest.param(
            webpush(auth="a" * 1_000_000), ("/subscription/keys/auth", "max_length"), id="1-MB-key"
        ),
    ],
)
@pytest.mark.usefixtures("_no_network")
def test_a_device_that_cannot_be_sent_to_is_refused(
    phone: Phone, path: str, body: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert expected in errors_of(phone.put(path, body))
    assert not PushDevice.objects.exists()


def test_an_account_has_at_most_ten_devices(phone: Phone) -> None:
    paths = [f"devices/{uuid4()}/" for _ in range(11)]
    answers = [phone.put(p, {"kind": "fcm", "token": token_of(p)}) for p in paths]
    assert [a.status_code for a in answers[:10]] == [201] * 10
    assert errors_of(answers[10]) == {("", "too_many_devices")}
    assert phone.put(paths[0], {"kind": "fcm", "token": token_of("new")}).status_code == 200
    phone.delete(paths[0])
    assert phone.put(paths[10], {"kind": "fcm", "token": token_of(paths[10])}).status_code == 201


def test_a_phone_that_changes_hands_gets_none_of_the_former_owners_messages(
    phone: Phone, patient: Patient, path: str
) -> None:
    phone.put(path, webpush())
    assert phone.post("entries/", RED_FLAG).json()["alerts"]
    (owed,) = Delivery.objects.filter(channel=Channel.WEBPUSH)
    other = enrolled()
    new_phone = Phone.of(other)

    assert new_phone.put(path, webpush()).status_code == 201
    assert phone.get(path).status_code == 404
    assert phone.get("devices/").json()["results"] == []
    assert new_phone.get("alerts/").json()["results"] == []

    (notice,) = AlertEvent.objects.filter(kind="notice")
    (told,) = notice.deliveries.all()
    assert (notice.patient, told.recipient) == (patient, patient.user)
    assert (told.channel, told.state) == (Channel.EMAIL, DeliveryState.OWED)
    delivery.deliver(told.pk)
    assert mail.outbox[0].to == [patient.user.email]
    assert mail.outbox[0].subject == texts.text("account.device_moved", "en").title

    delivery.deliver(owed.pk)  # what was owed to the phone dies with it
    owed.refresh_from_db()
    assert (owed.state, owed.because) == (DeliveryState.CANCELLED, "device_retired")
    phone.post("entries/", {**RED_FLAG, "red_flags": {"bowel": "new_or_worse"}})
    assert not Delivery.objects.filter(
        patient=patient, channel=Channel.WEBPUSH, state=DeliveryState.OWED
    ).exists()
    assert not Delivery.objects.filter(patient=other).exists()


def test_a_phone_that_was_set_up_anew_is_no_other_account(phone: Phone, path: str) -> None:
    phone.put(path, webpush())
    assert phone.put(f"devices/{uuid4()}/", webpush()).status_code == 201
    assert len(phone.get("devices/").json()["results"]) == 1
    assert not AlertEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_endpoint_registered_by_many_at_once_has_one_owner() -> None:
    phones = [Phone.of(enrolled()) for _ in range(6)]
    answers = at_once(
        *((lambda p=each: p.put(f"devices/{uuid4()}/", webpush())) for each in phones)
    )
    assert [a.status_code for a in answers] == [201] * 6
    assert PushDevice.objects.filter(retired_at=None).count() == 1
    assert AlertEvent.objects.filter(kind="notice").count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_accounts_that_swap_phones_at_once_do_not_wait_for_each_other() -> None:
    one, other = Phone.of(enrolled()), Phone.of(enrolled())
    first, second = ({"kind": "fcm", "token": token_of(name)} for name in ("first", "second"))
    for _ in range(5):
        one.put(f"devices/{uuid4()}/", first)
        other.put(f"devices/{uuid4()}/", second)
        answers = at_once(
            lambda: one.put(f"devices/{uuid4()}/", second),
            lambda: other.put(f"devices/{uuid4()}/", first),
        )
        assert [a.status_code for a in answers] == [201, 201]
    assert PushDevice.objects.filter(retired_at=None).count() == 2


def test_the_push_key_is_a_point_of_the_curve(phone: Phone) -> None:
    key = phone.get("push-key/").json()["webpush"]
    raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    private = webpush_keys.signing_key(settings.WEBPUSH_VAPID_PRIVATE_KEY)
    assert point == private.public_key(), "the one that our signatures are checked with"


@pytest.mark.parametrize(
    "change", [{"endpoint_digest": b"anew"}, {"retired_at": Now()}], ids=["anew", "removed"]
)
def test_who_gave_an_endpoint_up_in_time_loses_nothing_and_is_told_nothing(
    phone: Phone, path: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    phone.put(path, {"kind": "fcm", "token": token_of("first")})
    before_the_lock = devices._holders

    def found(*args: Any, **named: Any) -> list[PushDevice]:
        holders = before_the_lock(*args, **named)
        PushDevice.objects.update(**change)
        return holders

    monkeypatch.setattr(devices, "_holders", found)
    assert (
        Phone.of(enrolled()).put(path, {"kind": "fcm", "token": token_of("first")}).status_code
        == 201
    )
    assert PushDevice.objects.earliest("pk").retired_because != "moved"
    assert not AlertEvent.objects.filter(kind="notice").exists()
