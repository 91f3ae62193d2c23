"""What lies in the database and in the log opens nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from diary.models import Patient
from tests.accounts import log_in, refresh, send, status_with
from tests.counts import forget_counts
from tests.diary.admin import clinic
from tests.phones import PASSWORD, Phone

PAGE = "/admin/alerts/alert/"
TABLES = (
    *("django_session", "usersessions_usersession", "mfa_authenticator", "cache", "diary_tally"),
    *("account_emailaddress", "account_emailconfirmation", "diary_user"),
)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


def dumped() -> set[str]:
    """Every text of these tables, and those inside of what is only packed."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(row) FROM {table} AS row")
            for (row,) in cursor.fetchall():
                found.update(texts(row))
    packed = Session.objects.values_list("session_data", flat=True)
    return found.union(*(texts(SessionStore().decode(data)) for data in packed))


def texts(value: Any) -> Iterator[str]:
    """The texts in a value, keys too."""
    if isinstance(value, str):
        yield value
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)


def opens(token: str) -> list[str]:
    """What this text opens, tried as every kind of token."""
    forget_counts()
    if not token.isascii() or not token.isprintable():
        return []
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = token
    session = send("GET", "auth/session", **{"X-Session-Token": token})
    tried = {
        "as an access token": status_with(token) == 200,
        "as a refresh token": refresh(token).status_code == 200,
        "as a session token": session.status_code == 200,
        "as a cookie": browser.get(PAGE).status_code == 200,
    }
    return [how for how, worked in tried.items() if worked]


def test_a_copy_of_the_database_holds_no_usable_token(patient: Patient) -> None:
    doctor = clinic.physician("Anna")
    browser = Client()
    browser.post("/admin/login/", {"username": doctor.email, "password": clinic.PASSWORD})
    app = log_in(patient.user.email)
    send("POST", "auth/code/request", {"email": patient.user.email})
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    at_rest = dumped()
    assert len(at_rest) > 30
    assert [token for token in at_rest if opens(token)] == []

    assert opens(cookie) == ["as a cookie"]
    assert opens(app["session_token"]) == ["as a session token"]
    assert opens(app["access_token"]) == ["as an access token"]
    assert opens(app["refresh_token"]) == ["as a refresh token"]


def test_a_new_password_ends_every_session(patient: Patient) -> None:
    here, there = log_in(patient.user.email), log_in(patient.user.email)
    bearer = {"Authorization": f"Bearer {here['access_token']}"}
    body = {"current_password": PASSWORD, "new_password": "another long password"}
    changed = send("POST", "account/password/change", body, **bearer)
    assert (changed.status_code, changed.json()["meta"]["is_authenticated"]) == (401, False)
    for ended in (here, there):
        assert status_with(ended["access_token"]) == 401
        assert refresh(ended["refresh_token"]).status_code == 400
        session = {"X-Session-Token": ended["session_token"]}
        assert send("GET", "auth/session", **session).status_code == 410
    assert status_with(log_in(patient.user.email, "another long password")["access_token"]) == 200


def test_no_token_is_ever_logged(
    patient: Patient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    meta = log_in(patient.user.email)
    phone = Phone(meta["access_token"])
    statuses = [phone.get(path).status_code for path in ("me/", "nothing/", "me/?x=%00")]
    statuses.append(phone.post("entries/", b"{").status_code)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE diary_tally SET times = 1000")
    statuses += [
        phone.get("me/").status_code,
        Phone("x" + meta["access_token"]).get("me/").status_code,
    ]
    refresh(meta["refresh_token"])
    logged = caplog.text + "".join(capfd.readouterr())
    assert {200, 404, 400, 429, 401} <= set(statuses)
    assert logged.count("answered") >= 6
    for token in (meta["access_token"], meta["refresh_token"], meta["session_token"]):
        assert token not in logged
        assert token.rsplit(".", 1)[-1] not in logged
