"""Apple Push Notification service with token authentication: one message to one device."""

import functools
import json
import re
import threading
import time
from dataclasses import dataclass, field

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels.answers import FAILURES, Meaning, by_status, down, failed, gone
from alerts.channels.key_file import KeyRefused, read_key
from alerts.channels.outcome import NotAccepted
from alerts.channels.provider import Reply, provider
from alerts.channels.push_message import PushMessage
from alerts.channels.wire import TOTAL_SECONDS, Deadline

# Apple refuses a token of over an hour, and one that is renewed within 20 minutes.
_RENEWED_AFTER = 50 * 60.0
_NOT_RENEWED_BEFORE = 20 * 60.0
_TOKEN = re.compile(r"[0-9A-Fa-f]{64,200}")
_TOKEN_OVER = "ExpiredProviderToken"  # noqa: S105  Apple's word for it

# By Apple's reason; what is not here is judged by its status.
_MEANINGS = {
    "Unregistered": gone("unregistered"),
    "ExpiredToken": gone("unregistered"),
    "BadDeviceToken": gone("target_invalid"),
    "DeviceTokenNotForTopic": gone("target_of_another_app"),
    "IdleTimeout": Meaning("disconnected"),
    "TooManyRequests": Meaning("too_many_for_this_device"),
    "TooManyProviderTokenUpdates": down("login_refused"),
    "BadTopic": down("topic_refused"),
    "MissingTopic": down("topic_refused"),
    "TopicDisallowed": down("topic_refused"),
}


@dataclass(frozen=True)
class SigningKey:
    """Who sends to APNs: a P-256 private key in PEM, as Apple gives it in a .p8 file."""

    key_id: str
    team_id: str
    topic: str  # the app's bundle id
    private_key: str = field(repr=False)


def private_key(path: str) -> str:
    """The key in a .p8 file; raise KeyRefused."""
    pem = read_key(path)
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyRefused("is no private key in PEM") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise KeyRefused("is no P-256 key")
    return pem


def is_token(address: str) -> bool:
    """Whether it looks like a device token in hexadecimal."""
    return bool(_TOKEN.fullmatch(address))


def send(message: PushMessage, *, token: str, key: SigningKey, base_url: str) -> str:
    """Hand one message over and return its id there; raise NotAccepted.

    Never takes longer than ten seconds.
    """
    if not is_token(token):
        raise NotAccepted("target_malformed", permanent=True, endpoint_gone=True)
    try:
        reply = _exchange(message, token, key, base_url)
    except FAILURES as error:
        raise failed(error) from None
    if reply.status != 200:
        raise _meaning(reply).refusal(reply.status, reply.headers)
    return reply.headers.get("apns-id", "")[:200]


def _exchange(message: PushMessage, token: str, key: SigningKey, base_url: str) -> Reply:
    deadline = Deadline(TOTAL_SECONDS)
    signature = _signature(key)
    reply = _post(message, token, key, signature.token(), base_url, deadline)
    if reply.fields.get("reason") != _TOKEN_OVER or not signature.renew():
        return reply
    return _post(message, token, key, signature.token(), base_url, deadline)


def _post(  # noqa: PLR0913, PLR0917 - what the wire needs, each by its place
    message: PushMessage,
    token: str,
    key: SigningKey,
    bearer: str,
    base_url: str,
    deadline: Deadline,
) -> Reply:
    headers = {
        "authorization": f"bearer {bearer}",
        "apns-id": str(message.id),
        "apns-topic": key.topic,
        "apns-push-type": "alert",
        "apns-priority": message.apns_priority,
        "apns-expiration": str(message.expires_at),
        "apns-collapse-id": message.tag,
    }
    body = json.dumps({"aps": message.aps, **message.fields}, ensure_ascii=False).encode()
    far_end = provider(base_url)
    return far_end.post(f"/3/device/{token}", headers=headers, body=body, deadline=deadline)


def _meaning(reply: Reply) -> Meaning:
    if reply.status == 410:
        return gone("unregistered")
    return _MEANINGS.get(str(reply.fields.get("reason"))) or by_status(reply.status)


class _Signature:
    """The provider token of one key, renewed neither too often nor too late."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self._turn = threading.Lock()
        self._token = ""
        self._made_at = -_RENEWED_AFTER  # on the clock that nobody sets

    def token(self) -> str:
        with self._turn:
            if not self._token or time.monotonic() - self._made_at >= _RENEWED_AFTER:
                self._sign()
            return self._token

    def renew(self) -> bool:
        """Make another token, unless Apple would take it for a flood; whether there is one."""
        with self._turn:
            if time.monotonic() - self._made_at < _NOT_RENEWED_BEFORE:
                return False
            self._sign()
            return True

    def _sign(self) -> None:
        key = self._key
        # The machine's clock, not an argument: the provider compares it with its own.
        claims = {"iss": key.team_id, "iat": int(time.time())}
        headers = {"kid": key.key_id}
        self._token = jwt.encode(claims, key.private_key, algorithm="ES256", headers=headers)
        self._made_at = time.monotonic()


@functools.cache
def _signature(key: SigningKey) -> _Signature:
    """The key's token, one for the whole process."""
    return _Signature(key)
