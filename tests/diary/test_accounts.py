"""Accounts: sign-up, log-in, refresh and log-out as a phone does them, and every token refused."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from allauth.headless.tokens.strategies.jwt import internal
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from diary.accounts import enrol_physician
from diary.models import Patient, User
from tests.accounts import log_in, mailed_code, refresh, refreshed, send, status_with
from tests.counts import forget_counts
from tests.diary.bodies import ENTRY
from tests.phones import PASSWORD, Phone, access_token, at_once, code_of, enrolled


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


def test_from_sign_up_to_the_first_entry() -> None:
    signed_up = send("POST", "auth/signup", {"email": "New@example.org", "password": PASSWORD})
    assert signed_up.status_code == 401  # the address must be verified first
    session = {"X-Session-Token": signed_up.json()["meta"]["session_token"]}
    verified = send("POST", "auth/email/verify", {"key": mailed_code()}, **session)
    assert verified.status_code == 200, verified.content
    phone = Phone(log_in("new@example.org")["access_token"])

    blocked = phone.post("entries/", ENTRY)
    assert (blocked.status_code, code_of(blocked)) == (403, "consent_required")
    for path in ("me/", "alerts/", "devices/", "entries/"):
        assert code_of(phone.get(path)) == "consent_required"
    outdated = phone.post("me/consents/", {"version": "1999-01-01"})
    assert (outdated.status_code, code_of(outdated)) == (400, "outdated_consent")
    required = phone.get("me/consents/").json()["required"]
    assert len(required["text"]) > 100
    given = phone.post("me/consents/", {"version": required["version"]})
    again = phone.post("me/consents/", given.json())
    assert given.json() == again.json()
    assert phone.post("entries/", ENTRY).status_code == 201

    assert [phone.delete("me/consents/").status_code for _ in range(2)] == [204, 204]
    assert code_of(phone.get("entries/")) == "consent_required"
    (only,) = phone.get("me/consents/").json()["results"]
    assert only["withdrawn_at"]


def test_a_log_out_ends_the_access_token_of_that_device_at_once(patient: Patient) -> None:
    lost, kept = log_in(patient.user.email), log_in(patient.user.email)
    bearer = {"Authorization": f"Bearer {kept['access_token']}"}
    sessions = send("GET", "auth/sessions", **bearer).json()["data"]
    (other,) = [s["id"] for s in sessions if not s["is_current"]]
    assert send("DELETE", "auth/sessions", {"sessions": [other]}, **bearer).status_code == 200

    assert status_with(lost["access_token"]) == 401
    assert refresh(lost["refresh_token"]).status_code == 400
    assert status_with(kept["access_token"]) == 200
    assert refresh(kept["refresh_token"]).status_code == 200


def test_an_answer_that_was_lost_may_be_asked_for_again(patient: Patient) -> None:
    first = log_in(patient.user.email)["refresh_token"]
    lost = refreshed(first)
    again = refreshed(first)
    third = refreshed(lost["refresh_token"])  # the first answer came after all; none was used
    assert status_with(again["access_token"]) == 200
    assert status_with(refreshed(third["refresh_token"])["access_token"]) == 200


@pytest.mark.parametrize(
    ("seconds", "used", "lives"),
    [
        pytest.param(29, False, True, id="29-s-later-and-the-successor-unused"),
        pytest.param(31, False, False, id="31-s-later"),
        pytest.param(1, True, False, id="the-successor-was-used"),
    ],
)
def test_a_refresh_token_that_comes_again_may_be_stolen(
    patient: Patient, seconds: int, used: bool, lives: bool
) -> None:
    other = log_in(patient.user.email)
    first = log_in(patient.user.email)["refresh_token"]
    began = timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        newest = refreshed(first)
        if used:
            newest = refreshed(newest["refresh_token"])
        clock.move_to(began + timedelta(seconds=seconds))
        assert refresh(first).status_code == (200 if lives else 400)
        assert status_with(newest["access_token"]) == (200 if lives else 401)
        assert status_with(other["access_token"]) == 200
        assert refresh(newest["refresh_token"]).status_code == (200 if lives else 400)


@pytest.mark.django_db(transaction=True)
def test_four_refreshes_at_once_leave_one_family_whose_last_token_works() -> None:
    patient = enrolled()
    first = log_in(patient.user.email)["refresh_token"]
    answers = at_once(*[lambda: refresh(first)] * 4)
    assert [a.status_code for a in answers] == [200] * 4

    session = UserSession.objects.get(user=patient.user)
    store = Client()
    store.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    (live,) = internal.get_refresh_token_state(store.session)
    pairs = [a.json()["data"] for a in answers]
    decoded = {internal.decode_token(p["refresh_token"], "refresh")["jti"]: p for p in pairs}
    assert status_with(refreshed(decoded[live]["refresh_token"])["access_token"]) == 200


def test_a_new_password_ends_the_old_sessions(patient: Patient) -> None:
    old = log_in(patient.user.email)
    asked = send("POST", "auth/password/request", {"email": patient.user.email})
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    body = {"key": mailed_code(), "password": "another long password"}
    send("POST", "auth/password/reset", body, **session)

    assert status_with(old["access_token"]) == 401
    assert refresh(old["refresh_token"]).status_code == 400
    assert log_in(patient.user.email, "another long password")
    refused = send("POST", "auth/login", {"email": patient.user.email, "password": PASSWORD})
    assert refused.status_code == 400


def test_sign_up_and_reset_do_not_tell_who_has_an_account(patient: Patient) -> None:
    known = send("POST", "auth/password/request", {"email": patient.user.email})
    unknown = send("POST", "auth/password/request", {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code
    assert known.json()["data"] == unknown.json()["data"]
    signs_up = {"password": PASSWORD}
    known = send("POST", "auth/signup", {"email": patient.user.email, **signs_up})
    unknown = send("POST", "auth/signup", {"email": "nobody@example.org", **signs_up})
    assert (known.status_code, known.json()["data"]) == (
        unknown.status_code,
        unknown.json()["data"],
    )


def segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(token: str, how: str) -> str:
    """A value of the Authorization header that must open nothing."""
    head, body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    changed = {**claims, "exp": claims["exp"] + 1}
    flipped = "A" if signature[5] != "A" else "B"
    return {
        "tampered signature": f"Bearer {head}.{body}.{signature[:5]}{flipped}{signature[6:]}",
        "tampered claims": f"Bearer {head}.{segment(changed)}.{signature}",
        "alg none": f"Bearer {segment({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "foreign key": "Bearer " + jwt.encode(claims, "k" * 64, "HS256"),
        "other algorithm": "Bearer " + jwt.encode(claims, settings.SECRET_KEY, "HS512"),
        "expired": "Bearer " + jwt.encode({**claims, "exp": 1}, settings.SECRET_KEY, "HS256"),
        "used as refresh": "Bearer "
        + jwt.encode({**claims, "token_use": "refresh"}, settings.SECRET_KEY, "HS256"),
        "two headers": f"Bearer {token},Bearer {token}",
        "two tokens": f"Bearer {token} {token}",
        "10 kB": "Bearer " + "a" * 10_240,
        "10 kB of dots": "Bearer " + "." * 10_240,
        "empty": "",
        "scheme only": "Bearer",
        "other scheme": f"Basic {token}",
        "not ascii": "Bearer \xff\xfe",
        "no sid": "Bearer " + jwt.encode({**claims, "sid": "AAAA"}, settings.SECRET_KEY, "HS256"),
    }[how]


HOWS = [
    "tampered signature", "tampered claims", "alg none", "foreign key", "other algorithm",
    "expired", "used as refresh", "two headers", "two tokens", "10 kB", "10 kB of dots", "empty",
    "scheme only", "other scheme", "not ascii", "no sid",
]  # fmt: skip


@pytest.mark.parametrize("how", HOWS)
def test_a_token_that_is_not_ours_is_a_401(patient: Patient, how: str) -> None:
    header = forged(access_token(patient.user), how)
    http = Client(raise_request_exception=False)
    answer = http.get("/api/v1/entries/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert code_of(answer) in {"not_authenticated", "authentication_failed"}
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_token_or_cookie_opens_nothing_below_the_api(patient: Patient) -> None:
    session = log_in(patient.user.email)["session_token"]
    http = Client()
    assert http.get("/api/v1/entries/", headers={"X-Session-Token": session}).status_code == 401
    http.cookies[settings.SESSION_COOKIE_NAME] = session
    assert http.get("/api/v1/entries/").status_code == 401


def test_an_account_that_was_switched_off_is_a_401(phone: Phone, patient: Patient) -> None:
    assert phone.get("entries/").status_code == 200
    User.objects.filter(pk=patient.user_id).update(is_active=False)
    assert phone.get("entries/").status_code == 401
    assert phone.post("entries/", ENTRY).status_code == 401


def test_a_physician_has_no_diary(db: None) -> None:
    physician = enrol_physician(email="dr@example.org", name="Dr. A", password=PASSWORD)
    answer = Phone(access_token(physician)).get("entries/")
    assert (answer.status_code, code_of(answer)) == (403, "not_a_patient")


def test_no_usable_token_lies_in_the_database(patient: Patient) -> None:
    """What is at rest is the ids of refresh tokens, which sign nothing."""
    meta = log_in(patient.user.email)
    rows = str(list(Session.objects.values_list("session_data", flat=True)))
    decoded = str([row.get_decoded() for row in Session.objects.all()])
    for token in (meta["refresh_token"], meta["access_token"]):
        assert token not in rows + decoded
