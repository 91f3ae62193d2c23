"""The log-in of the app, as a phone uses it."""

import json
from typing import Any

from django.test import Client

from diary.models import Patient
from tests.phones import PASSWORD, Answer


def account(method: str, path: str, body: Any, token: str = "") -> Answer:
    """Ask the log-in library's part of the API."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    http = Client(raise_request_exception=False, headers=headers)
    raw = json.dumps(body).encode()
    address = f"/_allauth/app/v1/{path}"
    return http.generic(method, address, raw, content_type="application/json")


def logged_in(patient: Patient) -> dict[str, str]:
    """Access, refresh and session token of a new session."""
    said = {"email": patient.user.email, "password": PASSWORD}
    answer = account("POST", "auth/login", said)
    assert answer.status_code == 200, answer.content
    meta: dict[str, str] = answer.json()["meta"]
    return meta
