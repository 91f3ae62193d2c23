"""Readiness: how long the oldest debt has been owed, and when that is too long."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import redis
from django.conf import settings as django_settings
from django.db import OperationalError
from django.db.models.functions import Now
from django.test import Client

from alerts.heartbeats import CANARY, CANARY_FAILED, DISPATCHER, beat
from alerts.models import Heartbeat, Incident
from config import reached
from config.health import REFUSED, SILENT, STALE
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


def test_what_waits_for_its_time_or_its_far_end_is_not_late(
    client: Client, patient: Patient
) -> None:
    """The morning, the room in the budget, and a mail server that is down."""
    long_ago: dict[str, Any] = {"created_at": Now() - 8 * HOUR}
    owe_message(patient, level=2, attempts=5, due_at=Now() + 2 * HOUR, **long_ago)
    held = {"waits_for": "mail.example.org", "due_at": Now() - 8 * HOUR, **long_ago}
    owe_message(patient, level=2, attempts=1, **held)
    assert causes(client) == []
    owe_message(patient, level=3, attempts=1, **held)
    assert causes(client) == ["deliveries"], "an urgent message must not wait for a mail server"


def ages(client: Client, *names: str) -> dict[str, str]:
    said = client.get("/readyz").json()["causes"]
    return {name: said[name] for name in names if name in said}


def set_back(name: str, age: timedelta) -> None:
    beat(name)
    Heartbeat.objects.filter(name=name).update(at=Now() - age)


def test_a_dispatcher_that_is_silent_is_told(client: Client, db: None) -> None:
    assert ages(client, "dispatcher") == {"dispatcher": "has never been at work"}
    set_back(DISPATCHER, SILENT - 5 * SECOND)
    assert ages(client, "dispatcher") == {}
    set_back(DISPATCHER, SILENT + 5 * SECOND)
    assert ages(client, "dispatcher") == {"dispatcher": "silent for 35 s"}


@pytest.mark.parametrize(
    ("well", "failed", "says"),
    [
        pytest.param(None, 10, "failed 10 s ago", id="never-well"),
        pytest.param(70, 10, "failed 10 s ago", id="was-well-before"),
        pytest.param(10, 70, None, id="well-again"),
        pytest.param(4000, 301, None, id="stopped-since"),
        pytest.param(4000, None, None, id="never-failed"),
    ],
)
def test_a_canary_that_fails_is_told(
    client: Client, db: None, well: int | None, failed: int | None, says: str | None
) -> None:
    for name, age in ((CANARY, well), (CANARY_FAILED, failed)):
        if age is not None:
            set_back(name, age * SECOND)
    assert ages(client, "canary") == ({"canary": says} if says else {})


def test_readiness_asks_four_questions_of_the_database(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    beat(DISPATCHER)
    with django_assert_num_queries(4):
        assert client.get("/readyz").status_code == 200


def test_a_database_that_is_away_is_named_once_for_each_thing(client: Client, db: None) -> None:
    away = OperationalError("secret address")
    with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=away):
        answer = client.get("/readyz")
    said = answer.json()["causes"]
    assert answer.status_code == 503
    assert said["database"] == "away (OperationalError)"
    assert said.keys() == {"database", "evaluations", "deliveries", "dispatcher", "canary"}
    assert "secret" not in answer.content.decode()


def test_a_clock_that_went_back_is_an_incident(db: None) -> None:
    beat(DISPATCHER)
    Heartbeat.objects.update(at=Now() + SECOND)
    beat(DISPATCHER)
    assert not Incident.objects.exists(), "two dispatchers may write out of turn"
    Heartbeat.objects.update(at=Now() + HOUR)
    beat(DISPATCHER)
    incident = Incident.objects.get()
    assert (incident.kind, incident.cause) == ("clock_went_back", "of the database")
    assert Heartbeat.objects.get().at < incident.at + SECOND, "the beat is by the clock as it is"


def broker() -> redis.Redis:
    return redis.from_url(django_settings.REDIS_URL)


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_a_broker_that_may_forget_is_refused(client: Client, db: None, policy: str) -> None:
    assert reached.of_the_broker() == []
    with broker() as memory:
        memory.config_set("maxmemory-policy", policy)
        try:
            beat(DISPATCHER)
            said = client.get("/readyz").json()["causes"]
            with pytest.raises(SystemExit) as refusal:
                reached.exit_unless_sound()
        finally:
            memory.config_set("maxmemory-policy", "noeviction")
    assert said == {"broker": "maxmemory-policy is not noeviction"}
    assert refusal.value.code == "Refusing to start: maxmemory-policy is not noeviction."


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ({"server_version_num": "140012"}, ["PostgreSQL is older than 15"]),
        ({"synchronous_commit": "off"}, ["synchronous_commit is off"]),
        ({"synchronous_commit": "local"}, ["synchronous_commit is off"]),
        ({"synchronous_commit": "remote_apply"}, []),
        ({"fsync": "off"}, ["fsync is off"]),
        ({"full_page_writes": "off"}, ["full_page_writes is off"]),
        ({}, []),
    ],
)
def test_what_postgres_must_be(settings: Any, found: dict[str, str], wrong: list[str]) -> None:
    sound = {"server_version_num": "150000", "synchronous_commit": "on", "fsync": "on"}
    settings.RELAXED = False
    assert list(reached._wrong_with({**sound, "full_page_writes": "on", **found})) == wrong


def test_a_process_starts_while_a_service_is_away(db: None) -> None:
    with patch.object(reached, "of_postgres", side_effect=OperationalError("away")):
        reached.exit_unless_sound()
    assert reached.of_postgres() == []
