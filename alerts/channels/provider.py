"""Requests to one provider over a kept HTTP/2 connection: no redirect, no proxy, no second try."""

import atexit
import functools
import json
import os
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore2
from h2.exceptions import H2Error

from alerts.channels.line import Base, Line, base_of, line_to
from alerts.channels.wire import Deadline

_MOST_BYTES = 65_536
# Firewalls forget a silent connection after some minutes, and tell nobody.
_LONGEST_SILENCE = 240.0


@dataclass(frozen=True)
class Reply:
    """What the provider answered, its header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


class Provider:
    """One far end. Its connection carries one request at a time and is renewed when it breaks."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._turn = threading.Lock()
        self._connection: _Connection | None = None

    def post(
        self, path: str, *, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> Reply:
        """Send one request and return its answer; raise one of `answers.FAILURES`."""
        if not self._turn.acquire(timeout=deadline.left()):
            raise TimeoutError
        try:
            return self._exchange(path, headers, body, deadline)
        except BaseException:
            self.hang_up()  # half a question or half an answer may be under way
            raise
        finally:
            self._turn.release()

    def hang_up(self) -> None:
        """Close the connection; the next request makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.line.close()

    def _exchange(
        self, path: str, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> Reply:
        try:
            return self._connected(deadline).post(path, headers, body)
        except httpcore2.ConnectionNotAvailable:
            # The far end was leaving and says that it has not looked at this request.
            self.hang_up()
            return self._connected(deadline).post(path, headers, body)

    def _connected(self, deadline: Deadline) -> "_Connection":
        if self._connection is None or not self._connection.is_alive():
            self.hang_up()
            self._connection = _Connection(self._base, line_to(self._base, deadline))
        self._connection.line.deadline = deadline
        return self._connection


class _Connection:
    def __init__(self, base: Base, line: Line) -> None:
        self.line = line
        self._base = base
        origin = httpcore2.Origin(base.scheme.encode(), base.host.encode(), base.port)
        self._http = httpcore2.HTTP2Connection(origin=origin, stream=line)
        self._used_at = time.monotonic()

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        base = self._base
        target = base.path + path
        url = httpcore2.URL(scheme=base.scheme, host=base.host, port=base.port, target=target)
        sent = [("Host", base.authority), *headers.items()]
        try:
            with self._http.stream("POST", url, headers=sent, content=body) as response:
                taken = _at_most(response.iter_stream())
        except (H2Error, ValueError):  # the library lets some of its own and of ours through
            raise httpcore2.RemoteProtocolError("not HTTP/2") from None
        self._used_at = time.monotonic()
        heads = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
        return Reply(response.status, heads, taken)

    def is_alive(self) -> bool:
        """Whether it may carry another request, as far as can be known from here."""
        fresh = time.monotonic() - self._used_at < _LONGEST_SILENCE
        return fresh and self._http.is_available() and self.line.is_open()


def _at_most(pieces: Iterable[bytes]) -> bytes:
    taken = b""
    for piece in pieces:
        taken += piece
        if len(taken) > _MOST_BYTES:
            raise httpcore2.RemoteProtocolError("the answer is too long")
    return taken


_providers: list[Provider] = []


@functools.cache
def provider(base_url: str) -> Provider:
    """The provider behind a base URL, one for the whole process; raise ValueError."""
    made = Provider(base_of(base_url))
    _providers.append(made)
    return made


def hang_up() -> None:
    """Close every connection of this process; the next request makes another."""
    provider.cache_clear()
    while _providers:
        _providers.pop().hang_up()


# A child of a fork closes its copies without a word on them: the parent goes on.
os.register_at_fork(after_in_child=hang_up)
atexit.register(hang_up)
