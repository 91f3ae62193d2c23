"""What people do with an alert, and what follows from it."""

from uuid import UUID

import pytest

from alerts import acts, evaluation
from alerts.core import engine
from alerts.models import Alert, AlertEvent, Incident, Watch
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER, at, put_entry, put_massage


def held(patient: Patient) -> Alert:
    """An open R08: pain is raised 30 hours after a massage."""
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7)
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=30))
    return Alert.objects.get(patient=patient, rule="R08")


def acknowledge(alert: Alert, *, hours: float = 31) -> Alert:
    by = alert.patient.user
    return acts.acknowledge(
        alert_id=alert.pk, patient_id=alert.patient_id, by=by, note="read", at=at(hours=hours)
    )


def close(alert: Alert, *, hours: float = 31) -> Alert:
    return acts.close(
        alert_id=alert.pk,
        patient_id=alert.patient_id,
        by=alert.patient.user,
        reason="examined",
        at=at(hours=hours),
    )


def open_rules(patient: Patient, *, hours: float) -> list[str]:
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=hours))
    return sorted(Alert.objects.filter(ended_at=None).values_list("rule", flat=True))


def test_an_acknowledged_alert_stays_open_and_the_first_word_counts(patient: Patient) -> None:
    alert = held(patient)
    assert acknowledge(alert).status == "acknowledged"
    again = acknowledge(alert, hours=32)
    assert (again.acknowledged_at, again.ended_at) == (at(hours=31), None)
    kept = AlertEvent.objects.get(kind="acknowledged")
    assert (kept.at, kept.by, kept.reason) == (at(hours=31), patient.user, "read")
    assert open_rules(patient, hours=33) == ["R08"]


def test_what_the_clinic_saw_is_kept_once_and_ends_nothing(patient: Patient) -> None:
    alert = held(patient)
    for hours in (31, 32):
        seen = acts.see(
            alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at(hours=hours)
        )
    assert (seen.seen_by_clinic_at, seen.status) == (at(hours=31), "open")
    assert AlertEvent.objects.filter(kind="seen_by_clinic").count() == 1


def test_a_closed_alert_is_over_and_only_a_later_record_opens_it_again(patient: Patient) -> None:
    alert = held(patient)
    assert (close(alert).status, alert.pk) == ("cleared", Alert.objects.get().pk)
    assert open_rules(patient, hours=32) == []
    put_entry(patient, at(hours=40), pain=3)
    assert open_rules(patient, hours=40) == []
    put_entry(patient, at(hours=41), pain=7)
    assert open_rules(patient, hours=41) == ["R08"]
    kept = AlertEvent.objects.get(kind="closed")
    assert (kept.reason, kept.by) == ("examined", patient.user)


def test_only_a_physician_ends_a_red_flag(patient: Patient) -> None:
    put_entry(patient, at(), red_flags=BLADDER)
    alert = Alert.objects.get()
    acknowledge(alert, hours=1)
    put_entry(patient, at(hours=2), red_flags={"bladder": "no"})
    assert open_rules(patient, hours=2000) == ["R01"]
    assert close(alert, hours=2001).status == "cleared"


def test_what_is_over_cannot_be_closed_or_acknowledged_again(patient: Patient) -> None:
    alert = held(patient)
    close(alert)
    with pytest.raises(acts.AlreadyEnded):
        close(alert, hours=32)
    assert acknowledge(alert, hours=32).acknowledged_at is None


def test_an_alert_of_somebody_else_is_not_there(patient: Patient) -> None:
    alert = held(diaries.new_patient())
    with pytest.raises(Alert.DoesNotExist):
        acts.acknowledge(alert_id=alert.pk, patient_id=patient.pk, by=patient.user)


def test_growing_weakness_is_over_only_when_the_patient_has_read_of_it(patient: Patient) -> None:
    for day, weakness in enumerate([0, 0, 0, 5]):
        put_entry(patient, at(days=day), weakness=weakness)
    assert open_rules(patient, hours=3 * 24) == ["R03"]
    for day in range(4, 10):
        checks = {"heel_walk_left": "can"}
        put_entry(patient, at(days=day), weakness=0, function_checks=checks)
    assert open_rules(patient, hours=10 * 24) == ["R03"]
    alert = acknowledge(Alert.objects.get(rule="R03"), hours=10 * 24 + 1)
    assert (alert.status, alert.ended_at) == ("cleared", at(days=10, hours=1))


def test_an_act_stands_although_the_evaluation_after_it_fails(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = held(patient)

    def fails(*_: object, **__: object) -> UUID:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(engine, "step", fails)
        assert close(alert).status == "open"
    assert str(Incident.objects.get()) == "rule_failed: engine LookupError"
    diaries.evaluate_all_due(patient, at(hours=32))
    alert.refresh_from_db()
    assert (alert.status, Watch.objects.get().due_at) != ("open", None)


def test_what_was_read_at_a_lower_level_must_be_read_again_when_it_is_raised(
    patient: Patient,
) -> None:
    put_entry(patient, at(), pain=3, red_flags={"sexual_change": "new_or_worse"})
    alert = Alert.objects.get()
    acts.acknowledge(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at(hours=1))
    acts.see(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at(hours=1))
    put_entry(patient, at(hours=2), pain=3, red_flags=BLADDER)
    alert.refresh_from_db()
    assert (alert.level, alert.status) == (4, "open")
    assert (alert.acknowledged_at, alert.seen_by_clinic_at) == (None, None)
    again = acts.acknowledge(
        alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at(hours=3)
    )
    assert again.acknowledged_at == at(hours=3)
