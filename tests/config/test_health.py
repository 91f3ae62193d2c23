"""Readiness: how long the oldest debt has been owed, and when that is too long."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from config.health import REFUSED, STALE
from diary.models import Patient
from tests.alerts.diaries import owe_message

SECOND = timedelta(seconds=1)
NOT_YET, TOO_LONG = STALE - 5 * SECOND, STALE + SECOND
HOUR, NEXT_TRY = timedelta(hours=1), 60 * SECOND


def causes(client: Client) -> list[str]:
    return [cause for cause in client.get("/readyz").json()["causes"] if cause == "deliveries"]


@pytest.mark.parametrize(
    ("tried", "counts_from"),
    [
        pytest.param({"level": 0, "attempts": 0}, "due_at", id="never-tried"),
        pytest.param({"level": 2, "attempts": 2}, "due_at", id="refused-twice"),
        pytest.param({"level": 3, "attempts": 1}, "created_at", id="level-3-refused-once"),
        pytest.param({"level": 4, "attempts": 9}, "created_at", id="level-4-refused-often"),
        pytest.param({"level": 2, "attempts": 3}, "created_at", id="refused-three-times"),
    ],
)
@pytest.mark.parametrize("age", [NOT_YET, TOO_LONG], ids=["not-yet", "too-long"])
def test_what_is_owed_for_too_long_makes_the_service_unready(
    client: Client, patient: Patient, tried: dict[str, int], counts_from: str, age: timedelta
) -> None:
    """Counted from when it was owed, its next try does not matter; else only that does."""
    other = {"due_at": ("created_at", -HOUR), "created_at": ("due_at", NEXT_TRY)}[counts_from]
    grace = REFUSED if counts_from == "created_at" else 0 * SECOND
    moments: dict[str, Any] = {counts_from: Now() - age - grace, other[0]: Now() + other[1]}
    owe_message(patient, **tried, **moments)
    assert causes(client) == (["deliveries"] if age == TOO_LONG else [])


def test_one_of_a_low_level_may_wait_for_its_third_try(client: Client, patient: Patient) -> None:
    moments: dict[str, Any] = {"created_at": Now() - 2 * STALE, "due_at": Now() + 60 * SECOND}
    owe_message(patient, level=2, attempts=2, **moments)
    assert causes(client) == []


def test_what_has_an_end_is_owed_no_more(client: Client, patient: Patient) -> None:
    moments: dict[str, Any] = {"created_at": Now() - 2 * STALE, "due_at": Now() - 2 * STALE}
    owe_message(patient, level=4, state="dead", ended_at=Now(), **moments)
    assert causes(client) == []
