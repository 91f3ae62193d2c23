"""Web Push against a push service that decrypts, checks the signature and answers as told."""

import base64
import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest

from alerts.channels import webpush, wire
from alerts.channels.outcome import NotAccepted
from tests.sinks.push import Answer, PushSink

KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).rstrip(b"=").decode()
VAPID = webpush.Vapid(KEY, "mailto:operator@clinic.example")
ALERT = "0b8f4a9e-3d1c-4b6f-9a52-6a4f3f7f8a11"
SERVICES = ("fcm.googleapis.com",)


def send(subscription: dict[str, Any], **changes: Any) -> str:
    arguments: dict[str, Any] = {
        "endpoint": subscription["endpoint"],
        **subscription["keys"],
        "payload": webpush.payload_of("Important health message. Open now.", ALERT, 4),
        "topic": "alert-1",
        "urgency": "high",
        "ttl": 3_600,
        "vapid": VAPID,
        "allowed_hosts": SERVICES,
        "allow_loopback": True,
    }
    return webpush.send(**{**arguments, **changes})


def refused(subscription: dict[str, Any], **changes: Any) -> NotAccepted:
    with pytest.raises(NotAccepted) as refusal:
        send(subscription, **changes)
    return refusal.value


def test_the_browser_reads_what_was_sent(push_service: PushSink) -> None:
    send(push_service.subscribe())
    (push,) = push_service.pushes
    assert push.message == {
        "text": "Important health message. Open now.",
        "alert": ALERT,
        "level": 4,
    }
    wanted = {"ttl": "3600", "urgency": "high", "topic": "alert-1"}
    assert {name: push.headers[name] for name in wanted} == wanted
    assert push.claims["aud"] == push_service.origin
    assert push.claims["sub"] == VAPID.subject
    assert push.vapid_key == webpush.public_key(KEY)


def test_the_id_is_what_the_service_calls_the_message(push_service: PushSink) -> None:
    push_service.answer = Answer(201, {"Location": "https://push.example/m/0:17%7c"})
    assert send(push_service.subscribe()) == "0:17%7c"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_success_counts_and_an_id_is_optional(push_service: PushSink, status: int) -> None:
    push_service.answer = Answer(status)
    assert send(push_service.subscribe()) == ""


def test_every_message_has_the_same_length_on_the_wire(push_service: PushSink) -> None:
    subscription = push_service.subscribe()
    for text, alert, level in [("A", None, 0), ("Important. Open now.", ALERT, 4), ("请", "1", 1)]:
        send(subscription, payload=webpush.payload_of(text, alert, level))
    assert len({push.sealed_length for push in push_service.pushes}) == 1
    assert len({len(push.body) for push in push_service.pushes}) == 1
    assert push_service.pushes[0].message == {"text": "A", "alert": None, "level": 0}


def test_a_line_too_long_to_be_padded_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="too long"):
        webpush.payload_of("x" * 500, ALERT, 4)


