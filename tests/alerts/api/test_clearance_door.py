"""Before a massage, over HTTP: who may ask, what cannot be asked, and that nothing is stored."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts import evaluation
from alerts.models import Alert, AlertEvent, Watch
from diary.accounts import enrol_physician
from diary.models import Massage, Patient
from tests.alerts.api.plans import PATH, clock_at, planned, told
from tests.alerts.diaries import at, put_entry, put_massage
from tests.counts import writes
from tests.diary.bodies import new_id
from tests.phones import PASSWORD, Phone, access_token, code_of, enrolled, errors_of


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """It is the beginning of the story, unless a test says otherwise."""
    with clock_at(at()):
        yield


# --- What cannot be asked, and who may ask ------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param([], ("", "not_an_object"), id="no-object"),
        pytest.param({"pian": 3}, ("/pian", "unknown_field"), id="unknown-field"),
        pytest.param({"symptom_at": "x"}, ("/symptom_at", "unknown_field"), id="an-entrys-field"),
        pytest.param({"setting": "spa"}, ("/setting", "invalid_choice"), id="unknown-word"),
        pytest.param({"pain_before": 11}, ("/pain_before", "max_value"), id="pain-of-11"),
        pytest.param({"id": "1"}, ("/id", "invalid_uuid"), id="no-uuid"),
        pytest.param(
            {"started_at": "2026-03-03T12:00:00"},
            ("/started_at", "time_without_offset"),
            id="no-offset",
        ),
        *(
            pytest.param(
                planned(ended_at=(at() + length).isoformat()), ("", "invalid_duration"), id=name
            )
            for name, length in [
                ("ends-before-it-starts", timedelta(seconds=-1)),
                ("ends-when-it-starts", timedelta(0)),
                ("longer-than-8-hours", timedelta(hours=8, seconds=1)),
            ]
        ),
        pytest.param(
            {"started_at": at(days=90, seconds=1).isoformat()},
            ("/started_at", "too_far_ahead"),
            id="in-more-than-90-days",
        ),
        pytest.param(
            {"started_at": "9998-12-31T23:59:59Z"}, ("/started_at", "too_far_ahead"), id="never"
        ),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(
    phone: Phone, body: Any, expected: tuple[str, str]
) -> None:
    assert expected in errors_of(phone.post(PATH, body))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"started_at": at(days=90).isoformat()}, id="in-90-days"),
        pytest.param(planned(ended_at=at(hours=8).isoformat()), id="8-hours"),
        pytest.param(planned(received_at="x", version=3, alerts=[], guidance=None), id="sent-back"),
        pytest.param(planned(note="ask for Anna", id=new_id().upper()), id="note-and-id"),
    ],
)
def test_a_plan_may_lie_ahead_and_be_what_the_app_has_read(
    phone: Phone, body: dict[str, Any]
) -> None:
    assert phone.post(PATH, body).status_code == 200


@pytest.mark.usefixtures("db")
def test_only_a_patient_who_has_agreed_may_ask() -> None:
    physician = enrol_physician(email="dr@example.org", name="Dr.", password=PASSWORD)
    for phone, expected in (
        (Phone(), (401, "not_authenticated")),
        (Phone.of(enrolled(consented=False)), (403, "consent_required")),
        (Phone(access_token(physician)), (403, "not_a_patient")),
    ):
        for answer in (phone.get(PATH), phone.post(PATH, {"pian": 3})):
            assert (answer.status_code, code_of(answer)) == expected


def test_it_is_asked_by_get_and_post_alone(phone: Phone) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert phone.send(method, PATH, {}).status_code == 405


# --- Nothing is stored --------------------------------------------------------------------------


def test_the_queries_are_as_many_whatever_the_size_of_the_diary_and_none_writes(
    phone: Phone, patient: Patient
) -> None:
    counts = []
    for weeks in (1, 6):
        for week in range(weeks):
            put_massage(patient, at(days=-7 * week, hours=-30), pain_before=2)
            put_entry(patient, at(days=-7 * week, hours=-1), pain=9)
        # Both with what is owed, and without.
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                assert told(phone.post(PATH, planned()))[0] != "go"
            counts.append(len(captured))
            assert writes(captured) == []
            evaluation.evaluate(patient_id=patient.pk, at=at())
    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_asking_leaves_no_trace(phone: Phone, patient: Patient) -> None:
    put_entry(patient, at(hours=-1), pain=3)
    before = list(Watch.objects.values())
    phone.post(PATH, planned(techniques=["manipulation"]))
    assert list(Watch.objects.values()) == before
    assert not Massage.objects.exists()
    assert not Alert.objects.exists()
    assert not AlertEvent.objects.exists()
