"""FCM against a Firebase that checks the assertion, grants access, and answers as told."""

import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from alerts.channels import fcm, fcm_account, provider
from alerts.channels.outcome import NotAccepted
from alerts.channels.push_message import PushMessage
from tests.sinks.fcm import QUOTA_EXCEEDED, UNAVAILABLE, UNREGISTERED, FcmSink, refusal
from tests.sinks.http2 import Answer

TOKEN, FID = "d9QhW3xYRk6:APA91bFq2n7Zt5u1", "dIsVQ2QVRT-TW7L6VfeAMh"
ID = UUID("0b8f4a9e-3d1c-4b6f-9a52-6a4f3f7f8a11")
LINE = "Important health message. Open now."


def message(**changes: Any) -> PushMessage:
    said: dict[str, Any] = {"line": LINE, "alert": str(ID), "level": 4, "id": ID, "ttl": 86_400}
    return PushMessage(**(said | changes))


class Sender:
    """What the server does with a Firebase: one account, one base URL."""

    def __init__(self, sink: FcmSink, folder: Path) -> None:
        self.settings = sink.settings(folder)
        self.account = fcm_account.service_account(self.settings["FCM_SERVICE_ACCOUNT_FILE"])

    def send(self, address: str = TOKEN, kind: str = "token", **changes: Any) -> str:
        base_url = self.settings["FCM_BASE_URL"]
        said = message(**changes)
        return fcm.send(said, kind=kind, address=address, account=self.account, base_url=base_url)

    def refused(self, *args: Any, **changes: Any) -> NotAccepted:
        with pytest.raises(NotAccepted) as refused:
            self.send(*args, **changes)
        assert refused.value.__cause__ is None
        return refused.value


@pytest.fixture
def sender(firebase: FcmSink, tmp_path: Path) -> Sender:
    return Sender(firebase, tmp_path)


@pytest.mark.parametrize(("kind", "address"), [("token", TOKEN), ("fid", FID)])
def test_a_message_is_neutral_stable_and_private(
    firebase: FcmSink, sender: Sender, kind: str, address: str
) -> None:
    assert sender.send(address, kind) == "0:1"
    (taken,) = firebase.messages
    assert (taken.kind, taken.target, taken.id) == (kind, address, ID.hex)
    assert taken.data == {"text": LINE, "alert": str(ID), "level": "4"}
    assert taken.body["notification"] == {"body": LINE}
    assert taken.body["android"] == {
        "priority": "HIGH",
        "collapse_key": ID.hex,
        "ttl": "86400s",
        "notification": {"tag": ID.hex, "visibility": "PRIVATE"},
    }
    assert taken.body["apns"]["headers"]["apns-priority"] == "10"
    assert taken.body["apns"]["payload"]["aps"]["interruption-level"] == "time-sensitive"
    assert firebase.refusals == []


def test_a_message_that_can_wait_does_not_ring(firebase: FcmSink, sender: Sender) -> None:
    sender.send(level=2, alert=None)
    (taken,) = firebase.messages
    assert taken.body["android"]["priority"] == "NORMAL"
    assert taken.body["apns"]["headers"]["apns-priority"] == "5"
    assert "sound" not in taken.body["apns"]["payload"]["aps"]
    assert taken.data == {"text": LINE, "alert": "", "level": "2"}


INVALID = "INVALID_ARGUMENT"
# permanent, endpoint_gone, far_end_down
RETRY, DOWN = (False, False, False), (False, False, True)
DEAD, GONE = (True, False, False), (True, True, False)


