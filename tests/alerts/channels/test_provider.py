"""A kept connection: what breaks it, how long anything takes, and whose it is after a fork."""

import json
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from alerts.channels import apns, fcm, line, provider
from alerts.channels.outcome import NotAccepted
from tests.alerts.channels.test_apns import Sender
from tests.alerts.channels.test_fcm import Sender as FcmSender
from tests.alerts.channels.test_fcm import message
from tests.sinks.apns import INTERNAL, ApnsSink
from tests.sinks.fcm import FcmSink
from tests.sinks.http2 import Answer

AT_MOST = 0.6


@pytest.fixture
def sender(apple: ApnsSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setattr(apns, "TOTAL_SECONDS", AT_MOST)
    return Sender(apple, tmp_path)


def refused_in_time(sender: Sender | FcmSender, *, at_most: float = AT_MOST) -> NotAccepted:
    began = time.monotonic()
    refused = sender.refused()
    assert time.monotonic() - began < at_most + 1
    assert (refused.permanent, refused.endpoint_gone, refused.far_end_down) == (False, False, True)
    return refused


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        pytest.param(Answer(hang=True), "timed_out", id="hangs"),
        pytest.param(Answer(drip=0.1), "timed_out", id="drips"),
        pytest.param(Answer(drop=True), "disconnected", id="hangs-up"),
        pytest.param(Answer(body=b"x" * 70_000), "answer_unreadable", id="says-too-much"),
        pytest.param(Answer(garbage=bytes(9)), "answer_unreadable", id="babbles"),
    ],
)
@pytest.mark.parametrize("is_kept", [False, True], ids=["at-once", "later"])
def test_whatever_the_far_end_does_a_send_ends_and_the_next_one_goes_through(
    apple: ApnsSink, sender: Sender, answer: Answer, because: str, is_kept: bool
) -> None:
    if is_kept:
        sender.send()
    apple.answer = answer
    assert refused_in_time(sender).because == because
    apple.answer = Answer()
    sender.send()
    assert apple.connections == 2, "nothing is sent twice by itself, and none is kept that broke"


def test_the_whole_of_a_send_to_fcm_has_one_end_with_its_log_in(
    firebase: FcmSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm, "TOTAL_SECONDS", AT_MOST)
    firebase.grant = Answer(hang=True)
    sender = FcmSender(firebase, tmp_path)
    assert refused_in_time(sender).because == "timed_out"
    firebase.grant = Answer(drip=0.002)
    firebase.answer = Answer(hang=True)
    assert refused_in_time(sender).because == "timed_out"


def test_a_far_end_that_is_away_is_found_again(apple: ApnsSink, sender: Sender) -> None:
    sender.send()
    apple.refuse()
    assert refused_in_time(sender).because == "unreachable"
    apple.listen()
    sender.send()
    assert len(apple.messages) == 2


def test_a_connection_that_ended_meanwhile_is_renewed_before_anything_is_sent(
    apple: ApnsSink, sender: Sender
) -> None:
    for _ in range(3):
        sender.send()
        apple.refuse()
        apple.listen()
    assert len(apple.messages) == apple.connections == 3


def test_a_far_end_that_leaves_politely_loses_nothing(apple: ApnsSink, sender: Sender) -> None:
    apple.answer = Answer(go_away=True)
    for _ in range(3):
        sender.send()
    assert len(apple.messages) == apple.connections == 3


def test_a_silent_connection_is_not_trusted_for_ever(
    apple: ApnsSink, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.send()
    monkeypatch.setattr(provider, "_LONGEST_SILENCE", 0.0)
    sender.send()
    assert apple.connections == 2


def test_what_was_taken_can_be_read_by_another_process(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with ApnsSink(log=log) as apple:
        Sender(apple, tmp_path).send()
    said = json.loads(log.read_text())
    assert set(said) == {"at", "id", "target", "headers"}
    assert (said["id"], said["headers"]["apns-priority"]) == (message().tag, "10")


def test_an_error_is_no_reason_to_connect_anew(apple: ApnsSink, sender: Sender) -> None:
    apple.answer = INTERNAL
    sender.refused()
    sender.refused()
    assert apple.connections == 1


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_a_fork_has_a_connection_of_its_own(apple: ApnsSink, sender: Sender) -> None:
    sender.send()
    child = os.fork()
    if child == 0:  # nothing of pytest may run here
        try:
            sender.send(id=uuid4())
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    sender.send()
    assert (apple.connections, len(apple.messages)) == (2, 3), "the parent keeps its own"


def test_threads_take_turns(apple: ApnsSink, sender: Sender) -> None:
    ids = [uuid4() for _ in range(40)]
    threads = [
        threading.Thread(target=lambda own=own: [sender.send(id=each) for each in own])
        for own in (ids[:10], ids[10:20], ids[20:30], ids[30:])
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert sorted(each.id for each in apple.messages) == sorted(each.hex for each in ids)
    assert apple.connections == 1


def test_who_waits_for_a_turn_waits_no_longer_than_a_send(apple: ApnsSink, sender: Sender) -> None:
    apple.answer = Answer(hang=True)
    first = threading.Thread(target=sender.refused)
    first.start()
    refused_in_time(sender, at_most=2 * AT_MOST)
    first.join(5)
    assert not first.is_alive()


def test_no_setting_of_a_proxy_leads_a_push_astray(
    apple: ApnsSink, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    sender.send()
    assert len(apple.messages) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "http://10.0.0.1:80",
        "ftp://127.0.0.1",
        "https://",
        "https://a@example.org",
        "https://example.org?x=1",
        "https://example.org:99999",
        "",
    ],
)
def test_a_base_that_no_key_may_be_shown_to_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        line.base_of(url)


def test_a_base_may_have_a_path_and_a_port() -> None:
    base = line.base_of("https://relay.example.org:8443/apple/")
    assert (base.authority, base.path) == ("relay.example.org:8443", "/apple")
    assert line.base_of("https://fcm.googleapis.com").authority == "fcm.googleapis.com"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch, sender: Sender) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr("alerts.channels.line.looked_up", unknown)
    with pytest.raises(NotAccepted, match="name_not_found"):
        apns.send(message(), token="a" * 64, key=sender.key, base_url="https://nobody.example")
