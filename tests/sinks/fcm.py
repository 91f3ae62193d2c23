"""Firebase as an app server sees it: grants access to a signed assertion, takes messages."""

import functools
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sinks.http2 import Answer, Http2Sink, Request, wait_until

PROJECT, EMAIL, KEY_ID = "diary-test", "sender@diary-test.example", "the-first-key"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


def refusal(status: int, word: str, code: str = "", *, field: str = "", **headers: str) -> Answer:
    """An error in Google's form: `word` is its general status, `code` that of FCM."""
    details: list[dict[str, Any]] = []
    if code:
        details.append({"@type": _FCM_ERROR, "errorCode": code})
    if field:
        violation = {"field": field, "description": "Invalid value"}
        details.append({"@type": _BAD_REQUEST, "fieldViolations": [violation]})
    error = {"code": status, "message": "secret words", "status": word, "details": details}
    heads = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": error}, heads)


UNREGISTERED = refusal(404, "NOT_FOUND", "UNREGISTERED")
QUOTA_EXCEEDED = refusal(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", retry_after="30")
INTERNAL = refusal(500, "INTERNAL", "INTERNAL")
UNAVAILABLE = refusal(503, "UNAVAILABLE", "UNAVAILABLE")


@dataclass(frozen=True)
class Message:
    """One message that was taken."""

    at: datetime
    kind: str  # token or fid
    target: str
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return str(self.body["android"]["collapse_key"])

    @property
    def data(self) -> dict[str, str]:
        return cast("dict[str, str]", self.body["data"])


class FcmSink(Http2Sink):
    """`answer` is for all, `answers` for one target, `grant` for those who ask for access."""

    def __init__(self, *, log: Path | None = None, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(log=log, tls=tls)
        self.messages: list[Message] = []
        self.attempts: list[str] = []  # the targets of all requests, taken or not
        self.answer = Answer()
        self.answers: dict[str, Answer] = {}
        self.grant = Answer()
        self.grants = 0
        self.lifetime = 3_599
        self._tokens: set[str] = set()

    def settings(self, folder: Path) -> dict[str, str]:
        """What the server needs to know; the account's key is written into the folder."""
        file = folder / "fcm-account.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(self.account()), encoding="utf-8")
        return {"FCM_SERVICE_ACCOUNT_FILE": str(file), "FCM_BASE_URL": self.origin}

    def account(self) -> dict[str, str]:
        """The content of the file that Google Cloud gives."""
        pem = _key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "client_email": EMAIL,
            "private_key_id": KEY_ID,
            "private_key": pem.decode(),
            "token_uri": f"{self.origin}/token",
        }

    def revoke(self) -> None:
        """Take back every access that was given."""
        self._tokens.clear()

    def wait_for_messages(self, count: int, *, seconds: float = 10) -> list[Message]:
        """The messages, as soon as there are `count`; for senders in other processes."""
        wait_until(
            lambda: len(self.messages) >= count,
            seconds=seconds,
            otherwise=lambda: f"{len(self.messages)} after {seconds} s; {self.refusals}",
        )
        return list(self.messages)

    def take(self, request: Request) -> Answer:
        try:
            return self._granted(request) if request.path == "/token" else self._taken(request)
        except Exception as error:
            self.refusals.append(f"{type(error).__name__}: {error}")
            return refusal(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")

    def _granted(self, request: Request) -> Answer:
        if self.grant.status != 200 or self.grant.body is not None or self.grant.hang:
            return self.grant
        form = parse_qs(request.body.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        _check_assertion(form["assertion"][0], audience=f"{self.origin}/token")
        token = f"ya29.{uuid4().hex}"
        self._tokens.add(token)
        self.grants += 1
        said = {"access_token": token, "expires_in": self.lifetime, "token_type": "Bearer"}
        return replace(self.grant, body=said)

    def _taken(self, request: Request) -> Answer:
        assert request.path == f"/v1/projects/{PROJECT}/messages:send", request.path
        if request.headers["authorization"].removeprefix("Bearer ") not in self._tokens:
            return refusal(401, "UNAUTHENTICATED")
        body = json.loads(request.body)["message"]
        kind, target = _check_message(body)
        self.attempts.append(target)
        answer = self.answers.get(target, self.answer)
        if answer.status != 200:
            return answer
        message = Message(request.at, kind, target, body, request.headers)
        self.messages.append(message)
        self.note(message=message.id, target=target, headers=request.headers)
        said = {"name": f"projects/{PROJECT}/messages/0:{len(self.messages)}"}
        return replace(answer, body=said if answer.body is None else answer.body)


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def _check_assertion(assertion: str, *, audience: str) -> None:
    assert jwt.get_unverified_header(assertion)["kid"] == KEY_ID
    claims = jwt.decode(
        assertion,
        _key().public_key(),
        algorithms=["RS256"],
        audience=audience,
        issuer=EMAIL,
        options={"require": ["iss", "scope", "aud", "iat", "exp"]},
    )
    assert claims["scope"] == SCOPE
    assert claims["exp"] - claims["iat"] <= 3_600
    assert abs(claims["iat"] - time.time()) < 60


def _check_message(body: dict[str, Any]) -> tuple[str, str]:
    """What FCM checks, and what our own contract adds; its target comes back."""
    ((kind, target),) = ((name, body[name]) for name in ("token", "fid") if name in body)
    assert set(body) == {kind, "data", "notification", "android", "apns"}
    assert set(body["data"]) == {"text", "alert", "level"}
    assert all(isinstance(value, str) for value in body["data"].values())
    android, tag = body["android"], body["android"]["collapse_key"]
    assert android["priority"] == ("HIGH" if int(body["data"]["level"]) >= 3 else "NORMAL")
    assert android["notification"] == {"tag": tag, "visibility": "PRIVATE"}
    assert android["ttl"].endswith("s")
    assert body["apns"]["headers"]["apns-collapse-id"] == tag
    return kind, target
