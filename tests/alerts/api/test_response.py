"""What followed a massage, over HTTP: the same verdicts as the alerts about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts import evaluation
from alerts.models import Alert
from diary.models import Massage, Patient
from diary.services import records
from tests.alerts.diaries import at, new_patient, put_entry, put_massage
from tests.counts import writes
from tests.diary.bodies import new_id
from tests.phones import Answer, Phone, code_of, enrolled

NO_ENTRY = {"change": None, "verdict": "not enough entries"}
NOTHING = {"pain": NO_ENTRY, "numbness": NO_ENTRY, "weakness": NO_ENTRY}


def asked(phone: Phone, massage: UUID | str) -> Answer:
    return phone.get(f"massages/{massage}/response/")


def given(patient: Patient, ended: datetime, **data: Any) -> UUID:
    return put_massage(patient, ended, **data).record.record_id


def test_the_answer_is_that_of_the_contract(phone: Phone, patient: Patient) -> None:
    put_entry(patient, at(hours=-6), numbness=2, weakness=0)
    massage = given(patient, at(), pain_before=4)
    put_entry(patient, at(hours=30), pain=7, numbness=1)
    put_entry(patient, at(hours=60), pain=5, weakness=3)
    answer = asked(phone, massage)
    assert answer.status_code == 200
    assert answer.json() == {
        "reference": 4,
        "windows": [
            {"hours": "0-24", **NOTHING},
            {
                "hours": "24-48",
                "pain": {"change": 3, "verdict": "raised"},
                "numbness": {"change": -1, "verdict": "not raised"},
                "weakness": NO_ENTRY,
            },
            {
                "hours": "48-72",
                "pain": {"change": 1, "verdict": "not raised"},
                "numbness": NO_ENTRY,
                "weakness": {"change": 3, "verdict": "raised"},
            },
        ],
    }


def test_a_massage_that_nothing_is_known_of_has_no_reference(
    phone: Phone, patient: Patient
) -> None:
    answer = asked(phone, given(patient, at())).json()
    assert answer["reference"] is None
    assert [window["pain"] for window in answer["windows"]] == [NO_ENTRY] * 3


@pytest.mark.parametrize(
    ("hours", "pain"),
    [
        pytest.param({"hours": 24}, 6, id="exactly-24-hours-is-the-first-window"),
        pytest.param({"hours": 24, "seconds": 1}, 6, id="one-second-later-is-the-second"),
        pytest.param({"hours": 30}, 5, id="one-point-more-is-not-raised"),
        pytest.param({"hours": 72}, 6, id="exactly-72-hours-is-the-third-window"),
        pytest.param({"hours": 72, "seconds": 1}, 6, id="one-second-later-is-none"),
    ],
)
def test_the_rule_and_the_chart_agree(
    phone: Phone, patient: Patient, hours: dict[str, float], pain: int
) -> None:
    massage = given(patient, at(), pain_before=4)
    put_entry(patient, at(**hours), pain=pain)
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=73))
    held = Alert.objects.filter(rule="R08", subject=massage, level__gte=2).exists()
    _, *later = asked(phone, massage).json()["windows"]
    assert held is any(window["pain"]["verdict"] == "raised" for window in later)


def test_what_is_not_the_callers_own_is_a_404(phone: Phone, patient: Patient) -> None:
    massage = given(patient, at())
    foreign = given(enrolled(), at())
    entry = put_entry(patient, at(), pain=3).record.record_id
    assert asked(phone, massage).status_code == 200
    records.withdraw(kind=Massage, patient_id=patient.pk, record_id=massage)
    answers = [asked(phone, each) for each in (massage, foreign, entry, new_id())]
    assert [(a.status_code, code_of(a)) for a in answers] == [(404, "not_found")] * 4
    assert len({a.content for a in answers}) == 1


@pytest.mark.usefixtures("db")
def test_who_has_written_nothing_gets_a_404() -> None:
    for patient in (enrolled(), new_patient()):
        assert asked(Phone.of(patient), new_id()).status_code == 404


def test_two_patients_may_use_the_same_id(phone: Phone, patient: Patient) -> None:
    massage = given(patient, at(), pain_before=4)
    put_massage(enrolled(), at(), name=massage, pain_before=9)
    assert asked(phone, massage).json()["reference"] == 4


@pytest.mark.usefixtures("db")
def test_it_needs_a_log_in_and_consent() -> None:
    assert asked(Phone(), new_id()).status_code == 401
    answer = asked(Phone.of(enrolled(consented=False)), new_id())
    assert (answer.status_code, code_of(answer)) == (403, "consent_required")


def test_the_queries_are_as_many_whatever_the_size_of_the_diary_and_none_writes(
    phone: Phone, patient: Patient
) -> None:
    massage = given(patient, at(), pain_before=4)
    counts = []
    for more in (1, 12):
        for day in range(more):
            put_entry(patient, at(days=more + day), pain=4)
            given(patient, at(days=more + day, hours=3))
        with CaptureQueriesContext(connection) as captured:
            assert asked(phone, massage).status_code == 200
        counts.append(len(captured))
        assert writes(captured) == []
    assert counts[0] == counts[1] <= 8
