"""The phone of an account: JSON in, JSON out, over the real URLs."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any

from allauth.headless.tokens.strategies.jwt import internal
from django.db import connection
from django.test import Client

from config.error_codes import CODES, FIELD_CODES
from diary.accounts import Enrolment, enrol_patient
from diary.models import Patient, User

PASSWORD = "a long enough password"
ENROLLED_AT = datetime(2026, 1, 1, tzinfo=UTC)  # before every story
Answer = Any  # Django's test response: status_code, json(), headers, content
_number = count(1)


def enrolled(email: str = "", *, consented: bool = True, **profile: Any) -> Patient:
    """A verified patient, who may write at once."""
    return enrol_patient(
        Enrolment(
            email=email or f"patient{next(_number)}@example.org",
            name="",
            password=PASSWORD,
            physician=None,
            backup=None,
            profile=profile,
            consented=consented,
        ),
        at=ENROLLED_AT,
    )


def access_token(user: User) -> str:
    """An access token of a session of its own, as a log-in gives it."""
    browser = Client()
    browser.force_login(user)
    token: str = internal.create_access_token(user, browser.session, {})
    return token


class Phone:
    """Sends requests with one access token; never raises what the server raised."""

    def __init__(self, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = Client(raise_request_exception=False, headers=headers)

    @classmethod
    def of(cls, patient: Patient) -> "Phone":
        return cls(access_token(patient.user))

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """Send a body as JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        more = {"content_type": "application/json", **more}
        return self.http.generic(method, f"/api/v1/{path}", raw, **more)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def put(self, path: str, body: Any) -> Answer:
        return self.send("PUT", path, body)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> Answer:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Make all the calls at the same moment, each on a connection of its own."""

    def called(call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(called, calls))


def code_of(answer: Answer) -> str:
    """The code of a problem document, once it is one."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    problem = answer.json()
    assert problem.keys() - {"errors"} == {"type", "title", "status", "detail", "code"}
    assert (problem["type"], problem["status"]) == ("about:blank", answer.status_code)
    assert problem["title"]
    code: str = problem["code"]
    assert problem["status"] in CODES[code].statuses
    assert {error["code"] for error in problem.get("errors", [])} <= FIELD_CODES.keys()
    return code


def errors_of(answer: Answer) -> set[tuple[str, str]]:
    """Pointer and code of each field error of a 400."""
    assert (answer.status_code, code_of(answer)) == (400, "invalid")
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
