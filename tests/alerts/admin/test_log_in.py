"""The log-in of the physicians: how often it may fail, and how long it lasts."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from diary.models import User
from tests.counts import age_counts
from tests.diary.admin import clinic

pytestmark = pytest.mark.django_db
LOG_IN = "/admin/login/"
HALF_A_DAY = 12 * 3600


@pytest.fixture
def doctor() -> User:
    return clinic.physician("Anna")


def attempt(email: str, password: str = "wrong", *, http: Client | None = None) -> int:
    answer = (http or Client()).post(LOG_IN, {"username": email, "password": password})
    if answer.status_code == 429:
        assert 0 < int(answer["Retry-After"]) <= 900
        assert "Too many attempts" in answer.content.decode()
    return answer.status_code


@pytest.mark.parametrize("email", ["anna@clinic.example", "nobody@clinic.example"])
def test_the_11th_attempt_is_refused_whether_or_not_there_is_an_account(
    doctor: User, email: str
) -> None:
    assert [attempt(email) for _ in range(11)] == [200] * 10 + [429]
    assert attempt(email.upper(), clinic.PASSWORD) == 429, "also with the right password"
    fullwidth = email.replace("a", "\uff41").replace("n", "\uff4e")
    assert attempt(fullwidth) == 429, "and in letters that only look different"
    assert attempt("other@clinic.example") == 200, "another account is not refused"


def test_the_right_password_works_until_the_limit_and_is_not_counted(doctor: User) -> None:
    assert [attempt(doctor.email) for _ in range(9)] == [200] * 9
    assert [attempt(doctor.email, clinic.PASSWORD) for _ in range(3)] == [302] * 3
    assert [attempt(doctor.email) for _ in range(2)] == [200, 429]


def test_a_refused_account_may_try_again_when_the_window_is_over(doctor: User) -> None:
    assert attempt(doctor.email) == 200
    for _ in range(9):
        attempt(doctor.email)
    assert attempt(doctor.email, clinic.PASSWORD) == 429
    age_counts(timedelta(minutes=15))
    assert attempt(doctor.email, clinic.PASSWORD) == 302


def test_failures_in_the_app_count_for_the_admin_too(doctor: User) -> None:
    app = Client(raise_request_exception=False)
    for _ in range(10):
        app.post(
            "/_allauth/app/v1/auth/login",
            {"email": doctor.email, "password": "wrong"},
            content_type="application/json",
        )
    assert attempt(doctor.email, clinic.PASSWORD) == 429


def test_a_session_ends_after_12_hours_also_when_it_is_used(doctor: User) -> None:
    http = Client()
    assert attempt(doctor.email, clinic.PASSWORD, http=http) == 302
    assert 0 < int(http.cookies["sessionid"]["max-age"]) <= HALF_A_DAY
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert attempt(doctor.email, "wrong", http=http) == 200
        assert http.get("/admin/alerts/alert/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=12, seconds=1)):
        assert http.get("/admin/alerts/alert/").status_code == 302