@pytest.mark.parametrize(
    ("status", "because", "permanent", "gone"),
    [
        (301, "redirected_301", True, True),
        (400, "refused_400", True, False),
        (401, "refused_401", True, False),
        (403, "refused_403", True, False),
        (404, "gone_404", True, True),
        (406, "busy_406", False, False),
        (408, "busy_408", False, False),
        (410, "gone_410", True, True),
        (413, "refused_413", True, False),
        (429, "busy_429", False, False),
        (500, "busy_500", False, False),
        (503, "busy_503", False, False),
    ],
)
def test_every_answer_says_whether_to_try_again(
    push_service: PushSink, status: int, because: str, permanent: bool, gone: bool
) -> None:
    push_service.answer = Answer(status)
    refusal = refused(push_service.subscribe())
    assert (refusal.because, refusal.permanent) == (because, permanent)
    assert refusal.far_end_down == because.startswith("busy"), "a refusal is about this message"
    assert refusal.endpoint_gone is gone
    assert refusal.retry_after is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, timedelta(seconds=17)),
        ({"Retry-After": "9" * 60}, timedelta(days=1)),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 10:00:30 GMT",
                "Date": "Sun, 22 Nov 2026 10:00:00 GMT",
            },
            timedelta(seconds=30),
        ),
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 09:00:00 GMT",
                "Date": "Sun, 22 Nov 2026 10:00:00 GMT",
            },
            timedelta(0),
        ),
    ],
)
def test_the_wait_that_the_service_asks_for_is_passed_on(
    push_service: PushSink, status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    push_service.answer = Answer(status, headers)
    assert refused(push_service.subscribe()).retry_after == wait


def test_a_hang_up_without_an_answer_is_tried_again(push_service: PushSink) -> None:
    push_service.answer = Answer(drop=True)
    refusal = refused(push_service.subscribe())
    assert len(push_service.pushes) == 1
    assert not refusal.permanent


def test_a_closed_port_is_tried_again(push_service: PushSink) -> None:
    subscription = push_service.subscribe()
    push_service.refuse()
    assert not refused(subscription).permanent
    push_service.listen()
    send(subscription)


@pytest.mark.parametrize("answer", [Answer(hang=True), Answer(drip=0.05)], ids=["hang", "drip"])
def test_nobody_is_waited_for_longer_than_the_limit(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(webpush, "TOTAL_SECONDS", 0.4)
    push_service.answer = answer
    started = time.monotonic()
    refusal = refused(push_service.subscribe())
    assert time.monotonic() - started < 0.8
    assert (refusal.because, refusal.permanent) == ("timed_out", False)
    assert refusal.far_end_down


def test_the_limits_are_those_that_were_promised() -> None:
    assert (wire.CONNECT_SECONDS, wire.TOTAL_SECONDS) == (3, 10)
    assert wire.MAX_ANSWER_BYTES == 4_096


def test_an_endless_answer_is_not_read(push_service: PushSink) -> None:
    push_service.answer = Answer(201, {f"X-{n}": "x" * 1_000 for n in range(8)})
    assert refused(push_service.subscribe()).because == "answer_unreadable"


def test_the_words_of_the_answer_go_nowhere(push_service: PushSink) -> None:
    push_service.answer = Answer(400)
    refusal = refused(push_service.subscribe("device-token"))
    assert "secret" not in repr(vars(refusal))
    assert "device-token" not in repr(vars(refusal))


def test_an_unknown_name_is_tried_again(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    keys = push_service.subscribe()["keys"]
    refusal = refused({"endpoint": "https://fcm.googleapis.com/x", "keys": keys})
    assert (refusal.because, refusal.permanent) == ("name_not_found", False)


def test_an_endpoint_outside_the_list_is_not_sent_to_but_the_device_stays(
    push_service: PushSink,
) -> None:
    refusal = refused(push_service.subscribe(), allow_loopback=False)
    assert push_service.connections == 0
    assert (refusal.permanent, refusal.endpoint_gone) == (True, False)
    assert not refusal.far_end_down


@pytest.mark.parametrize(
    "vapid",
    [
        webpush.Vapid("", "mailto:operator@clinic.example"),
        webpush.Vapid("AAAA", "mailto:operator@clinic.example"),
        webpush.Vapid("A" * 43, "mailto:operator@clinic.example"),
        webpush.Vapid(KEY, "operator"),
    ],
)
def test_a_wrong_key_of_ours_is_no_reason_to_give_the_message_up(
    push_service: PushSink, vapid: webpush.Vapid
) -> None:
    refusal = refused(push_service.subscribe(), vapid=vapid)
    assert (refusal.because, refusal.permanent) == ("vapid_misconfigured", False)
    assert refusal.far_end_down
    assert not refusal.endpoint_gone


def test_the_private_key_is_in_no_repr() -> None:
    assert KEY not in repr(VAPID)


@pytest.mark.parametrize(
    "changes", [{"topic": "a b"}, {"topic": "x" * 33}, {"urgency": "now"}, {"ttl": -1}]
)
def test_a_mistake_of_the_caller_is_not_sent(
    push_service: PushSink, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"topic|urgency"):
        send(push_service.subscribe(), **changes)
    assert push_service.connections == 0


def test_a_payload_over_the_limit_of_push_services_is_not_sent(push_service: PushSink) -> None:
    with pytest.raises(ValueError, match="longer"):
        send(push_service.subscribe(), payload=b"x" * 3_994)
    send(push_service.subscribe(), payload=json.dumps({"x": "y" * 3_980}).encode()[:3_993])
