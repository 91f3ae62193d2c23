"""One POST to one checked address: no redirect, no proxy, an end to the waiting."""

import functools
import math
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import certifi
import h11

from alerts.channels.address import SocketAddress
from alerts.channels.endpoint import Endpoint

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
MAX_ANSWER_BYTES = 4_096
_MAX_ADDRESSES_TRIED = 4


class Deadline:
    """An end to a piece of work that no slow far end can push back."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, *, at_most: float = math.inf) -> float:
        """Seconds still to go; raise TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)


@dataclass(frozen=True)
class Answer:
    """Status and headers (names in lower case). The body is not even read."""

    status: int
    headers: Mapping[str, str]


def post(
    endpoint: Endpoint,
    addresses: Sequence[SocketAddress],
    *,
    headers: Mapping[str, str],
    body: bytes,
    deadline: Deadline,
) -> Answer:
    """Send one request and return the head of its answer; raise OSError or h11.ProtocolError."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_ANSWER_BYTES)
    own = {"Host": endpoint.authority, "Content-Length": str(len(body)), "Connection": "close"}
    request = h11.Request(
        method="POST", target=endpoint.target, headers=list({**own, **headers}.items())
    )
    events = (request, h11.Data(data=body), h11.EndOfMessage())
    raw = b"".join(http.send(event) or b"" for event in events)
    with _secured(connected(addresses, deadline), endpoint, deadline) as connection:
        connection.settimeout(deadline.left())
        connection.sendall(raw)
        return _answer(http, connection, deadline)


def connected(addresses: Sequence[SocketAddress], deadline: Deadline) -> socket.socket:
    """A connection to the first of the addresses that takes it; raise OSError."""
    failure = OSError("no address")
    for each in addresses[:_MAX_ADDRESSES_TRIED]:
        connection = socket.socket(each.family, socket.SOCK_STREAM)
        try:
            connection.settimeout(deadline.left(at_most=CONNECT_SECONDS))
            connection.connect(each.address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _secured(plain: socket.socket, endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    """TLS under the endpoint's own name, although the connection was made to an address."""
    if endpoint.scheme == "http":
        return plain
    try:
        plain.settimeout(deadline.left())
        return tls_context().wrap_socket(plain, server_hostname=endpoint.host)
    except BaseException:
        plain.close()
        raise


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The system's authorities and, for images that ship none, those of certifi."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def _answer(http: h11.Connection, connection: socket.socket, deadline: Deadline) -> Answer:
    received = 0
    while True:
        event = http.next_event()
        if isinstance(event, h11.Response):
            headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in event.headers}
            return Answer(event.status_code, headers)
        if event is h11.NEED_DATA:
            if received >= MAX_ANSWER_BYTES:
                raise h11.RemoteProtocolError("the head of the answer is too long")
            # Anew before each read: a far end that drips must not restart the clock.
            connection.settimeout(deadline.left())
            piece = connection.recv(MAX_ANSWER_BYTES - received)
            received += len(piece)
            http.receive_data(piece)
