"""Apple's push service: checks who signed, for which app, how long ago, and takes messages."""

import functools
import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.sinks.http2 import Answer, Http2Sink, Request, wait_until

KEY_ID, TEAM_ID, TOPIC = "KEY1234567", "TEAM123456", "org.example.diary"
_DEVICE = re.compile(r"/3/device/([0-9A-Fa-f]{64,200})")


def refusal(status: int, reason: str, **headers: str) -> Answer:
    """An error in Apple's form."""
    heads = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"reason": reason}, heads)


UNREGISTERED = refusal(410, "Unregistered")
BAD_TOKEN = refusal(400, "BadDeviceToken")
TOO_MANY = refusal(429, "TooManyRequests", retry_after="30")
INTERNAL = refusal(500, "InternalServerError")


@dataclass(frozen=True)
class Message:
    """One message that was taken."""

    at: datetime
    target: str
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.headers["apns-collapse-id"]


class ApnsSink(Http2Sink):
    """`answer` is for all, `answers` for one device token."""

    def __init__(self, *, log: Path | None = None, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(log=log, tls=tls)
        self.messages: list[Message] = []
        self.attempts: list[str] = []  # the targets of all requests, taken or not
        self.answer = Answer()
        self.answers: dict[str, Answer] = {}
        self.signatures: list[str] = []  # the provider tokens, in the order they came up
        self.refused_signatures: set[str] = set()  # those that are over, says this Apple

    def settings(self, folder: Path) -> dict[str, str]:
        """What the server needs to know; the signing key is written into the folder."""
        file = folder / "apns-key.p8"
        file.touch(mode=0o600)
        file.write_bytes(
            _key().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return {
            "APNS_KEY_FILE": str(file),
            "APNS_KEY_ID": KEY_ID,
            "APNS_TEAM_ID": TEAM_ID,
            "APNS_TOPIC": TOPIC,
            "APNS_BASE_URL": self.origin,
        }

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
            if reason := self._misgiving(request.headers["authorization"]):
                return refusal(403, reason)
            return self._taken(request)
        except Exception as error:
            self.refusals.append(f"{type(error).__name__}: {error}")
            return refusal(400, "PayloadEmpty")

    def _misgiving(self, authorization: str) -> str | None:
        """Why Apple would not know the sender."""
        signature = authorization.removeprefix("bearer ")
        if signature not in self.signatures:
            self.signatures.append(signature)
        if signature in self.refused_signatures:
            return "ExpiredProviderToken"
        try:
            claims = jwt.decode(
                signature,
                _key().public_key(),
                algorithms=["ES256"],
                issuer=TEAM_ID,
                options={"require": ["iss", "iat"]},
            )
        except jwt.PyJWTError as error:
            self.refusals.append(f"{type(error).__name__}: {error}")
            return "InvalidProviderToken"
        if jwt.get_unverified_header(signature)["kid"] != KEY_ID:
            return "InvalidProviderToken"
        return None if time.time() - claims["iat"] < 3_600 else "ExpiredProviderToken"

    def _taken(self, request: Request) -> Answer:
        found = _DEVICE.fullmatch(request.path)
        assert found, "no device token in the path"
        target = found[1]
        body = json.loads(request.body)
        _check_message(request.headers, body)
        self.attempts.append(target)
        answer = self.answers.get(target, self.answer)
        if answer.status != 200:
            return answer
        message = Message(request.at, target, body, request.headers)
        self.messages.append(message)
        self.note(message=message.id, target=target, headers=request.headers)
        return replace(answer, headers={"apns-id": request.headers["apns-id"], **answer.headers})


@functools.cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _check_message(headers: Mapping[str, str], body: dict[str, Any]) -> None:
    """What Apple checks, and what our own contract adds."""
    assert headers["apns-topic"] == TOPIC, "BadTopic"
    assert headers["apns-push-type"] == "alert"
    assert len(headers["apns-collapse-id"]) <= 64
    assert int(headers["apns-expiration"]) > time.time()
    assert set(body) == {"aps", "text", "alert", "level"}
    is_urgent = body["level"] >= 3
    assert headers["apns-priority"] == ("10" if is_urgent else "5")
    assert body["aps"]["alert"] == {"body": body["text"]}
    assert body["aps"]["interruption-level"] == ("time-sensitive" if is_urgent else "active")
