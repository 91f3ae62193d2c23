"""APNs against an Apple that checks the signature, the topic and the age of both."""

import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from alerts.channels import apns
from alerts.channels.key_file import KeyRefused
from alerts.channels.outcome import NotAccepted
from tests.alerts.channels.test_fcm import DEAD, DOWN, GONE, ID, LINE, RETRY, message
from tests.sinks.apns import BAD_TOKEN, INTERNAL, TOO_MANY, UNREGISTERED, ApnsSink, refusal
from tests.sinks.http2 import Answer

TOKEN = "0123456789abcdef" * 4


class Sender:
    """What the server does with Apple: one key, one base URL."""

    def __init__(self, sink: ApnsSink, folder: Path, **changes: str) -> None:
        said = sink.settings(folder)
        self.file = Path(said["APNS_KEY_FILE"])
        self.base_url = said["APNS_BASE_URL"]
        parts = {name: said[f"APNS_{name.upper()}"] for name in ("key_id", "team_id", "topic")}
        pem = apns.private_key(str(self.file))
        self.key = apns.SigningKey(private_key=pem, **(parts | changes))

    def send(self, token: str = TOKEN, **changes: Any) -> str:
        return apns.send(message(**changes), token=token, key=self.key, base_url=self.base_url)

    def refused(self, *args: Any, **changes: Any) -> NotAccepted:
        with pytest.raises(NotAccepted) as refused:
            self.send(*args, **changes)
        return refused.value


@pytest.fixture
def sender(apple: ApnsSink, tmp_path: Path) -> Sender:
    return Sender(apple, tmp_path)


def test_a_message_is_neutral_stable_and_rings_at_once(apple: ApnsSink, sender: Sender) -> None:
    assert sender.send() == str(ID)
    (taken,) = apple.messages
    assert taken.target == TOKEN
    assert taken.body == {
        "aps": {
            "alert": {"body": LINE},
            "sound": "default",
            "interruption-level": "time-sensitive",
        },
        "text": LINE,
        "alert": str(ID),
        "level": 4,
    }
    heads = taken.headers
    assert (heads["apns-collapse-id"], heads["apns-priority"]) == (ID.hex, "10")
    assert abs(int(heads["apns-expiration"]) - time.time() - 86_400) < 60
    assert apple.refusals == []


def test_a_message_that_can_wait_does_not_ring(apple: ApnsSink, sender: Sender) -> None:
    sender.send(level=2, alert=None)
    (taken,) = apple.messages
    assert (taken.headers["apns-priority"], taken.body["alert"]) == ("5", None)
    assert "sound" not in taken.body["aps"]


@pytest.mark.parametrize(
    ("answer", "because", "means"),
    [
        pytest.param(UNREGISTERED, "unregistered_410", GONE, id="unregistered"),
        pytest.param(refusal(410, "ExpiredToken"), "unregistered_410", GONE, id="expired-token"),
        pytest.param(Answer(410), "unregistered_410", GONE, id="410-without-a-reason"),
        pytest.param(BAD_TOKEN, "target_invalid_400", GONE, id="bad-token"),
        pytest.param(
            refusal(400, "DeviceTokenNotForTopic"),
            "target_of_another_app_400",
            GONE,
            id="of-another-app",
        ),
        pytest.param(refusal(400, "BadCollapseId"), "refused_400", DEAD, id="our-mistake"),
        pytest.param(refusal(413, "PayloadTooLarge"), "refused_413", DEAD, id="too-long"),
        pytest.param(refusal(400, "TopicDisallowed"), "topic_refused_400", DOWN, id="topic"),
        pytest.param(refusal(403, "InvalidProviderToken"), "login_refused_403", DOWN, id="our-key"),
        pytest.param(
            refusal(429, "TooManyProviderTokenUpdates"),
            "login_refused_429",
            DOWN,
            id="too-many-signatures",
        ),
        pytest.param(TOO_MANY, "too_many_for_this_device_429", RETRY, id="one-device"),
        pytest.param(Answer(429), "busy_429", DOWN, id="429-without-a-reason"),
        pytest.param(INTERNAL, "busy_500", DOWN, id="internal"),
        pytest.param(refusal(503, "Shutdown"), "busy_503", DOWN, id="shutdown"),
        pytest.param(refusal(404, "BadPath"), "not_the_provider_404", DOWN, id="another-server"),
        pytest.param(refusal(400, "IdleTimeout"), "disconnected_400", RETRY, id="idle"),
    ],
)
def test_each_answer_has_one_meaning(
    apple: ApnsSink,
    sender: Sender,
    answer: Answer,
    because: str,
    means: tuple[bool, bool, bool],
) -> None:
    apple.answers[TOKEN] = answer
    refused = sender.refused()
    assert refused.because == because
    assert (refused.permanent, refused.endpoint_gone, refused.far_end_down) == means
    sender.send("f" * 64)  # nothing is the matter with the others


