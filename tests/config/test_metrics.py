"""What a scrape says of the obligations, and to whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families as families

from alerts.heartbeats import CANARY, beat
from alerts.models import Incident, PushDevice, Watch
from config.metrics import QUESTIONS
from diary.models import Patient
from tests.alerts.diaries import new_alert, new_patient, owe_message
from tests.phones import code_of

TOKEN = "t" * 32
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(client: Client, token: str = TOKEN) -> Any:
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def measured(client: Client, name: str, /, **labels: str) -> list[float]:
    answer = scrape(client)
    assert answer.status_code == 200
    return [
        sample.value
        for family in families(answer.content.decode())
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Authorization": f"Bearer {TOKEN}x"}, id="longer"),
        pytest.param({"Authorization": f"Bearer {TOKEN[:-1]}"}, id="shorter"),
        pytest.param({"Authorization": f"Basic {TOKEN}"}, id="another-scheme"),
        pytest.param({"Authorization": f"Bearer {'ü' * 16}"}, id="not-ascii"),
        pytest.param({"Authorization": "Bearer"}, id="no-token"),
    ],
)
@pytest.mark.django_db
def test_only_the_token_opens_the_metrics(client: Client, authorization: dict[str, str]) -> None:
    answer = client.get("/metrics", headers=authorization)
    assert (answer.status_code, code_of(answer)) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.content.decode()


def test_without_a_token_set_there_are_no_metrics(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert scrape(client, "").status_code == 404


def test_what_is_owed_is_counted_with_its_age(client: Client, patient: Patient) -> None:
    Watch.objects.filter(patient=patient).update(due_at=Now() - 90 * SECOND)
    moments: dict[str, Any] = {"created_at": Now() - 300 * SECOND, "due_at": Now() - 30 * SECOND}
    owe_message(patient, level=4, **moments)
    owe_message(patient, level=4, waits_for="mail.example.org", **moments)
    owe_message(patient, level=1, created_at=Now() - SECOND, due_at=Now() + 3600 * SECOND)
    (evaluations,) = measured(client, "diary_evaluations_owed")
    (oldest,) = measured(client, "diary_evaluation_oldest_seconds")
    assert (evaluations, int(oldest)) == (1, 90)
    mails = {"channel": "email", "level": "4"}
    assert measured(client, "diary_deliveries_owed", **mails) == [2]
    assert int(measured(client, "diary_delivery_oldest_seconds", **mails)[0]) == 300
    assert int(measured(client, "diary_delivery_overdue_seconds", **mails)[0]) == 30
    assert measured(client, "diary_delivery_overdue_seconds", level="1") == [0]
    assert measured(client, "diary_deliveries_held", far_end="mail.example.org") == [1]


def test_how_long_it_took_counts_the_first_yes_of_each_channel(
    client: Client, patient: Patient
) -> None:
    first = owe_message(patient, level=4)
    assert first.event is not None
    ended: dict[str, Any] = {"state": "accepted", "ended_at": first.event.at + 2 * SECOND}
    type(first).objects.filter(pk=first.pk).update(**ended)
    phone = PushDevice.objects.create(
        patient=patient, device_id=uuid4(), kind="webpush", registered_at=Now(), endpoint_digest=b""
    )
    later = {**ended, "ended_at": first.event.at + 4 * SECOND}
    type(first).objects.create(
        patient=patient,
        event=first.event,
        recipient=patient.user,
        level=4,
        **{"channel": "webpush", "device": phone, "created_at": Now(), "due_at": Now(), **later},
    )
    for name in ("p50", "p95", "p99", "max"):
        seconds = f"diary_told_seconds_{name}"
        assert measured(client, seconds, channel="email", level="4") == [2]
        assert measured(client, seconds, channel="webpush", level="4") == [4]
    assert measured(client, "diary_told_15m") == [1, 1]
    assert measured(client, "diary_deliveries_ended_15m", state="accepted") == [1, 1]


def test_what_a_channel_said_yes_to_before_is_not_told_again(
    client: Client, patient: Patient
) -> None:
    early = owe_message(patient, level=3)
    long_ago: dict[str, Any] = {"state": "accepted", "ended_at": Now() - 1000 * SECOND}
    type(early).objects.filter(pk=early.pk).update(**long_ago)
    late = {**long_ago, "ended_at": Now()}
    type(early).objects.create(
        patient=patient,
        event=early.event,
        recipient=None,
        level=3,
        **{"channel": "email", "created_at": Now(), "due_at": Now(), **late},
    )
    assert measured(client, "diary_told_15m") == []


def test_failures_heartbeats_and_alerts_are_there_and_the_canary_is_no_patient(
    client: Client, patient: Patient
) -> None:
    dead = owe_message(patient, level=2)
    type(dead).objects.filter(pk=dead.pk).update(state="dead", ended_at=Now() - 3600 * SECOND)
    Incident.objects.create(kind="delivery_dead", cause="email 550", at=Now(), count=3)
    beat(CANARY, seconds=1.5)
    new_alert(patient, level=3)
    new_alert(new_patient(is_canary=True), level=3)
    assert measured(client, "diary_deliveries_dead_24h", channel="email") == [1]
    assert measured(client, "diary_incidents_open", kind="delivery_dead") == [1]
    assert measured(client, "diary_incidents_open_times", kind="delivery_dead") == [3]
    assert measured(client, "diary_heartbeat_measured_seconds", name="canary") == [1.5]
    assert measured(client, "diary_heartbeat_age_seconds", name="canary")[0] < 60
    for gauge in ("open", "unread", "unseen"):
        assert measured(client, f"diary_alerts_{gauge}", level="3") == [1]


def test_a_scrape_asks_each_question_once(
    client: Client, patient: Patient, django_assert_num_queries: Any
) -> None:
    owe_message(patient)
    with django_assert_num_queries(len(QUESTIONS)):
        said = scrape(client).content.decode()
    assert str(patient.pk) not in said
    assert patient.user.email not in said


def test_a_database_that_is_away_is_said(client: Client, settings: Any, patient: Patient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE alerts_heartbeat RENAME TO elsewhere")
    answer = scrape(client)
    assert (answer.status_code, code_of(answer)) == (503, "unavailable")
