"""The access that Firebase is asked for: once, again when it ends or is refused, never in vain."""

from pathlib import Path

import pytest

from tests.alerts.channels.test_fcm import Sender
from tests.sinks.fcm import FcmSink, refusal
from tests.sinks.http2 import Answer


@pytest.fixture
def sender(firebase: FcmSink, tmp_path: Path) -> Sender:
    return Sender(firebase, tmp_path)


def test_access_is_asked_for_once(firebase: FcmSink, sender: Sender) -> None:
    for _ in range(3):
        sender.send()
    assert (firebase.grants, firebase.connections, len(firebase.messages)) == (1, 2, 3)


def test_access_that_ends_soon_is_renewed(firebase: FcmSink, sender: Sender) -> None:
    firebase.lifetime = 0
    sender.send()
    sender.send()
    assert firebase.grants == 2


def test_access_that_was_revoked_is_renewed_once(firebase: FcmSink, sender: Sender) -> None:
    sender.send()
    firebase.revoke()
    sender.send()
    assert (firebase.grants, len(firebase.messages)) == (2, 2)
    firebase.answer = refusal(401, "UNAUTHENTICATED")
    refused = sender.refused()
    assert (refused.because, refused.permanent) == ("login_refused_401", False)
    assert refused.far_end_down
    assert firebase.grants == 3


@pytest.mark.parametrize(
    ("grant", "because"),
    [
        pytest.param(Answer(400, {"error": "invalid_grant"}), "login_refused_400", id="refused"),
        pytest.param(Answer(503), "login_busy_503", id="busy"),
        pytest.param(Answer(200, b"{"), "login_unreadable", id="unreadable"),
        pytest.param(Answer(200, {"access_token": "x\u00e9", "expires_in": 1}), "login_unreadable"),
        pytest.param(Answer(200, {"access_token": "x", "expires_in": "1"}), "login_unreadable"),
    ],
)
def test_without_access_the_message_is_owed_still(
    firebase: FcmSink, sender: Sender, grant: Answer, because: str
) -> None:
    firebase.grant = grant
    refused = sender.refused()
    assert (refused.because, refused.permanent, refused.far_end_down) == (because, False, True)
    assert firebase.attempts == []


def test_two_accounts_do_not_share_their_access(
    firebase: FcmSink, sender: Sender, tmp_path: Path
) -> None:
    sender.send()
    other = FcmSink()
    with other:
        (tmp_path / "other").mkdir()
        Sender(other, tmp_path / "other").send()
    assert (firebase.grants, other.grants) == (1, 1)
