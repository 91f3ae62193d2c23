"""The service account that sends for a Firebase project, and the access it is given."""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from alerts.channels.answers import down
from alerts.channels.key_file import KeyRefused, read_key
from alerts.channels.line import base_of
from alerts.channels.outcome import NotAccepted
from alerts.channels.provider import Reply, provider
from alerts.channels.wire import Deadline

_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS = 3_600  # the most that Google takes
_RENEWED_BEFORE = 300.0  # so that a message under way does not meet the end
_PROJECT = re.compile(r"[a-z0-9:.-]{1,100}")


@dataclass(frozen=True)
class ServiceAccount:
    """Who sends to FCM; the key is an RSA private key in PEM."""

    project: str
    email: str
    key_id: str
    token_uri: str
    private_key: str = field(repr=False)


def service_account(path: str) -> ServiceAccount:
    """The account in a file as Google Cloud gives it; raise KeyRefused."""
    try:
        said: dict[str, Any] = json.loads(read_key(path))
        account = ServiceAccount(
            project=str(said["project_id"]),
            email=str(said["client_email"]),
            key_id=str(said["private_key_id"]),
            token_uri=str(said["token_uri"]),
            private_key=str(said["private_key"]),
        )
        key = serialization.load_pem_private_key(account.private_key.encode(), password=None)
    except KeyRefused:
        raise
    except (ValueError, KeyError, TypeError, UnsupportedAlgorithm):
        raise KeyRefused("is no key file of a service account") from None
    if not isinstance(key, rsa.RSAPrivateKey) or not _PROJECT.fullmatch(account.project):
        raise KeyRefused("is no key file of a service account")
    _check_token_uri(account.token_uri)
    return account


def _check_token_uri(uri: str) -> None:
    try:
        base_of(uri)
    except ValueError:
        raise KeyRefused("names a token_uri that is not https") from None


class Access:
    """The access token of one account, kept until shortly before its end."""

    def __init__(self, account: ServiceAccount) -> None:
        self._account = account
        self._turn = threading.Lock()
        self._token = ""
        self._renew_at = 0.0  # on the clock that nobody sets

    def token(self, deadline: Deadline) -> str:
        """A token that is good for some minutes still; raise NotAccepted or answers.FAILURES."""
        if not self._turn.acquire(timeout=deadline.left()):
            raise TimeoutError
        try:
            if time.monotonic() >= self._renew_at:
                self._renew(deadline)
            return self._token
        finally:
            self._turn.release()

    def drop(self, token: str) -> None:
        """Use a token no more: the provider has refused it."""
        if self._token == token:
            self._renew_at = 0.0

    def _renew(self, deadline: Deadline) -> None:
        began = time.monotonic()
        form = urlencode({"grant_type": _GRANT, "assertion": _assertion(self._account)})
        reply = provider(self._account.token_uri).post(
            "",
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=form.encode(),
            deadline=deadline,
        )
        self._token, seconds = _granted(reply)
        self._renew_at = began + max(seconds - _RENEWED_BEFORE, seconds / 2)


def _assertion(account: ServiceAccount) -> str:
    """Who we are, signed with the account's key (RFC 7523)."""
    # The machine's clock, not an argument: the provider compares it with its own.
    now = int(time.time())
    claims = {
        "iss": account.email,
        "scope": _SCOPE,
        "aud": account.token_uri,
        "iat": now,
        "exp": now + _ASSERTION_SECONDS,
    }
    headers = {"kid": account.key_id}
    return jwt.encode(claims, account.private_key, algorithm="RS256", headers=headers)


def _granted(reply: Reply) -> tuple[str, float]:
    """The token and how many seconds it lasts."""
    if reply.status != 200:
        because = "login_refused" if 400 <= reply.status < 500 else "login_busy"
        raise down(because).refusal(reply.status, reply.headers)
    token, seconds = reply.fields.get("access_token"), reply.fields.get("expires_in")
    if not isinstance(token, str) or not token.isascii() or not isinstance(seconds, int):
        raise NotAccepted("login_unreadable", permanent=False, far_end_down=True)
    return token, float(seconds)
