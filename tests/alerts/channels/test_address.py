"""Which addresses a name may lead to, and that it is asked once."""

import socket
import time
from typing import Any

import pytest

from alerts.channels.address import AddressNotPublic, is_public, public_addresses

PUBLIC = ["8.8.8.8", "2606:4700::6810:84e5", "17.253.144.10", "2a00:1450:4001:82a::200a"]
CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:0808:0808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "no address",
]


def answer(*addresses: str) -> list[tuple[Any, ...]]:
    """What getaddrinfo gives for these addresses."""
    return [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (each, 443, 0, 0))
        if ":" in each
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443))
        for each in addresses
    ]


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Fake the resolver; the list fills with the names it is asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        return answer(*addresses)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", CLOSED)
def test_a_special_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("inside", CLOSED)
@pytest.mark.parametrize("first", [True, False], ids=["inside-first", "inside-last"])
def test_one_address_inside_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, inside: str, first: bool
) -> None:
    both = (inside, "8.8.8.8") if first else ("8.8.8.8", inside)
    resolve_to(monkeypatch, *both)
    with pytest.raises(AddressNotPublic):
        public_addresses("push.example.net", 443, within=5)


def test_the_checked_addresses_come_back_for_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolve_to(monkeypatch, *PUBLIC)
    found = public_addresses("push.example.net", 443, within=5)
    assert [each.address for each in found] == [(each, 443) for each in PUBLIC]
    assert asked == ["push.example.net"]


def test_an_empty_answer_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch)
    with pytest.raises(OSError, match="no address"):
        public_addresses("push.example.net", 443, within=5)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label")])
def test_a_failed_look_up_is_an_os_error(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(OSError, match=r"unknown|name"):
        public_addresses("push.example.net", 443, within=5)


def test_a_slow_resolver_does_not_hold_up_the_send(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> list[tuple[Any, ...]]:
        time.sleep(1)
        return answer("8.8.8.8")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        public_addresses("push.example.net", 443, within=0.1)
    assert time.monotonic() - started < 0.8
