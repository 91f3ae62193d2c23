"""Which internet addresses a message may be posted to: public ones, looked up once."""

import ipaddress
import queue
import socket
import threading
from dataclasses import dataclass

_Answer = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]]

# Global unicast in IPv6 is this block and nothing else; what is cut out of it is listed below.
_IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")

# `is_global` alone lets multicast pass and, by Python version, some of these.
_CLOSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' shared addresses, cloud metadata on some
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo (2001::/32), ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)


class AddressNotPublic(Exception):
    """The name leads to an address inside somebody's network."""


@dataclass(frozen=True)
class SocketAddress:
    """An address that a socket connects to as it stands, with no further look-up."""

    family: socket.AddressFamily
    address: tuple[str, int]


def is_public(address: str) -> bool:
    """Whether an address, as the resolver gives it, is global unicast and nothing special."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and ip not in _IPV6_UNICAST:
        return False
    return ip.is_global and not any(ip in block for block in _CLOSED if block.version == ip.version)


def public_addresses(host: str, port: int, *, within: float) -> list[SocketAddress]:
    """Look a name up once, in at most `within` seconds; raise AddressNotPublic or OSError."""
    found = [
        SocketAddress(family, (str(address[0]), port))
        for family, _, _, _, address in looked_up(host, port, within=within)
    ]
    # One address inside is enough to refuse: which one is used next is the attacker's choice.
    if not all(is_public(each.address[0]) for each in found):
        raise AddressNotPublic
    return found


def looked_up(host: str, port: int, *, within: float) -> _Answer:
    """All addresses of a name, in at most `within` seconds; raise OSError."""
    # getaddrinfo takes no timeout and can take half a minute; the thread may outlive the wait.
    answers: queue.SimpleQueue[_Answer | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            # The types allow for a socket address of raw bytes, which streams never have.
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))  # type: ignore[arg-type]
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError("name"))

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=within)
    except queue.Empty:
        raise TimeoutError("name look-up") from None
    if isinstance(answer, OSError):
        raise answer
    if not answer:
        raise OSError("no address")
    return answer
