"""Nobody learns who has an account: not by what is answered, and not by how long it takes."""

import statistics
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from diary.models import User
from tests.accounts import send
from tests.counts import forget_counts
from tests.phones import PASSWORD, enrolled

DOORS: dict[str, dict[str, str]] = {
    "auth/login": {"password": "no such password here"},
    "auth/signup": {"password": PASSWORD},
    "auth/password/request": {},
    "auth/code/request": {},
}
ROUNDS = 20


@pytest.fixture
def addresses(db: None) -> dict[str, Iterator[str]]:
    """Who asks: each of 20 accounts once, or 20 who have none."""
    known = [enrolled().user for _ in range(ROUNDS)]
    closed = [enrolled().user for _ in range(ROUNDS)]
    User.objects.filter(pk__in=[user.pk for user in closed]).update(is_active=False)
    return {
        "known": iter([user.email for user in known]),
        "closed": iter([user.email for user in closed]),
        # As long as the others: the answer may not be longer because the address is.
        "unknown": (f"unknown{number:02}@example.org" for number in count()),
    }


def shown(answer: Any) -> tuple[int, int, Any]:
    """Status, length and body of an answer; a session token is another each time."""
    body = answer.json()
    body.get("meta", {}).pop("session_token", None)
    return answer.status_code, len(answer.content), body


@pytest.mark.parametrize("door", DOORS)
def test_every_address_is_answered_alike(
    door: str, addresses: dict[str, Iterator[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return real(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    answers, mails = [], []
    for who in addresses.values():
        forget_counts()
        del mail.outbox[:]
        hashed.clear()
        answers.append(
            (*shown(send("POST", door, {"email": next(who), **DOORS[door]})), len(hashed))
        )
        mails.append(len(mail.outbox))
    assert answers[0] == answers[1] == answers[2]
    if door == "auth/login":
        assert mails == [0, 0, 0]
    else:
        assert min(mails) == 1, "who has no account hears of it by mail, and nobody else does"


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_no_address_takes_longer(door: str, addresses: dict[str, Iterator[str]]) -> None:
    """Without the hash of a password, which is as often for each: see above."""
    taken: dict[str, list[float]] = {who: [] for who in addresses}
    for _ in range(ROUNDS):
        for who, names in addresses.items():
            forget_counts()
            began = time.process_time()
            send("POST", door, {"email": next(names), **DOORS[door]})
            taken[who].append(time.process_time() - began)
    medians = [statistics.median(times) for times in taken.values()]
    assert max(medians) - min(medians) < 0.030, medians
