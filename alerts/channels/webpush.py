"""Web Push: one encrypted message to one browser (RFC 8030, 8188, 8291, 8292)."""

import json
import re
import socket
import time
from collections.abc import Iterable

from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher

from alerts.channels.address import AddressNotPublic, SocketAddress, public_addresses
from alerts.channels.answers import FAILURES, Meaning, down, failed, gone, refused
from alerts.channels.endpoint import Endpoint, EndpointRefused, check_endpoint, checked
from alerts.channels.outcome import NotAccepted
from alerts.channels.webpush_keys import (
    Vapid,
    check_keys,
    generate_private_key,
    public_key,
    signing_key,
)
from alerts.channels.wire import TOTAL_SECONDS, Answer, Deadline, post

__all__ = [
    "PAYLOAD_BYTES",
    "EndpointRefused",
    "Vapid",
    "check_endpoint",
    "check_keys",
    "generate_private_key",
    "payload_of",
    "public_key",
    "send",
]

PAYLOAD_BYTES = 512
_MAX_PAYLOAD_BYTES = 3_993  # 4,096 less the overhead of RFC 8291
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_URGENCIES = frozenset({"very-low", "low", "normal", "high"})
# Half of the day that providers allow, so that a clock that is wrong does no harm.
_VAPID_SECONDS = 12 * 3_600
_GONE = frozenset({404, 410})
# 406: Windows' "too many"; 408, 425: come again; 429: too many. 5xx are added to these.
_BUSY = frozenset({406, 408, 425, 429})


def payload_of(text: str, alert_id: str | None, level: int) -> bytes:
    """The message in JSON, of one length whatever it says: the size must not tell the alert."""
    message = {"text": text, "alert": alert_id, "level": level}
    raw = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(raw) > PAYLOAD_BYTES:
        raise ValueError("the push line is too long to be padded")
    return raw.ljust(PAYLOAD_BYTES, b" ")


def send(  # noqa: PLR0913 - what the wire needs, each by its name
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    payload: bytes,
    topic: str,
    urgency: str,
    ttl: int,
    vapid: Vapid,
    allowed_hosts: Iterable[str],
    allow_loopback: bool,
) -> str:
    """Hand one message to the push service and return its id there ("" if it gives none).

    `ttl` in seconds. Raise NotAccepted. Never takes longer than ten seconds.
    """
    deadline = Deadline(TOTAL_SECONDS)
    options = _options(payload, topic, urgency, ttl)
    target = _target(endpoint, p256dh, auth, hosts=allowed_hosts, loopback=allow_loopback)
    headers = {**options, "Authorization": _signature(vapid, target)}
    answer = _exchange(target, headers, _encrypted(payload, p256dh, auth), deadline)
    _check_accepted(answer)
    return _id_of(answer)


def _target(
    endpoint: str, p256dh: str, auth: str, *, hosts: Iterable[str], loopback: bool
) -> Endpoint:
    """Checked anew at every send: the settings may have changed since the registration."""
    try:
        check_keys(p256dh, auth)
        return checked(endpoint, allowed_hosts=hosts, allow_loopback=loopback)
    except EndpointRefused as refusal:
        # Not "gone": a slip in the setting must not retire every device at once.
        raise NotAccepted(refusal.code, permanent=True) from None


def _options(payload: bytes, topic: str, urgency: str, ttl: int) -> dict[str, str]:
    if len(payload) > _MAX_PAYLOAD_BYTES:
        raise ValueError("the payload is longer than push services take")
    if not _TOPIC.fullmatch(topic):
        raise ValueError("a topic has 1 to 32 characters of base64url")
    if urgency not in _URGENCIES or ttl < 0:
        raise ValueError("unknown urgency or negative ttl")
    return {
        "TTL": str(ttl),
        "Urgency": urgency,
        "Topic": topic,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }


def _signature(vapid: Vapid, target: Endpoint) -> str:
    # The machine's clock, not an argument: the provider compares it with its own.
    expires = int(time.time()) + _VAPID_SECONDS
    claims = {"aud": target.origin, "sub": vapid.subject, "exp": expires}
    try:
        return str(Vapid02(signing_key(vapid.private_key)).sign(claims)["Authorization"])
    except (ValueError, VapidException):
        raise NotAccepted("vapid_misconfigured", permanent=False, far_end_down=True) from None


def _encrypted(payload: bytes, p256dh: str, auth: str) -> bytes:
    keys = {"p256dh": p256dh.rstrip("="), "auth": auth.rstrip("=")}
    sealed: bytes = WebPusher({"endpoint": "", "keys": keys}).encode(payload)["body"]
    return sealed


def _exchange(target: Endpoint, headers: dict[str, str], body: bytes, deadline: Deadline) -> Answer:
    """Post it; a failure on the way says only that we do not know, so: again."""
    try:
        addresses = _addresses(target, deadline)
        return post(target, addresses, headers=headers, body=body, deadline=deadline)
    except AddressNotPublic:
        raise NotAccepted("address_not_public", permanent=True, endpoint_gone=True) from None
    except FAILURES as error:
        raise failed(error) from None


def _addresses(target: Endpoint, deadline: Deadline) -> list[SocketAddress]:
    if target.scheme == "http":  # only ever 127.0.0.1, and only where the setting allows it
        return [SocketAddress(socket.AF_INET, (target.host, target.port))]
    return public_addresses(target.host, target.port, within=deadline.left())


def _check_accepted(answer: Answer) -> None:
    if not 200 <= answer.status < 300:
        raise _meaning(answer.status).refusal(answer.status, answer.headers)


def _meaning(status: int) -> Meaning:
    if status in _GONE:
        return gone()
    if 300 <= status < 400:
        # A push service does not redirect; whoever answers here is none any more.
        return gone("redirected")
    if status in _BUSY or status >= 500:
        return down("busy")
    # 401 and 403 speak about our key, 400 and 413 about our message: the device stays.
    return refused()


def _id_of(answer: Answer) -> str:
    """The provider's name for the message: the end of its Location, or nothing."""
    return answer.headers.get("location", "").rstrip("/").rpartition("/")[2][:200]
