"""A push service that decrypts what it is given, checks who signed it, and answers as told."""

import base64
import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Answer:
    """What the service does: a status with headers, or `hang`, `drop`, `drip`."""

    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False  # takes the message, says nothing
    drop: bool = False  # takes the message, hangs up
    drip: float = 0.0  # seconds between the bytes of the answer


@dataclass(frozen=True)
class Push:
    """One message as the browser would have got it."""

    at: datetime
    subscriber: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # decrypted
    sealed_length: int
    claims: Mapping[str, Any]  # of the VAPID token, its signature checked
    vapid_key: str

    @property
    def message(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.body))


@dataclass(frozen=True)
class _Subscriber:
    private_key: ec.EllipticCurvePrivateKey
    auth: bytes


class PushSink:
    """A push service on 127.0.0.1: `answer` is for all, `answers` for one subscriber."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.refusals: list[str] = []  # why a request was no proper push
        self.answer = Answer()
        self.answers: dict[str, Answer] = {}
        self.connections = 0
        self.port = 0
        self.stopped = threading.Event()
        self._subscribers: dict[str, _Subscriber] = {}
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Open the port: a free one at first, later the same again."""
        self.stopped.clear()
        self._server = _Server(self)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Close the port, let go of whoever hangs: further connections are refused."""
        self.stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    refuse, listen = stop, start

    def subscribe(self, name: str = "phone") -> dict[str, Any]:
        """What a browser would send to the server as its subscription."""
        key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self._subscribers[name] = _Subscriber(key, auth)
        point = key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": f"{self.origin}/push/{name}",
            "keys": {"p256dh": _base64url(point), "auth": _base64url(auth)},
        }

    def wait_for_pushes(self, count: int, *, seconds: float = 10) -> list[Push]:
        """The messages, as soon as there are `count`; for senders in other processes."""
        end = time.monotonic() + seconds
        while len(self.pushes) < count and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.pushes) >= count, f"{len(self.pushes)} after {seconds} s; {self.refusals}"
        return list(self.pushes)

    def take(self, path: str, headers: Mapping[str, str], sealed: bytes) -> Answer:
        """Judge one request as a real service would, and keep it when it is accepted."""
        name = path.removeprefix("/push/")
        answer = self.answers.get(name, self.answer)
        if not 200 <= answer.status < 300:
            return answer
        try:
            self.pushes.append(self._opened(name, headers, sealed))
        except KeyError:
            return Answer(404)
        except Exception as error:
            self.refusals.append(f"{type(error).__name__}: {error}")
            return Answer(403 if isinstance(error, jwt.PyJWTError) else 400)
        return answer

    def _opened(self, name: str, headers: Mapping[str, str], sealed: bytes) -> Push:
        subscriber = self._subscribers[name]
        assert headers["content-type"] == "application/octet-stream"
        assert headers["content-encoding"] == "aes128gcm"
        assert int(headers["ttl"]) >= 0
        assert len(sealed) <= 4_096
        claims, key = _claims(headers["authorization"], self.origin)
        body = http_ece.decrypt(
            sealed,
            private_key=subscriber.private_key,
            auth_secret=subscriber.auth,
            version="aes128gcm",
        )
        now = datetime.now(UTC)
        return Push(now, name, headers, body, len(sealed), claims, key)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sink: PushSink) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", sink.port), _Request)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.sink.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""


class _Request(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        sealed = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.sink.take(self.path, headers, sealed)
        self.close_connection = True
        if answer.hang:
            self.server.sink.stopped.wait(60)
        elif not answer.drop:
            self._say(answer)

    def do_GET(self) -> None:
        """Nobody should come here: only a redirect that was followed does."""
        self._say(Answer(200))

    def _say(self, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} As told"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        raw = "\r\n".join([*lines, "Content-Length: 6", "", "secret"]).encode()
        if not answer.drip:
            self.wfile.write(raw)
            return
        for byte in raw:
            self.wfile.write(bytes([byte]))
            if self.server.sink.stopped.wait(answer.drip):
                return

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _claims(authorization: str, audience: str) -> tuple[Mapping[str, Any], str]:
    """The claims of the VAPID token, checked like a push service does, and its public key."""
    scheme, _, parameters = authorization.partition(" ")
    parts = dict(each.strip().split("=", 1) for each in parameters.split(","))
    assert scheme == "vapid"
    point = base64.urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    required = ["aud", "exp", "sub"]
    claims: Mapping[str, Any] = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience=audience, options={"require": required}
    )
    if not str(claims["sub"]).startswith("mailto:") or claims["exp"] > time.time() + 86_400:
        raise jwt.InvalidTokenError("sub or exp")
    return claims, parts["k"]


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
