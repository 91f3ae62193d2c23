"""The canary walks the whole way over HTTP, and a step that fails is told."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from alerts.heartbeats import CANARY, CANARY_FAILED
from alerts.models import Alert, Delivery, Heartbeat, Incident
from alerts.sweep import sweep
from config import canary
from config.canary_account import LIFETIME, new_account, physician, retire_old
from config.canary_phone import Phone
from diary.locking import database_now
from diary.models import Entry, Patient, User
from tests.alerts.conftest import Bell, bell

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["bell"]  # a fixture


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    cache.clear()


@pytest.fixture
def dispatcher(transactional_db: None, bell: Bell) -> Iterator[None]:
    """A dispatcher that does everything itself: the broker is away."""
    bell.is_away = True
    stopped = threading.Event()

    def work() -> None:
        try:
            while not stopped.wait(0.05):
                sweep()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stopped.set()
    thread.join(10)


def open_incidents() -> list[str]:
    return list(Incident.objects.filter(resolved_at=None).values_list("cause", flat=True))


def walked(url: str) -> str | None:
    return canary.walk(new_account(at=database_now()), Phone(url))


def test_a_walk_goes_through_everything_and_tells_nobody(
    live_server: Any, dispatcher: None
) -> None:
    account, phone = new_account(at=database_now()), Phone(live_server.url)
    assert [canary.walk(account, phone) for _ in range(3)] == [None, None, None]
    kinds = set(Alert.objects.values_list("rule", "level", "status"))
    assert kinds == {("R01", 4, "cleared")}
    assert Entry.objects.count() == Alert.objects.count() == 3
    assert set(Delivery.objects.values_list("channel", "state")) == {("canary", "accepted")}
    took = Heartbeat.objects.get(name=CANARY).seconds
    assert took is not None
    assert 0 < took < canary.DELIVERED_WITHIN
    assert open_incidents() == []


def test_a_walk_that_goes_well_resolves_the_incident(live_server: Any, dispatcher: None) -> None:
    assert walked("http://127.0.0.1:1") == "log in: URLError"
    assert open_incidents() == ["log in: URLError"]
    assert walked(live_server.url) is None
    assert open_incidents() == []


def test_a_message_that_nobody_delivers_is_told(
    live_server: Any, bell: Bell, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(canary, "DELIVERED_WITHIN", 1.0)
    assert walked(live_server.url) == "deliver: nothing delivered"
    assert not Alert.objects.filter(ended_at=None).exists(), "the next walk starts afresh"
    said = client.get("/readyz").json()["causes"]["canary"]
    assert said.startswith("failed ")
    Heartbeat.objects.filter(name=CANARY_FAILED).update(at=database_now() - timedelta(minutes=6))
    assert "canary" not in client.get("/readyz").json()["causes"], "it was stopped, or is stuck"


def test_an_answer_that_is_slow_is_told(
    live_server: Any, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "ANSWERED_WITHIN", 0.0)
    assert walked(live_server.url) == "post: slow"


TOKENS = {"access_token": "a", "refresh_token": "r"}
LOGGED_IN = (200, {"meta": TOKENS})


class Pretender(BaseHTTPRequestHandler):
    """A service that answers what it was told to."""

    answers: list[tuple[int, Any]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body = self.answers.pop(0)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(raw)

    def do_PUT(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def pretender() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pretender)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


MILD = {"guidance": {"level": 3}, "alerts": [{"id": "x"}]}


@pytest.mark.parametrize(
    ("answers", "failed"),
    [
        pytest.param([(429, {})], "log in: HTTP 429", id="log-in-refused"),
        pytest.param([(200, {"meta": {}})], "log in: KeyError", id="log-in-without-tokens"),
        pytest.param([LOGGED_IN, (500, {})], "post: HTTP 500", id="broken"),
        pytest.param([LOGGED_IN, (302, {})], "post: HTTP 302", id="sent-elsewhere"),
        pytest.param([LOGGED_IN, (200, {})], "post: HTTP 200", id="not-created"),
        pytest.param([LOGGED_IN, (201, [])], "post: HTTP 201", id="a-list"),
        pytest.param([LOGGED_IN, (201, b"<html>")], "post: JSONDecodeError", id="a-page"),
        pytest.param([LOGGED_IN, (201, {})], "post: no guidance", id="stored-but-not-judged"),
        pytest.param([LOGGED_IN, (201, MILD)], "post: no guidance", id="judged-too-mildly"),
    ],
)
def test_the_step_that_failed_is_the_cause(
    pretender: ThreadingHTTPServer, answers: list[tuple[int, Any]], failed: str
) -> None:
    with patch.object(Pretender, "answers", answers, create=True):
        assert walked(f"http://127.0.0.1:{pretender.server_port}") == failed
    assert open_incidents() == [failed]


def test_a_canary_whose_time_is_over_leaves_nothing_behind() -> None:
    now = database_now()
    old, young = new_account(at=now), new_account(at=now)
    Patient.objects.filter(pk=old.patient.pk).update(created_at=now - LIFETIME)
    retire_old(at=now + timedelta(seconds=1))
    assert list(Patient.objects.values_list("pk", flat=True)) == [young.patient.pk]
    assert not User.objects.filter(email=old.email).exists()


def test_the_physician_of_the_canary_cannot_log_in() -> None:
    assert physician() == physician()
    assert not physician().is_active
    assert not physician().has_usable_password()


def test_the_command_walks_once_and_leaves_no_account_open(
    live_server: Any, dispatcher: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("canary", "--once", url=live_server.url)
    assert ended.value.code == 0
    assert capsys.readouterr().out == "well\n"
    assert not Patient.objects.filter(is_canary=True).exists()
    with pytest.raises(SystemExit) as ended:
        call_command("canary", "--once", url="http://127.0.0.1:1")
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("url", "name"),
    [
        pytest.param("http://web:8000", "diary.example.org", id="beside-us"),
        pytest.param("https://api.diary.example.org", "diary.example.org", id="not-served"),
        pytest.param("http://localhost:8000", "localhost:8000", id="here"),
    ],
)
def test_it_asks_under_a_name_that_is_served(settings: Any, url: str, name: str) -> None:
    settings.ALLOWED_HOSTS = [".diary.example.org" if "api" not in url else "diary.example.org"]
    settings.ALLOWED_HOSTS += ["localhost"]
    assert Phone(url)._headers()["Host"] == name


def test_behind_a_proxy_it_stands_where_the_proxy_stands(settings: Any) -> None:
    assert "X-Forwarded-Proto" not in Phone("http://web:8000")._headers()
    settings.TRUSTED_PROXY_COUNT = 1
    assert Phone("http://web:8000")._headers()["X-Forwarded-Proto"] == "https"
    assert "X-Forwarded-Proto" not in Phone("https://diary.example.org")._headers()
