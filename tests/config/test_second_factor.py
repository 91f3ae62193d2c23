"""Second factors: a code works once, guesses are counted, and none is taken away unasked."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from diary.models import Patient
from tests.accounts import log_in, send
from tests.counts import forget_counts
from tests.phones import PASSWORD, Answer

TOTP = "account/authenticators/totp"
CODES = "account/authenticators/recovery-codes"
Session = dict[str, str]


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


def code_now(secret: str, *, shift: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift)))


def session_of(answer: Answer) -> Session:
    return {"X-Session-Token": answer.json()["meta"]["session_token"]}


def prove(session: Session) -> None:
    """Show the password again, which a change of second factors asks for."""
    assert send("POST", "auth/reauthenticate", {"password": PASSWORD}, **session).status_code == 200


def secured(patient: Patient) -> tuple[str, Session]:
    """Switch a second factor on; its secret, and the session that did it."""
    session = {"X-Session-Token": log_in(patient.user.email)["session_token"]}
    prove(session)
    secret = send("GET", TOTP, **session).json()["meta"]["secret"]
    activated = send("POST", TOTP, {"code": code_now(secret)}, **session)
    assert activated.status_code == 200, activated.content
    return secret, session


def half_in(patient: Patient) -> Session:
    """A log-in whose password was right and whose second factor is missing."""
    answer = send("POST", "auth/login", {"email": patient.user.email, "password": PASSWORD})
    assert answer.status_code == 401
    assert "access_token" not in answer.json()["meta"]
    return session_of(answer)


def show(code: str, session: Session) -> Answer:
    return send("POST", "auth/2fa/authenticate", {"code": code}, **session)


def test_a_code_opens_one_log_in_and_no_second_within_its_30_seconds(patient: Patient) -> None:
    secret, _ = secured(patient)
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        assert show(code_now(secret), half_in(patient)).status_code == 200
        assert show(code_now(secret), half_in(patient)).status_code == 400
        assert send("GET", "account/email", **half_in(patient)).status_code == 401


def test_a_second_factor_may_be_guessed_at_10_times(patient: Patient) -> None:
    secret, _ = secured(patient)
    wrong = "000000" if code_now(secret) != "000000" else "000001"
    statuses = [show(wrong, half_in(patient)).status_code for _ in range(10)]
    assert statuses == [400] * 10
    last = [show(code_now(secret, shift=n % 2), half_in(patient)) for n in range(90)]
    assert {answer.status_code for answer in last} == {429}
    assert {answer["Retry-After"] for answer in last} == {"60"}


def test_a_recovery_code_works_once(patient: Patient) -> None:
    _, session = secured(patient)
    code, *_ = send("POST", CODES, {}, **session).json()["data"]["unused_codes"]
    assert show(code, half_in(patient)).status_code == 200
    assert show(code, half_in(patient)).status_code == 400


@pytest.mark.parametrize("path", [TOTP, CODES])
def test_who_finds_an_unlocked_phone_cannot_take_the_second_factor_away(
    patient: Patient, path: str
) -> None:
    _, session = secured(patient)
    method = "DELETE" if path == TOTP else "POST"
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        answer = send(method, path, {}, **session)
    assert answer.status_code == 401
    assert {"id": "reauthenticate"} in answer.json()["data"]["flows"]
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_the_secret_of_a_second_factor_lies_encrypted(patient: Patient) -> None:
    secret, session = secured(patient)
    codes = send("POST", CODES, {}, **session).json()["data"]["unused_codes"]
    at_rest = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(at_rest) > 100
    assert not [word for word in (secret, *codes) if word in at_rest]