def test_the_wait_that_is_asked_for_comes_back(apple: ApnsSink, sender: Sender) -> None:
    apple.answer = TOO_MANY
    assert sender.refused().retry_after == timedelta(seconds=30)


def test_one_signature_serves_many_messages(apple: ApnsSink, sender: Sender) -> None:
    for _ in range(3):
        sender.send()
    assert (len(apple.signatures), apple.connections, len(apple.messages)) == (1, 1, 3)


@pytest.mark.parametrize(
    ("minutes", "signatures"),
    [
        pytest.param(49, 1, id="49-minutes-are-not-too-old"),
        pytest.param(50, 2, id="50-minutes-are"),
    ],
)
def test_a_signature_is_renewed_before_its_hour_is_over(
    apple: ApnsSink, sender: Sender, minutes: int, signatures: int
) -> None:
    sender.send()
    made_at = apns._signature(sender.key)._made_at
    with patch.object(apns, "time", _Clock(made_at + minutes * 60)):
        sender.send()
    assert len(apple.signatures) == signatures


@pytest.mark.parametrize(
    ("minutes", "signatures"),
    [
        pytest.param(19, 1, id="after-19-minutes-another-would-be-too-many"),
        pytest.param(20, 2, id="after-20-it-may-be-made"),
    ],
)
def test_a_signature_that_apple_calls_expired_is_renewed_but_not_too_often(
    apple: ApnsSink, sender: Sender, minutes: int, signatures: int
) -> None:
    sender.send()
    apple.refused_signatures.update(apple.signatures)
    made_at = apns._signature(sender.key)._made_at
    with patch.object(apns, "time", _Clock(made_at + minutes * 60)):
        if signatures == 2:
            assert sender.send() == str(ID)
        else:
            refused = sender.refused()
            assert (refused.because, refused.far_end_down) == ("login_refused_403", True)
    assert len(apple.signatures) == signatures


class _Clock:
    """A machine that has run for a while since."""

    def __init__(self, monotonic: float) -> None:
        self._at = monotonic + 0.001  # what is added to a clock and taken off again is not exact

    def monotonic(self) -> float:
        return self._at

    def time(self) -> float:
        return time.time()


def test_a_key_that_apple_does_not_know_is_the_operators_to_repair(
    apple: ApnsSink, tmp_path: Path
) -> None:
    refused = Sender(apple, tmp_path, team_id="ANOTHER123").refused()
    assert (refused.because, refused.permanent) == ("login_refused_403", False)
    assert (refused.far_end_down, refused.endpoint_gone) == (True, False)


@pytest.mark.parametrize("token", ["g" * 64, "a" * 63, "a" * 201, "a" * 60 + "/../", ""])
def test_what_is_no_token_is_not_put_into_an_address(
    apple: ApnsSink, sender: Sender, token: str
) -> None:
    refused = sender.refused(token)
    assert (refused.because, refused.endpoint_gone) == ("target_malformed", True)
    assert apple.connections == 0


@pytest.mark.parametrize("content", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n", "{}"])
def test_a_file_that_is_no_key_is_refused(sender: Sender, content: str) -> None:
    sender.file.write_text(content)
    with pytest.raises(KeyRefused, match="no private key"):
        apns.private_key(str(sender.file))
    sender.file.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyRefused, match="cannot be read"):
        apns.private_key(str(sender.file))


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65_537, 2_048)]
)
def test_a_key_of_another_kind_is_refused(sender: Sender, key: Any) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    sender.file.write_bytes(pem)
    with pytest.raises(KeyRefused, match="no P-256 key"):
        apns.private_key(str(sender.file))


def test_no_log_shows_a_token(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):  # of the whole; the libraries keep theirs
        sender.send()
    assert TOKEN not in caplog.text
    assert "PRIVATE KEY" not in repr(sender.key)
