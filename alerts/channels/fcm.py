"""Firebase Cloud Messaging, HTTP v1: one message to one Android, iOS or web app."""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from alerts.channels.answers import FAILURES, Meaning, by_status, down, failed, gone, refused
from alerts.channels.fcm_account import Access, ServiceAccount
from alerts.channels.outcome import NotAccepted
from alerts.channels.provider import Reply, provider
from alerts.channels.push_message import PushMessage
from alerts.channels.wire import TOTAL_SECONDS, Deadline

REGISTRATION_TOKEN = "token"  # noqa: S105  names of fields of a message
INSTALLATION_ID = "fid"

_SHAPES = {
    REGISTRATION_TOKEN: re.compile(r"[A-Za-z0-9_:.=%~-]{16,4096}"),
    INSTALLATION_ID: re.compile(r"[A-Za-z0-9_-]{16,64}"),
}
_TARGET_INVALID = "our word: INVALID_ARGUMENT, and the field is the target"
_TARGET_FIELDS = {f"message.{name}" for name in _SHAPES}

# By the word of the provider that says most; what is not here is judged by its status.
_MEANINGS = {
    "UNREGISTERED": gone("unregistered"),
    "SENDER_ID_MISMATCH": gone("sender_mismatch"),
    _TARGET_INVALID: gone("target_invalid"),
    "INVALID_ARGUMENT": refused("message_refused"),
    "THIRD_PARTY_AUTH_ERROR": Meaning("apns_key_refused"),  # of the project: Android goes on
    "QUOTA_EXCEEDED": down("busy"),
    "UNAVAILABLE": down("busy"),
    "INTERNAL": down("busy"),
    "NOT_FOUND": gone("not_found"),
    "UNAUTHENTICATED": down("login_refused"),
    "PERMISSION_DENIED": down("login_refused"),
}


def is_target(kind: str, address: str) -> bool:
    """Whether it looks like a registration token or an installation id."""
    return bool(_SHAPES[kind].fullmatch(address))


def send(
    message: PushMessage, *, kind: str, address: str, account: ServiceAccount, base_url: str
) -> str:
    """Hand one message over and return its id there; raise NotAccepted.

    `kind` says what the address is: REGISTRATION_TOKEN or INSTALLATION_ID. Never takes longer
    than ten seconds.
    """
    if not is_target(kind, address):
        raise NotAccepted("target_malformed", permanent=True, endpoint_gone=True)
    body = json.dumps({"message": _body(message, {kind: address})}, ensure_ascii=False).encode()
    try:
        reply = _exchange(body, account, base_url, Deadline(TOTAL_SECONDS))
    except FAILURES as error:
        raise failed(error) from None
    if reply.status != 200:
        raise _meaning(reply).refusal(reply.status, reply.headers)
    return str(reply.fields.get("name", "")).rpartition("/")[2][:200]


def _exchange(body: bytes, account: ServiceAccount, base_url: str, deadline: Deadline) -> Reply:
    reply = _post(body, account, base_url, deadline)
    if reply.status != 401:
        return reply
    # Once more with a new token: the old one may have been revoked before its time.
    return _post(body, account, base_url, deadline)


def _post(body: bytes, account: ServiceAccount, base_url: str, deadline: Deadline) -> Reply:
    access = _access(account)
    token = access.token(deadline)
    reply = provider(base_url).post(
        f"/v1/projects/{account.project}/messages:send",
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        body=body,
        deadline=deadline,
    )
    if reply.status == 401:
        access.drop(token)
    return reply


@functools.cache
def _access(account: ServiceAccount) -> Access:
    """The account's access, one for the whole process."""
    return Access(account)


def _body(message: PushMessage, target: dict[str, str]) -> dict[str, Any]:
    return {
        **target,
        "data": message.as_strings,
        "notification": {"body": message.line},
        "android": _android(message),
        "apns": {
            "headers": {
                "apns-priority": message.apns_priority,
                "apns-collapse-id": message.tag,
                "apns-expiration": str(message.expires_at),
            },
            "payload": {"aps": message.aps},
        },
    }


def _android(message: PushMessage) -> dict[str, Any]:
    return {
        "priority": "HIGH" if message.is_urgent else "NORMAL",
        "collapse_key": message.tag,
        "ttl": f"{message.ttl}s",
        "notification": {"tag": message.tag, "visibility": "PRIVATE"},
    }


def _meaning(reply: Reply) -> Meaning:
    words = (word for word in _words(reply) if word in _MEANINGS)
    word = next(words, None)
    return by_status(reply.status) if word is None else _MEANINGS[word]


def _words(reply: Reply) -> Iterator[str]:
    """What the provider calls the trouble, from the word that says most to the least."""
    error = reply.fields.get("error")
    if not isinstance(error, dict):
        return
    details = _objects(error.get("details"))
    violations = [each for detail in details for each in _objects(detail.get("fieldViolations"))]
    if _TARGET_FIELDS & {str(each.get("field")) for each in violations}:
        yield _TARGET_INVALID
    yield from (str(each.get("errorCode")) for each in details)
    yield str(error.get("status"))


def _objects(said: Any) -> list[dict[str, Any]]:
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []
