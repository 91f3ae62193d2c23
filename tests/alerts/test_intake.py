"""In the request: red flags are answered in it, whatever else is away or broken."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from alerts import intake, loading, red_flags
from alerts.core import engine, rules
from alerts.core.rules.red_flags import CAUDA_EQUINA, CORD
from alerts.models import Alert, AlertEvent, Delivery, Incident, Watch
from diary.models import Entry, Patient
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER

FELT = "2026-11-20T08:30:00+01:00"


def client(patient: Patient) -> APIClient:
    api = APIClient(raise_request_exception=False)
    api.force_authenticate(patient.user)
    return api


def send(
    patient: Patient, name: UUID | None = None, **data: Any
) -> Any:  # a response of the test client
    body = {"symptom_at": FELT, **data}
    return client(patient).put(
        f"/api/v1/entries/{name or uuid4()}/", body, format="json", secure=True
    )


def events(patient: Patient) -> list[str]:
    of_patient = AlertEvent.objects.filter(patient=patient).order_by("at")
    return [f"{event.rule} {event.kind} {event.level}" for event in of_patient]


# --- What the answer holds ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("flag", "rule", "text_key"),
    [
        pytest.param("bladder", "R01", "emergency.cauda_equina", id="cauda-equina"),
        pytest.param("gait_unsteady", "R02", "emergency.cord", id="cord"),
    ],
)
def test_a_red_flag_is_answered_with_nothing_but_the_database(
    patient: Patient, flag: str, rule: str, text_key: str
) -> None:
    with diaries.broker_at("redis://127.0.0.1:1/0"):
        response = send(patient, red_flags={flag: "new_or_worse"})
    said = response.json()
    assert response.status_code == 201
    assert [(a["rule"], a["level"], a["text_key"]) for a in said["alerts"]] == [(rule, 4, text_key)]
    assert (said["guidance"]["level"], said["guidance"]["emergency_number"]) == (4, "112")
    assert "112" in said["guidance"]["text"]
    assert Watch.objects.get(patient=patient).arrived == [Entry.objects.get().record_id]
    assert list(diaries.told(patient).values_list("state", "level")) == [("owed", 4)]


def test_a_repeated_body_opens_nothing_and_still_guides(patient: Patient) -> None:
    name = uuid4()
    send(patient, name, red_flags=BLADDER)
    again = send(patient, name, red_flags=BLADDER)
    assert (again.status_code, again.json()["alerts"]) == (200, [])
    assert again.json()["guidance"]["level"] == 4
    assert events(patient) == ["R01 opened 4"]
    assert diaries.told(patient).count() == 1


def test_an_entry_without_red_flags_is_guided_by_what_stands(patient: Patient) -> None:
    assert send(patient, pain=3).json()["guidance"] is None
    send(patient, red_flags=BLADDER)
    assert send(patient, pain=3).json()["guidance"]["level"] == 4


def test_a_worse_answer_raises_the_alert_and_is_told(patient: Patient) -> None:
    send(patient, red_flags={"sexual_change": "new_or_worse"})
    response = send(patient, red_flags=BLADDER)
    assert [a["level"] for a in response.json()["alerts"]] == [4]
    assert events(patient) == ["R01 opened 3", "R01 raised 4"]
    assert list(diaries.told(patient).order_by("level").values_list("event__kind", flat=True)) == [
        "opened",
        "raised",
    ]


def test_an_older_entry_that_adds_nothing_still_moves_the_onset(patient: Patient) -> None:
    diaries.put_entry(patient, diaries.at(hours=10), red_flags=BLADDER)
    later = diaries.at(hours=11)
    diaries.put_entry(patient, diaries.at(), received=later, red_flags=BLADDER)
    assert Alert.objects.get().onset_at == diaries.at()
    assert events(patient) == ["R01 opened 4"]


def test_a_withdrawn_entry_does_not_end_its_red_flag(patient: Patient) -> None:
    name = uuid4()
    send(patient, name, red_flags=BLADDER)
    client(patient).delete(f"/api/v1/entries/{name}/", secure=True)
    diaries.evaluate_all_due(patient, diaries.at(days=3650))
    assert Alert.objects.get().status == "open"
    assert [event for event in events(patient) if "R01" in event] == ["R01 opened 4"]


# --- All or nothing -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_when_the_alert_cannot_be_written_nothing_is_and_a_retry_works(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = uuid4()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("disk")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "owe_evaluation", fails)  # the last of the writes
        assert send(patient, name, red_flags=BLADDER).status_code == 500
    stored = (Entry, Alert, AlertEvent, Delivery)
    assert [model.objects.count() for model in stored] == [0, 0, 0, 0]
    assert Watch.objects.get().arrived == []
    assert send(patient, name, red_flags=BLADDER).json()["guidance"]["level"] == 4
    assert [model.objects.count() for model in stored] == [1, 1, 1, 2]
    assert Watch.objects.get().arrived == [name]


# --- A rule that throws -------------------------------------------------------------------------


@pytest.fixture
def broken_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """R01 throws whatever it is given; R02 works."""

    def throws(*_: object) -> int:
        raise ZeroDivisionError

    broken = type(CAUDA_EQUINA)(id="R01", flags=CAUDA_EQUINA.flags, level=throws, text_keys={})
    current = rules.RuleSet(
        parameters=rules.CURRENT.parameters,
        walked=rules.CURRENT.walked,
        red_flags=(broken, CORD),
    )
    judge = engine.judge_red_flags
    monkeypatch.setattr(
        red_flags, "judge_red_flags", lambda *a, **named: judge(*a, **named, rules=current)
    )


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_throws_on_a_red_flag_is_an_emergency(patient: Patient) -> None:
    diaries.new_physician(patient)
    response = send(patient, red_flags=BLADDER)
    said = response.json()
    assert response.status_code == 201
    assert [(a["level"], a["text_key"]) for a in said["alerts"]] == [(4, "emergency.red_flag")]
    assert (said["guidance"]["level"], said["guidance"]["emergency_number"]) == (4, "112")
    assert Entry.objects.filter(patient=patient).count() == diaries.told(patient).count() == 1
    assert [str(incident) for incident in Incident.objects.all()] == [
        "rule_failed: R01 ZeroDivisionError"
    ]


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_throws_again_is_told_once_and_counted(patient: Patient) -> None:
    diaries.new_physician(patient)
    send(patient, red_flags=BLADDER)
    again = send(patient, red_flags=BLADDER)
    assert (again.json()["alerts"], again.json()["guidance"]["level"]) == ([], 4)
    assert Incident.objects.get().count == 2


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_throws_does_not_silence_the_other_and_raises_what_stands(
    patient: Patient,
) -> None:
    response = send(patient, red_flags={"gait_unsteady": "new_or_worse"})
    opened = {(a["rule"], a["level"], a["text_key"]) for a in response.json()["alerts"]}
    assert opened == {("R01", 4, "emergency.red_flag"), ("R02", 4, "emergency.cord")}


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_throws_on_a_harmless_entry_is_an_incident_and_no_alert(
    patient: Patient,
) -> None:
    response = send(patient, pain=3, red_flags={"bladder": "no"})
    assert (response.status_code, response.json()["alerts"]) == (201, [])
    assert (Entry.objects.count(), Alert.objects.count(), Incident.objects.count()) == (1, 0, 1)


def test_even_an_engine_that_cannot_begin_leaves_entry_and_emergency(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KeyError("profile")

    monkeypatch.setattr(loading, "profile", fails)
    assert send(patient, red_flags=BLADDER).json()["guidance"]["level"] == 4
    assert Alert.objects.get().text_key == "emergency.red_flag"


def test_an_alert_of_a_newer_release_does_not_stop_a_write(patient: Patient) -> None:
    put = diaries.put_entry(patient, diaries.at(), red_flags={"hands_clumsy": "new_or_worse"})
    alert = Alert.objects.get()
    alert.evidence = [{**item, "weight": 1} for item in alert.evidence]
    alert.text_key = "doctor.of_tomorrow"
    alert.save(update_fields=["evidence", "text_key"])
    assert put.answers["guidance"]["level"] == 3
    calm = send(patient, pain=3).json()
    assert (calm["guidance"]["level"], calm["guidance"]["headline"]) == (
        3,
        "Call your doctor today",
    )
    assert send(patient, red_flags=BLADDER).json()["guidance"]["level"] == 4


def test_an_alert_that_cannot_be_read_at_all_does_not_hide_a_red_flag(patient: Patient) -> None:
    diaries.put_entry(patient, diaries.at(), red_flags={"hands_clumsy": "new_or_worse"})
    Alert.objects.update(evidence=[{"torn": True}])
    response = send(patient, red_flags=BLADDER)
    assert (response.status_code, response.json()["guidance"]["level"]) == (201, 4)
    assert Alert.objects.filter(text_key="emergency.red_flag", level=4).exists()
