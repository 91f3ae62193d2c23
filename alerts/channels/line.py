"""A line to a far end that may be kept: TLS under its own name, an end to every wait."""

import functools
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import httpcore2

from alerts.channels.address import SocketAddress, looked_up
from alerts.channels.wire import Deadline, connected

_PORTS = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_PIECE_BYTES = 65_536
_MOST_BYTES_UNASKED = 262_144


@dataclass(frozen=True)
class Base:
    """A base URL in its parts."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host, with the port only where it is not the usual one."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def base_of(url: str) -> Base:
    """The parts of a base URL; raise ValueError for one that no key may be shown to."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.query or "@" in parts.netloc:
        raise ValueError("not an https address")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("an address without TLS, and not on this machine")
    port = parts.port or _PORTS[parts.scheme]
    return Base(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))


class Line(httpcore2.NetworkStream):
    """A socket whose every step ends at the deadline of the request that uses it."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket = connection
        self._overheard = b""
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # Anew before each read: a far end that drips must not restart the clock.
        left = self.deadline.left()
        if self._overheard:
            heard, self._overheard = self._overheard, b""
            return heard
        self._socket.settimeout(left)
        heard = self._socket.recv(max_bytes)
        if not heard:
            raise ConnectionResetError
        return heard

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer:
            self._socket.settimeout(self.deadline.left())
            self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def is_open(self) -> bool:
        """Whether the far end is there still; what it said since is kept for the next read."""
        self._socket.settimeout(0)
        try:
            while len(self._overheard) < _MOST_BYTES_UNASKED:
                heard = self._socket.recv(_PIECE_BYTES)
                if not heard:
                    return False
                self._overheard += heard
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False


def line_to(base: Base, deadline: Deadline) -> Line:
    """Look the host up, connect, and agree on HTTP/2; raise OSError."""
    found = looked_up(base.host, base.port, within=deadline.left())
    addresses = [
        SocketAddress(family, (str(address[0]), base.port)) for family, _, _, _, address in found
    ]
    plain = connected(addresses, deadline)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Line(_secured(plain, base, deadline), deadline)
    except BaseException:
        plain.close()
        raise


def _secured(plain: socket.socket, base: Base, deadline: Deadline) -> socket.socket:
    if base.scheme == "http":  # this machine: HTTP/2 is known to be spoken there
        return plain
    plain.settimeout(deadline.left())
    secured = _tls_context().wrap_socket(plain, server_hostname=base.host)
    if secured.selected_alpn_protocol() != "h2":
        secured.close()
        raise ssl.SSLError("the far end does not speak HTTP/2")
    return secured


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """The system's authorities and, for images that ship none, those of certifi."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["h2"])
    return context
