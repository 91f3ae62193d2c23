"""However slowly a mail server answers, the whole dialogue ends before the lease does."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from alerts.channels import email, smtp
from alerts.channels.outcome import NotAccepted
from tests.alerts.channels.test_wire import certificate

__all__ = ["certificate"]
STEP, TOTAL = 0.3, 0.6  # seconds; each step below keeps within its own
Pause = Callable[[str], float]


class SlowServer:
    """Answers each command after `pause(command)` seconds; "greeting" and "." are commands too."""

    ANSWERS = {
        "greeting": "220 slow.test",
        "data": "354 go on",
        "quit": "221 bye",
        "starttls": "220 ready",
    }

    def __init__(self) -> None:
        self.pause: Pause = lambda _: 0
        self.drip = 0.0  # seconds before each byte of an answer
        self.tls: ssl.SSLContext | None = None
        self.has_starttls = False
        self.accepted = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the client has given up
            connection, _ = self._listener.accept()
            if self.tls and not self.has_starttls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._talk(connection, "greeting")

    def _talk(self, connection: socket.socket, command: str) -> None:
        while command:
            self._answer(connection, command)
            if command == "starttls" and self.tls:
                time.sleep(self.pause("handshake"))
                connection = self.tls.wrap_socket(connection, server_side=True)
            line = b""
            end = b"\r\n.\r\n" if command == "data" else b"\r\n"
            while not line.endswith(end):
                line += connection.recv(1)
            command = "." if command == "data" else line.split()[0].decode().lower()

    def _answer(self, connection: socket.socket, command: str) -> None:
        time.sleep(self.pause(command))
        offer = "250-slow.test\r\n250 STARTTLS" if self.has_starttls else "250 OK"
        answer = self.ANSWERS.get(command, offer if command == "ehlo" else "250 OK")
        self.accepted += command == "."
        for byte in f"{answer}\r\n".encode():
            time.sleep(self.drip)
            connection.sendall(bytes([byte]))


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowServer]:
    slow = SlowServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", slow.port
    settings.EMAIL_TIMEOUT = STEP
    monkeypatch.setattr(smtp, "TOTAL_SECONDS", TOTAL)
    yield slow
    slow.close()


def send() -> str:
    return email.send(to="p@example.org", subject="s", body="b", message_id="<1@d.example>")


def given_up_after() -> tuple[float, str, bool]:
    began = time.monotonic()
    with pytest.raises(NotAccepted) as refusal:
        send()
    return time.monotonic() - began, refusal.value.because, refusal.value.permanent


@pytest.mark.parametrize(
    ("pause", "drip"),
    [
        pytest.param(lambda _: 0.2, 0, id="every-answer"),
        pytest.param(lambda command: 0.25 * (command in "ehlo mail rcpt data"), 0, id="some"),
        pytest.param(lambda _: 0, 0.1, id="a-byte-at-a-time"),
    ],
)
def test_a_server_that_keeps_within_each_step_does_not_outlast_the_whole(
    server: SlowServer, pause: Pause, drip: float
) -> None:
    server.pause, server.drip = pause, drip
    took, because, permanent = given_up_after()
    assert TOTAL - 0.1 < took < TOTAL + STEP
    assert (because, permanent, server.accepted) == ("disconnected", False, 0)


def test_a_slow_server_that_is_done_in_time_has_accepted(server: SlowServer) -> None:
    server.pause = lambda command: 0.1 * (command in "greeting ehlo .")
    send()
    assert server.accepted == 1


def test_a_slow_goodbye_does_not_make_an_accepted_mail_refused(server: SlowServer) -> None:
    server.pause = lambda command: 9 * (command == "quit")
    began = time.monotonic()
    send()
    assert time.monotonic() - began < TOTAL + STEP


def test_a_step_may_take_no_longer_than_before(server: SlowServer) -> None:
    server.pause = lambda _: 9
    assert given_up_after()[0] < TOTAL


@pytest.mark.parametrize("starttls", [True, False], ids=["starttls", "tls-at-once"])
@pytest.mark.parametrize("slow", [True, False], ids=["slow", "swift"])
def test_the_deadline_holds_under_tls_as_well(
    server: SlowServer,
    certificate: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *,
    starttls: bool,
    slow: bool,
) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.has_starttls = starttls
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = starttls, not starttls
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    monkeypatch.setattr(smtp.EmailBackend, "ssl_context", trusting)
    monkeypatch.setattr(trusting, "check_hostname", False)
    if slow:
        server.pause = lambda _: 0.2
        took, because, _ = given_up_after()
        assert (took < TOTAL + STEP, because) == (True, "disconnected")
    else:
        send()
    assert server.accepted == (not slow)
