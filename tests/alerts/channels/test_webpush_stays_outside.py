"""No endpoint makes this service talk to a machine inside (server-side request forgery)."""

import socket
from typing import Any

import pytest

from tests.alerts.channels.test_address import resolve_to
from tests.alerts.channels.test_webpush import refused, send
from tests.sinks.push import Answer, PushSink


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(push_service: PushSink, status: int) -> None:
    with PushSink() as inside:
        push_service.answer = Answer(status, {"Location": f"{inside.origin}/latest/meta-data"})
        refusal = refused(push_service.subscribe())
        assert inside.connections == 0
    assert (refusal.permanent, refusal.endpoint_gone) == (True, True)


def test_a_proxy_of_the_environment_is_not_used(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PushSink() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        send(push_service.subscribe())
        assert proxy.connections == 0


@pytest.mark.parametrize("answers", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1",)])
def test_a_name_that_leads_inside_is_never_connected_to(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    connected = record_connections(monkeypatch)
    resolve_to(monkeypatch, *answers)
    keys = push_service.subscribe()["keys"]
    refusal = refused({"endpoint": "https://fcm.googleapis.com/x", "keys": keys})
    assert connected == []
    assert (refusal.because, refusal.endpoint_gone) == ("address_not_public", True)


def test_the_name_is_asked_once_and_the_checked_address_is_used(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = record_connections(monkeypatch)
    asked = resolve_to(monkeypatch, "8.8.8.8", "2606:4700::1")
    keys = push_service.subscribe()["keys"]
    refusal = refused({"endpoint": "https://fcm.googleapis.com/x", "keys": keys})
    assert asked == ["fcm.googleapis.com"]
    assert connected == [("8.8.8.8", 443), ("2606:4700::1", 443)]
    assert (refusal.because, refusal.permanent) == ("unreachable", False)


def record_connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """No packet leaves: every connection is noted and refused."""
    connected: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return connected
