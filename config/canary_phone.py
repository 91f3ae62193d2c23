"""The canary's phone: real HTTP, with a log-in of its own that it keeps fresh."""

import json
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.http.request import validate_host

TIMEOUT = 10.0  # seconds for one answer
_ACCOUNTS = "/_allauth/app/v1"
_FRESH = 200.0  # seconds; an access token lives 300
_MOST_BYTES = 1_000_000


class NoAnswer(Exception):
    """The service did not answer as it must; the message is a code."""


class _Stay(HTTPRedirectHandler):
    """A redirect would carry the token to another place."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Phone:
    """Sends requests to one service; every answer is a JSON object."""

    def __init__(self, url: str) -> None:
        self._url, self._host = url.rstrip("/"), _served_name(url)
        self._opener = build_opener(_Stay, ProxyHandler({}))
        self._access, self._refresh, self._got_at = "", "", 0.0

    def log_in(self, email: str, password: str) -> None:
        """Have a fresh access token: still fresh, refreshed, or by a log-in."""
        if self._access and time.monotonic() - self._got_at < _FRESH:
            return
        try:
            if self._refresh:
                known = {"refresh_token": self._refresh}
                self._take(self._ask("POST", f"{_ACCOUNTS}/tokens/refresh", known)["data"])
                return
        except NoAnswer:
            self._refresh = ""
        self._access = ""
        named = {"email": email, "password": password}
        self._take(self._ask("POST", f"{_ACCOUNTS}/auth/login", named)["meta"])

    def forget(self) -> None:
        """Be logged out: another account comes next."""
        self._access = self._refresh = ""

    def send(
        self, method: str, path: str, body: Any = None, *, expected: int = 200
    ) -> dict[str, Any]:
        """Send a request with the token; raise NoAnswer for any other status."""
        return self._ask(method, path, body, expected=expected)

    def _take(self, tokens: dict[str, str]) -> None:
        self._access, self._refresh = tokens["access_token"], tokens["refresh_token"]
        self._got_at = time.monotonic()

    def _ask(
        self, method: str, path: str, body: Any = None, *, expected: int = 200
    ) -> dict[str, Any]:
        raw = None if body is None else json.dumps(body).encode()
        request = Request(self._url + path, raw, self._headers(), method=method)  # noqa: S310  the operator's address
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                status, said = answer.status, json.loads(answer.read(_MOST_BYTES))
        except HTTPError as error:
            with error:
                raise NoAnswer(f"HTTP {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        if status != expected or not isinstance(said, dict):
            raise NoAnswer(f"HTTP {status}")
        return said

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Host": self._host}
        if self._access:
            headers["Authorization"] = f"Bearer {self._access}"
        if urlsplit(self._url).scheme == "http" and settings.TRUSTED_PROXY_COUNT:
            # It stands where the proxy stands.
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        return headers


def _served_name(url: str) -> str:
    """The name to ask under: that of the address, or one the service answers to behind it."""
    parts, allowed = urlsplit(url), settings.ALLOWED_HOSTS
    if not allowed or validate_host(parts.hostname or "", allowed):
        return parts.netloc
    return str(allowed[0]).lstrip(".")
