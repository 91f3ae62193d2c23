"""What the code leans on: the word of the database, and the order of the clocks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from alerts import claims, delivery
from alerts.channels import smtp, wire
from alerts.channels.outcome import NotAccepted
from alerts.models import (
    Alert,
    AlertEvent,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    Incident,
    PushDevice,
)
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import START, at, new_alert, owe_message
from tests.alerts.test_delivery import attempts, end_lease

# --- What the database refuses -------------------------------------------------------------------


def an_event(patient: Patient, **fields: Any) -> AlertEvent:
    fields = {"kind": "reminder", "at": START, "level": 2, "rule": "R08", **fields}
    return AlertEvent.objects.create(patient=patient, **fields)


def told(event: AlertEvent) -> Delivery:
    moments = dict.fromkeys(("created_at", "due_at"), START)
    return Delivery.objects.create(
        patient=event.patient,
        event=event,
        recipient=event.patient.user,
        channel="email",
        level=event.level,
        **moments,
    )


def device_of_somebody() -> PushDevice:
    return PushDevice.objects.create(
        patient=diaries.new_patient(),
        device_id=uuid4(),
        kind="fcm",
        endpoint="token",
        endpoint_digest=b"digest of the token",
        registered_at=START,
    )


def second_alert(patient: Patient) -> None:
    new_alert(patient, opened_at=at(hours=1))


def second_saying(patient: Patient) -> None:
    an_event(patient, text_key="in.other.words")


def second_end(patient: Patient) -> None:
    alert = Alert.objects.filter(patient=patient).first() or new_alert(patient)
    an_event(patient, alert=alert, kind="cleared", at=at(hours=AlertEvent.objects.count()))


def second_telling(patient: Patient) -> None:
    told(AlertEvent.objects.filter(patient=patient).first() or an_event(patient))


def second_owner(_: Patient) -> None:
    device_of_somebody()


def second_incident(patient: Patient) -> None:
    Incident.objects.create(patient=patient, kind="rule_failed", cause="R08 KeyError", at=START)


def second_incident_of_nobody(_: Patient) -> None:
    Incident.objects.create(kind="rule_failed", cause="R08 KeyError", at=START)


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (second_alert, "one_open_alert_per_cause"),
        (second_saying, "said_once"),
        (second_end, "once_in_an_alert"),
        (second_telling, "told_once_per_endpoint"),
        (second_owner, "one_account_per_endpoint"),
        (second_incident, "one_open_incident_per_cause"),
        (second_incident_of_nobody, "one_open_incident_per_cause"),
    ],
)
def test_the_database_refuses_the_second(
    patient: Patient, write: Callable[[Patient], None], constraint: str
) -> None:
    write(patient)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(patient)
    cause: Any = refusal.value.__cause__
    assert cause.diag.constraint_name == constraint


# --- The lease ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("late", id="accepted"),
        pytest.param(NotAccepted("gone_410", permanent=True), id="refused-for-good"),
        pytest.param(NotAccepted("busy_429", permanent=False), id="refused-for-now"),
    ],
)
def test_who_outlived_the_lease_changes_nothing_while_another_is_at_it(
    patient: Patient, answer: str | NotAccepted
) -> None:
    owed = owe_message(patient)
    first = claims.take(owed.pk)
    end_lease(owed)
    second = claims.take(owed.pk)
    assert first is not None
    assert second is not None

    before = [*Delivery.objects.values(), *DeliveryAttempt.objects.order_by("pk").values()]
    delivery._record(first, answer)
    after = [*Delivery.objects.values(), *DeliveryAttempt.objects.order_by("pk").values()]
    assert after == before
    assert not Incident.objects.exists()

    delivery._record(second, "second")
    owed.refresh_from_db()
    assert (owed.state, owed.provider_id) == (DeliveryState.ACCEPTED, "second")
    assert attempts(owed) == [("unknown", ""), ("accepted", "")]


def test_a_send_is_over_before_its_task_and_a_task_before_its_lease() -> None:
    longest = max(smtp.TOTAL_SECONDS, wire.TOTAL_SECONDS)
    assert timedelta(seconds=longest) < claims.LONGEST_SEND
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert claims.LONGEST_SEND < timedelta(seconds=soft) < timedelta(seconds=hard) < claims.LEASE


# --- The connection -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "on"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ],
)
def test_a_fresh_connection_commits_to_disk_and_waits_for_nobody_for_ever(
    setting: str, value: str
) -> None:
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == (value,)
    finally:
        fresh.close()
