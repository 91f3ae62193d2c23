"""The log-in library's addresses as a phone asks them."""

import json
import re
from typing import Any

from django.core import mail
from django.test import Client

from tests.phones import PASSWORD, Answer, Phone

ACCOUNT = "/_allauth/app/v1/"


def send(method: str, path: str, body: Any = None, **headers: str) -> Answer:
    http = Client(raise_request_exception=False, headers=headers)
    raw = b"" if body is None else json.dumps(body).encode()
    return http.generic(method, ACCOUNT + path, raw, content_type="application/json")


def log_in(email: str, password: str = PASSWORD) -> dict[str, str]:
    """Access, refresh and session token of a new session."""
    answer = send("POST", "auth/login", {"email": email, "password": password})
    assert answer.status_code == 200, answer.content
    meta: dict[str, str] = answer.json()["meta"]
    return meta


def refresh(token: str) -> Answer:
    return send("POST", "tokens/refresh", {"refresh_token": token})


def refreshed(token: str) -> dict[str, str]:
    answer = refresh(token)
    assert answer.status_code == 200, answer.content
    pair: dict[str, str] = answer.json()["data"]
    return pair


def status_with(token: str) -> int:
    status: int = Phone(token).get("me/").status_code
    return status


def mailed_code() -> str:
    found = re.search(r"^[A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[0]
