"""A provider that speaks HTTP/2 without TLS, on a real port of this machine."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

_FRAME_BYTES = 16_384


@dataclass(frozen=True)
class Answer:
    """What the provider does: a status with headers and a JSON body, or one of its faults."""

    status: int = 200
    body: Any = None  # JSON; None: the provider's usual one, or nothing; bytes: as they are
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False  # takes the message, says nothing
    drop: bool = False  # takes the message, hangs up
    garbage: bytes = b""  # instead of the body
    drip: float = 0.0  # seconds between the bytes of the answer
    go_away: bool = False  # answers, and takes no other request on this connection


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    at: datetime
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Http2Sink:
    """The far end of both providers; what it keeps and answers is theirs to say (`take`).

    With `log`, each message that was taken is a line of JSON in that file: time, id, target,
    headers. `refuse()` closes the port and every connection, `listen()` opens the same one again.
    """

    def __init__(self, *, log: Path | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.refusals: list[str] = []  # why a request was not as the provider wants it
        self.connections = 0
        self.port = 0
        self.stopped = threading.Event()
        self._log = log
        self._tls = tls
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Open the port: a free one at first, later the same again."""
        self.stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Close the port and every connection: further ones are refused."""
        self.stopped.set()
        listener, self._listener = self._listener, None
        with self._turn:
            closing = [*self._open, *([listener] if listener else [])]
        for each in closing:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        if listener is not None:
            listener.close()

    refuse, listen = stop, start

    def take(self, request: Request) -> Answer:
        """Judge one request, and keep it when it is accepted."""
        raise NotImplementedError

    def note(self, *, message: str, target: str, headers: Mapping[str, str]) -> None:
        """Write a message that was taken into the log, if there is one."""
        if self._log is None:
            return
        at = datetime.now(UTC).isoformat()
        line = json.dumps({"at": at, "id": message, "target": target, "headers": dict(headers)})
        with self._turn, self._log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def _accept(self, listener: socket.socket) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._attend, args=(connection,), daemon=True).start()

    def _attend(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ProtocolError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with self._turn:
                self._open.add(connection)
            _Dialogue(self, connection).hold()
        with self._turn:
            self._open.discard(connection)
        connection.close()


class _HungUp(OSError):
    """We hang up: the answer says so."""


class _Dialogue:
    """One connection: reads requests, lets the sink judge, does what the answer says."""

    def __init__(self, sink: Http2Sink, connection: socket.socket) -> None:
        self._sink = sink
        self._connection = connection
        self._http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._heads: dict[int, dict[str, str]] = {}
        self._bodies: dict[int, bytes] = {}
        self._is_leaving = False

    def hold(self) -> None:
        self._http.initiate_connection()
        self._flush()
        while heard := self._connection.recv(65_536):
            if self._is_leaving:
                continue
            for event in self._http.receive_data(heard):
                self._hear(event)
            self._flush()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RequestReceived):
            assert event.stream_id is not None
            self._heads[event.stream_id] = {str(k): str(v) for k, v in event.headers or ()}
            self._bodies[event.stream_id] = b""
        elif isinstance(event, DataReceived):
            assert event.stream_id is not None
            self._bodies[event.stream_id] += event.data or b""
            self._http.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
        elif isinstance(event, StreamEnded):
            assert event.stream_id is not None
            self._answer(event.stream_id)

    def _answer(self, stream: int) -> None:
        heads, body = self._heads.pop(stream), self._bodies.pop(stream)
        answer = self._sink.take(Request(datetime.now(UTC), heads[":path"], heads, body))
        if answer.drop:
            raise _HungUp
        if answer.hang:
            return
        said = answer.body if isinstance(answer.body, bytes) else _json(answer.body)
        self._http.send_headers(stream, [(":status", str(answer.status)), *answer.headers.items()])
        if answer.garbage:
            self._connection.sendall(self._http.data_to_send() + answer.garbage)
            return
        for begin in range(0, len(said), _FRAME_BYTES):
            self._http.send_data(stream, said[begin : begin + _FRAME_BYTES])
        self._http.end_stream(stream)
        if answer.go_away:
            self._http.close_connection(last_stream_id=stream)
            self._is_leaving = True
        self._flush(pause=answer.drip)

    def _flush(self, *, pause: float = 0.0) -> None:
        raw = self._http.data_to_send()
        if not pause:
            self._connection.sendall(raw)
            return
        for byte in raw:
            self._connection.sendall(bytes([byte]))
            if self._sink.stopped.wait(pause):
                raise _HungUp


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def wait_until(met: Any, *, seconds: float, otherwise: Any) -> None:
    """Wait for senders in other processes."""
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.02)
    assert met(), otherwise()
