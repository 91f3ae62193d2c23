"""The evaluation of one patient: what is written, what is owed, and when to look again."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import evaluation, loading
from alerts.core import engine
from alerts.core.rules import CURRENT
from alerts.core.walk import Walk
from alerts.models import Alert, AlertEvent, Delivery, Incident, Watch
from diary.consent import required_version
from diary.drafts import MassageDraft
from diary.models import Entry, Patient
from diary.services import consent, records
from tests.alerts import diaries
from tests.alerts.diaries import at, put_entry, put_massage

BUDGET = 10  # queries, without those that only begin and end a transaction


def evaluate(patient: Patient, moment: Any) -> list[str]:
    """Evaluate at a moment; the events that this added, in the order of their rules."""
    before = set(AlertEvent.objects.values_list("pk", flat=True))
    evaluation.evaluate(patient_id=patient.pk, at=moment)
    new = AlertEvent.objects.exclude(pk__in=before).order_by("at", "rule", "kind")
    return [f"{event.rule} {event.kind} {event.level}" for event in new]


def watch(patient: Patient) -> Watch:
    return Watch.objects.get(patient=patient)


# --- R08 through the shell ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        pytest.param({"hours": 24}, [], id="exactly-24-hours-is-not-over-24-hours"),
        pytest.param({"hours": 24, "seconds": 1}, ["R08 opened 2"], id="one-second-later-is"),
    ],
)
def test_raised_pain_holds_massage_only_after_24_hours(
    patient: Patient, hours: dict[str, float], said: list[str]
) -> None:
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(**hours), pain=7)
    assert evaluate(patient, at(hours=24, seconds=2)) == said
    assert Delivery.objects.filter(level=2).count() == len(said)


def test_a_second_evaluation_changes_nothing(patient: Patient) -> None:
    massage = put_massage(patient, at(), pain_before=3).record
    put_entry(patient, at(hours=30), pain=7)
    owed = evaluation.evaluate(patient_id=patient.pk, at=at(hours=30))
    before = list(Alert.objects.values()), watch(patient).due_at
    assert evaluate(patient, at(hours=30)) == []
    assert (list(Alert.objects.values()), watch(patient).due_at) == before
    alert = Alert.objects.get()
    assert (alert.subject, alert.text_key) == (massage.record_id, "hold.pain_over_24h")
    assert [delivery.pk for delivery in Delivery.objects.all()] == owed
    assert alert.evidence[-1] == {
        "type": "entry",
        "id": str(Entry.objects.get().record_id),
        "at": at(hours=30).isoformat(),
        "field": "pain",
        "value": 7,
    }


def test_the_watch_moves_to_the_next_moment_at_which_anything_could_change(
    patient: Patient,
) -> None:
    """T0 + 26 h and 46 h (R20 asks), 48 h (R08 knows nothing), 72 h (R20 gives up); then R21."""
    put_entry(patient, at(hours=-2), weakness=0)
    put_massage(patient, at(hours=-2), pain_before=3)
    evaluate(patient, at(hours=-2))
    said: list[str] = []
    for hours in (24, 44, 46, 70):  # 42 h lies in the quiet hours, which end at 44 h
        assert watch(patient).due_at == at(hours=hours)
        said += evaluate(patient, at(hours=hours))
    assert said == ["R20 reminder 0", "R20 reminder 0", "R08 opened 1"]
    assert watch(patient).due_at == at(days=3, hours=7)


def test_what_fell_due_while_nobody_looked_is_said_late_at_its_own_moment(
    patient: Patient,
) -> None:
    put_entry(patient, at(hours=-2), weakness=0)
    put_massage(patient, at(hours=-2), pain_before=3)
    evaluate(patient, at(hours=-2))
    assert evaluate(patient, at(days=3)) == [
        "R20 reminder 0",
        "R20 reminder 0",
        "R08 opened 1",
    ]
    moments = AlertEvent.objects.order_by("at").values_list("at", flat=True)
    assert list(moments) == [at(hours=hours) for hours in (24, 44, 46)]
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {at(days=3)}


def test_dose_advice_is_held_back_while_massage_is_on_hold(patient: Patient) -> None:
    """Three massages in a week are too many (R12), which nobody on hold is told."""
    for day in (0, 2, 4):
        put_massage(patient, at(days=day), pain_before=3)
    put_entry(patient, at(days=5, hours=6), pain=8)
    said = evaluate(patient, at(days=5, hours=6))
    assert "R08 opened 2" in said
    assert not [line for line in said if line.startswith("R12 opened")]


def test_without_a_hold_the_same_massages_are_dose_advice(patient: Patient) -> None:
    for day in (0, 2, 4):
        put_massage(patient, at(days=day), pain_before=3)
    put_entry(patient, at(days=5, hours=6), pain=3)
    said = evaluate(patient, at(days=5, hours=6))
    assert [line for line in said if line.startswith("R12 opened")]


# --- Corrections --------------------------------------------------------------------------------


def test_a_correction_that_takes_the_cause_away_supersedes(patient: Patient) -> None:
    name = uuid4()
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), name=name, pain=7)
    evaluate(patient, at(hours=30))
    put_entry(patient, at(hours=30), name=name, received=at(hours=31), pain=3)
    assert evaluate(patient, at(hours=31)) == ["R08 superseded 2"]
    alert = Alert.objects.get()
    assert (alert.status, alert.ended_at, alert.superseded_by) == ("superseded", at(hours=31), None)


def test_a_correction_that_leaves_a_lower_cause_links_the_alert_in_its_place(
    patient: Patient,
) -> None:
    name = uuid4()
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7)
    put_entry(patient, at(hours=50), name=name, pain=7)
    assert evaluate(patient, at(hours=50)) == ["R08 opened 3"]
    put_entry(patient, at(hours=50), name=name, received=at(hours=51), pain=3)
    assert evaluate(patient, at(hours=51)) == ["R08 opened 2", "R08 superseded 3"]
    old, new = Alert.objects.order_by("-level")
    assert (old.superseded_by, new.ended_at) == (new, None)


# --- When something fails -----------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["load", "judge", "write"])
def test_a_diary_that_cannot_be_evaluated_is_put_off_and_nothing_is_lost(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    diaries.new_physician(patient)
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7, red_flags=diaries.BLADDER)
    places = {"load": (loading, "diary_of"), "judge": (engine, "step")}
    where, name = places.get(broken, (evaluation, "record"))
    emergency = set(Delivery.objects.values_list("pk", flat=True))

    def fails(*_: object, **__: object) -> None:
        Incident.objects.create(kind="rule_failed", cause="half written", at=at())
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(where, name, fails)
        assert set(evaluation.evaluate(patient_id=patient.pk, at=at(hours=30))) == emergency
    assert [str(incident) for incident in Incident.objects.all()] == [
        "rule_failed: engine LookupError"
    ]
    put_off = watch(patient)
    assert (put_off.due_at, put_off.nudged_at) == (at(hours=30) + timedelta(minutes=5), None)
    assert len(put_off.arrived) == 2
    assert evaluate(patient, put_off.due_at) == ["R08 opened 2", "R22 reminder 4"]


def test_a_rule_that_throws_does_not_stop_the_others(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throws(_: Walk) -> NoReturn:
        raise ZeroDivisionError

    first, *others = CURRENT.walked
    rules = replace(CURRENT, walked=(replace(first, finds=throws), *others))
    monkeypatch.setattr(evaluation, "outcome_of", partial(evaluation.outcome_of, rules=rules))
    put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7, weakness=2)
    assert evaluate(patient, at(hours=30)) == ["R08 opened 2"]
    assert [str(incident) for incident in Incident.objects.all()] == [
        "rule_failed: R03 ZeroDivisionError"
    ]


def test_a_worker_asked_again_for_what_is_done_reads_no_diary(patient: Patient) -> None:
    put_entry(patient, timezone.now(), pain=3)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            evaluation.evaluate(patient_id=patient.pk)
        asked.append([query["sql"] for query in counted if "diary_entry" in query["sql"]])
    assert [len(statements) for statements in asked] == [1, 0]
    put_entry(patient, timezone.now(), pain=4)
    evaluation.evaluate(patient_id=patient.pk)
    assert Watch.objects.get().arrived == []


def test_an_erased_patient_is_no_fault(db: None) -> None:
    assert evaluation.evaluate(patient_id=uuid4(), at=at()) == []


# --- Queries ------------------------------------------------------------------------------------


def queries_of_evaluation(entries: int, *, alerting: bool) -> int:
    patient = diaries.new_patient()
    diaries.new_physician(patient)
    for hour in range(entries):
        put_entry(patient, at(hours=hour * 2), pain=3)
    end = at(hours=entries * 2)
    if alerting:
        put_massage(patient, end, pain_before=3)
        put_entry(patient, end + timedelta(hours=30), pain=8, weakness=8)
    with CaptureQueriesContext(connection) as counted:
        evaluation.evaluate(patient_id=patient.pk, at=end + timedelta(hours=30))
    assert Alert.objects.filter(patient=patient).exists() == alerting
    said = [query["sql"] for query in counted]
    return len([sql for sql in said if "SAVEPOINT" not in sql])


@pytest.mark.django_db
@pytest.mark.parametrize("alerting", [False, True], ids=["quiet", "with-new-alerts"])
def test_the_queries_of_an_evaluation_do_not_grow_with_the_diary(*, alerting: bool) -> None:
    few = queries_of_evaluation(10, alerting=alerting)
    many = queries_of_evaluation(100, alerting=alerting)
    print(f"queries of an evaluation, {alerting=}: {few} for 10 entries, {many} for 100")
    assert few == many <= BUDGET


def test_without_consent_nothing_is_looked_at_until_it_is_given_again(patient: Patient) -> None:
    put_entry(patient, at(), weakness=0)
    put_massage(patient, at(), pain_before=3)
    evaluation.evaluate(patient_id=patient.pk, at=at())
    consent.withdraw(patient_id=patient.pk, at=at(hours=1))
    diaries.evaluate_all_due(patient, at(days=30))
    assert not AlertEvent.objects.exists()
    assert Watch.objects.get().due_at is None
    consent.give(patient_id=patient.pk, version=required_version(), at=at(days=30))
    assert Watch.objects.get().due_at == at(days=30)


def test_a_clock_that_was_set_back_takes_nothing_back(patient: Patient) -> None:
    put_massage(patient, at(), pain_before=3)
    diaries.evaluate_all_due(patient, at(hours=48))
    said = [str(event) for event in AlertEvent.objects.order_by("at")]
    assert said[-1] == "R08 opened"
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=47))
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=49))
    assert [str(event) for event in AlertEvent.objects.order_by("at")] == said
    assert not Incident.objects.exists()


def test_a_record_that_arrives_late_is_not_read_into_the_past(patient: Patient) -> None:
    put_entry(patient, at(), pain=2)
    evaluation.evaluate(patient_id=patient.pk, at=at())
    body = {"pain_before": 3, "setting": "professional", "id": str(uuid4())}
    times = {"started_at": at(hours=-1).isoformat(), "ended_at": at().isoformat()}
    draft = MassageDraft.parse({**body, **times}, uuids=True)
    diaries.evaluate_all_due(patient, at(days=8))
    records.put(patient_id=patient.pk, draft=draft, at=at(days=8))
    evaluation.evaluate(patient_id=patient.pk, at=at(days=8))
    assert not AlertEvent.objects.exclude(rule="R21").exists()
