"""The chase goes on where the diary itself is not, or cannot be, looked at."""

from datetime import timedelta

import pytest

from alerts import acts, evaluation, loading
from alerts.models import Alert, AlertEvent, Incident, Watch
from diary.consent import required_version
from diary.models import Patient
from diary.services import consent
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER, at, evaluate_all_due, put_entry
from tests.alerts.test_chase import MINUTE, chased, emergency, read

ALL_OF_IT = [(5, "reminder"), (15, "reminder"), (30, "escalated"), (30, "reminder")]


@pytest.fixture
def patient(db: None) -> Patient:
    """A patient of whom nothing was heard before the story begins."""
    return diaries.new_patient()


def withdraw(patient: Patient, *, seconds: float) -> None:
    consent.withdraw(patient_id=patient.pk, at=at(seconds=seconds))


def test_an_emergency_is_chased_though_the_consent_was_withdrawn(patient: Patient) -> None:
    emergency(patient)
    withdraw(patient, seconds=MINUTE)
    evaluate_all_due(patient, at(days=30))
    assert chased(patient) == ALL_OF_IT
    assert not AlertEvent.objects.filter(rule="R21").exists()
    assert Watch.objects.get().due_at is None


def test_without_consent_it_ends_with_the_answer_as_well(patient: Patient) -> None:
    alert = emergency(patient)
    withdraw(patient, seconds=MINUTE)
    evaluate_all_due(patient, at(seconds=6 * MINUTE))
    read(alert, seconds=7 * MINUTE)
    evaluate_all_due(patient, at(days=1))
    assert chased(patient) == [(5, "reminder"), (30, "escalated")]


def test_without_consent_a_physician_can_close_what_is_open(patient: Patient) -> None:
    alert = emergency(patient)
    withdraw(patient, seconds=MINUTE)
    closed = acts.close(
        alert_id=alert.pk,
        patient_id=patient.pk,
        by=patient.user,
        reason="examined",
        at=at(seconds=2 * MINUTE),
    )
    assert closed.status == "cleared"
    evaluate_all_due(patient, at(days=1))
    assert chased(patient) == []


def test_a_consent_given_again_says_nothing_twice(patient: Patient) -> None:
    emergency(patient)
    withdraw(patient, seconds=MINUTE)
    evaluate_all_due(patient, at(seconds=16 * MINUTE))
    moment = at(seconds=17 * MINUTE)
    consent.give(patient_id=patient.pk, version=required_version(), at=moment)
    evaluate_all_due(patient, at(days=1))
    assert chased(patient) == ALL_OF_IT


def test_a_diary_that_cannot_be_read_does_not_delay_the_chase(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_entry(patient, at(seconds=-3 * MINUTE), pain=3)
    emergency(patient)

    def fails(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(loading, "diary_of", fails)
        evaluate_all_due(patient, at(seconds=31 * MINUTE))
    assert chased(patient) == ALL_OF_IT
    assert str(Incident.objects.get(kind="rule_failed")) == "rule_failed: engine LookupError"
    retried = Watch.objects.get()
    assert retried.due_at is not None
    assert retried.due_at <= at(seconds=31 * MINUTE) + evaluation.RETRY_AFTER_FAILURE
    assert retried.arrived, "what the failed evaluation owes is owed still"
    evaluate_all_due(patient, at(hours=2))
    assert chased(patient) == ALL_OF_IT


def test_a_chase_that_fails_too_is_put_off_with_the_rest(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_entry(patient, at(), red_flags=BLADDER)

    def fails(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(loading, "diary_of", fails)
        broken.setattr(loading, "chase_of", fails)
        owed = evaluation.evaluate(patient_id=patient.pk, at=at(seconds=1))
    assert len(owed) == len(Alert.objects.get().events.get().deliveries.all())
    assert Watch.objects.get().due_at == at(seconds=1) + timedelta(minutes=5)
