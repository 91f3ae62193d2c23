"""Guessing passwords and codes: what is counted, who is refused, and who never is."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from alerts.models import Delivery
from diary.models import Patient, User
from tests.accounts import log_in, mailed_code, refresh, send, status_with
from tests.counts import age_counts, forget_counts
from tests.diary.bodies import ENTRY
from tests.phones import PASSWORD, Answer, Phone, at_once, enrolled

WRONG = "no such password here"
UNKNOWN = "nobody@example.org"


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


def attempt(email: str, password: str = WRONG, **headers: str) -> Answer:
    return send("POST", "auth/login", {"email": email, "password": password}, **headers)


def refused(answer: Answer, *, within: int = 900) -> bool:
    """Whether it is the 429 of the log-in library, with the seconds to wait."""
    if answer.status_code != 429:
        return False
    assert answer.json()["status"] == 429
    assert 1 <= int(answer["Retry-After"]) <= within
    return True


@pytest.mark.parametrize("known", [True, False])
def test_after_10_failures_every_further_attempt_is_refused(patient: Patient, known: bool) -> None:
    email = patient.user.email if known else UNKNOWN
    assert [attempt(email).status_code for _ in range(10)] == [400] * 10
    for spoofed in ("203.0.113.1", "203.0.113.2, 203.0.113.3"):
        assert refused(attempt(email.upper(), **{"X-Forwarded-For": spoofed}))
    assert refused(attempt(email, PASSWORD)), "also with the right password"
    assert attempt("other@example.org").status_code == 400
    age_counts(timedelta(minutes=15))
    assert attempt(email, PASSWORD).status_code == (200 if known else 400)


def test_an_account_is_counted_from_all_places_together(patient: Patient) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        answers = [
            attempt(patient.user.email, **{"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(11)
        ]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_an_address_with_a_nul_is_no_way_round_the_count(patient: Patient) -> None:
    for name in (patient.user.email + "\x00", "\x00" + patient.user.email):
        assert attempt(name, PASSWORD).status_code == 400
        for _ in range(20):
            answer = Client().post("/admin/login/", {"username": name, "password": WRONG})
        assert (answer.status_code, answer["Retry-After"] != "") == (429, True)
        forget_counts()


@pytest.mark.django_db(transaction=True)
def test_of_60_attempts_at_once_at_most_10_reach_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    email = enrolled().user.email
    looked: list[str] = []
    real = User.check_password

    def counted(user: User, password: str) -> bool:
        looked.append(password)
        return real(user, password)

    monkeypatch.setattr(User, "check_password", counted)
    answers = at_once(*[partial(attempt, email)] * 60)
    assert len(looked) == 10
    assert sorted(answer.status_code for answer in answers) == [400] * 10 + [429] * 50


def test_one_password_for_many_accounts_ends_at_the_31st() -> None:
    statuses = [attempt(f"someone{number}@example.org").status_code for number in range(35)]
    assert statuses == [400] * 30 + [429] * 5
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        elsewhere = attempt("else@example.org", **{"X-Forwarded-For": "198.51.100.1"})
    assert elsewhere.status_code == 400


def test_a_whole_clinic_logs_in_from_one_address(patient: Patient) -> None:
    assert [attempt(patient.user.email, PASSWORD).status_code for _ in range(40)] == [200] * 40


def test_who_is_guessed_at_keeps_every_device_and_logs_in_by_mail(patient: Patient) -> None:
    device = log_in(patient.user.email)
    for _ in range(12):
        attempt(patient.user.email)
    assert refused(attempt(patient.user.email, PASSWORD))

    assert Phone(device["access_token"]).post("entries/", ENTRY).status_code == 201
    renewed = refresh(device["refresh_token"])
    assert renewed.status_code == 200
    assert refresh(renewed.json()["data"]["refresh_token"]).status_code == 200
    asked = send("POST", "auth/code/request", {"email": patient.user.email})
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    confirmed = send("POST", "auth/code/confirm", {"code": mailed_code()}, **session)
    assert confirmed.status_code == 200
    assert status_with(confirmed.json()["meta"]["access_token"]) == 200


def test_a_flood_at_one_address_does_not_keep_its_phones_from_their_tokens(
    patient: Patient,
) -> None:
    device = log_in(patient.user.email)
    for number in range(31):
        attempt(f"someone{number}@example.org")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE diary_tally SET times = times + 1000")
    assert send("GET", "config").status_code == 429
    assert refresh(device["refresh_token"]).status_code == 200


def test_a_mailed_code_may_be_tried_three_times(patient: Patient) -> None:
    asked = send("POST", "auth/code/request", {"email": patient.user.email})
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    code = mailed_code()
    for _ in range(3):
        wrong = send("POST", "auth/code/confirm", {"code": "WRONG1"}, **session)
        assert wrong.status_code == 400
    assert send("POST", "auth/code/confirm", {"code": code}, **session).status_code != 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_codes_guessed_at_once_are_counted_too() -> None:
    asked = send("POST", "auth/code/request", {"email": enrolled().user.email})
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    guess = partial(send, "POST", "auth/code/confirm", {"code": "WRONG1"}, **session)
    answers = at_once(*[guess] * 40)
    assert len([a for a in answers if a.status_code == 429]) >= 20
    assert all(a["Retry-After"] for a in answers if a.status_code == 429)


def test_who_finds_an_unlocked_phone_cannot_guess_the_password(patient: Patient) -> None:
    found, other = log_in(patient.user.email), log_in(enrolled().user.email)
    body = {"current_password": WRONG, "new_password": "another long password"}

    def change(meta: dict[str, str]) -> Answer:
        bearer = {"Authorization": f"Bearer {meta['access_token']}"}
        return send("POST", "account/password/change", body, **bearer)

    assert [change(found).status_code for _ in range(6)] == [400] * 5 + [429]
    assert change(other).status_code == 400


def test_codes_are_not_mailed_without_end(patient: Patient) -> None:
    request = partial(send, "POST", "auth/code/request", {"email": patient.user.email})
    answers = [request() for _ in range(6)]
    assert len(mail.outbox) == 3
    assert [refused(answer, within=60) for answer in answers] == [False] * 3 + [True] * 3


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_of_every_log_in_but_the_first() -> None:
    patient = enrolled()
    told = Delivery.objects.filter(recipient=patient.user, event__text_key="account.new_log_in")
    log_in(patient.user.email)
    assert not told.exists()
    log_in(patient.user.email)
    assert list(told.values_list("channel", "event__level")) == [("email", 0)]
    assert attempt(patient.user.email).status_code == 400
    assert told.count() == 1