@pytest.mark.parametrize(
    ("answer", "because", "means"),
    [
        pytest.param(UNREGISTERED, "unregistered_404", GONE, id="unregistered"),
        pytest.param(refusal(404, "NOT_FOUND"), "not_found_404", GONE, id="not-found"),
        pytest.param(
            refusal(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
            "sender_mismatch_403",
            GONE,
            id="of-another-sender",
        ),
        pytest.param(refusal(400, INVALID, INVALID), "message_refused_400", DEAD, id="invalid"),
        pytest.param(
            refusal(400, INVALID, INVALID, field="message.android.ttl"),
            "message_refused_400",
            DEAD,
            id="invalid-elsewhere",
        ),
        pytest.param(
            refusal(400, INVALID, INVALID, field="message.token"),
            "target_invalid_400",
            GONE,
            id="invalid-token",
        ),
        pytest.param(
            refusal(400, INVALID, INVALID, field="message.fid"),
            "target_invalid_400",
            GONE,
            id="invalid-installation",
        ),
        pytest.param(
            refusal(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
            "apns_key_refused_401",
            RETRY,
            id="the-projects-key-for-apple",
        ),
        pytest.param(refusal(403, "PERMISSION_DENIED"), "login_refused_403", DOWN, id="forbidden"),
        pytest.param(QUOTA_EXCEEDED, "busy_429", DOWN, id="quota"),
        pytest.param(UNAVAILABLE, "busy_503", DOWN, id="unavailable"),
        pytest.param(refusal(500, "INTERNAL", "INTERNAL"), "busy_500", DOWN, id="internal"),
        pytest.param(Answer(502, b"<html>"), "busy_502", DOWN, id="a-proxys-page"),
        pytest.param(Answer(404, b"<html>"), "not_the_provider_404", DOWN, id="another-server"),
        pytest.param(
            Answer(307, headers={"location": "http://127.0.0.1:1/"}),
            "not_the_provider_307",
            DOWN,
            id="redirected",
        ),
        pytest.param(Answer(413), "refused_413", DEAD, id="too-long"),
        pytest.param(
            Answer(400, {"error": {"details": [{"fieldViolations": [7]}, 8], "status": 9}}),
            "refused_400",
            DEAD,
            id="odd-details",
        ),
        pytest.param(Answer(400, {"error": {"details": 5}}), "refused_400", DEAD, id="odder"),
        pytest.param(Answer(400, [1]), "refused_400", DEAD, id="no-object"),
    ],
)
def test_each_answer_has_one_meaning(
    firebase: FcmSink,
    sender: Sender,
    answer: Answer,
    because: str,
    means: tuple[bool, bool, bool],
) -> None:
    firebase.answers[TOKEN] = answer
    refused = sender.refused()
    assert refused.because == because
    assert (refused.permanent, refused.endpoint_gone, refused.far_end_down) == means
    assert "secret" not in str(refused)
    sender.send("another-token:APA91b")  # nothing is the matter with the others


def test_the_wait_that_is_asked_for_comes_back(firebase: FcmSink, sender: Sender) -> None:
    firebase.answer = QUOTA_EXCEEDED
    assert sender.refused().retry_after == timedelta(seconds=30)
    date = {"date": "Sun, 22 Nov 2026 05:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 05:02:00 GMT"}
    firebase.answer = Answer(503, headers=date)
    assert sender.refused().retry_after == timedelta(minutes=2)
    firebase.answer = Answer(503, headers={"retry-after": "9" * 5_000})
    assert sender.refused().retry_after == timedelta(days=1)


def test_an_answer_without_a_name_is_a_yes_all_the_same(firebase: FcmSink, sender: Sender) -> None:
    firebase.answer = Answer(body=b"{broken")
    assert sender.send() == ""


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("token", "a/b" * 9),
        ("token", "x" * 15),
        ("token", "x" * 4_097),
        ("fid", TOKEN),
        ("fid", ""),
    ],
)
def test_what_is_no_target_is_not_sent(
    firebase: FcmSink, sender: Sender, kind: str, address: str
) -> None:
    refused = sender.refused(address, kind)
    assert (refused.because, refused.endpoint_gone) == ("target_malformed", True)
    assert firebase.connections == 0


def test_no_log_shows_a_token(
    firebase: FcmSink, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):  # of the whole; the libraries keep theirs
        sender.send()
    assert TOKEN not in caplog.text
    assert "PRIVATE KEY" not in repr(sender.account)


def test_a_kept_connection_is_quick(firebase: FcmSink, sender: Sender) -> None:
    sender.send()
    began = time.monotonic()
    for _ in range(20):
        sender.send(id=uuid4())
    assert time.monotonic() - began < 2
    assert len(provider._providers) >= 2
