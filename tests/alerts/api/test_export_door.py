"""The door of the export: who may have it, how often, and that ten years come in pieces."""

import json
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import AccessRecord, Entry, Massage, Patient, User
from tests import everything
from tests.alerts.diaries import new_physician
from tests.counts import forget_counts
from tests.phones import Answer, Phone, access_token, code_of, enrolled, errors_of


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


@pytest.fixture
def doctor(db: None) -> User:
    return new_physician(name="Dr. Ada")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return everything.lived("zqatthedoor", doctor)


@pytest.mark.parametrize("name", ["fhir", "xml", "JSON", "", "json%00"])
def test_another_format_is_a_400(phone: Phone, name: str) -> None:
    assert errors_of(phone.get(f"export/?format={name}")) == {("?format", "invalid_choice")}


def test_without_a_format_it_is_json_whatever_is_accepted(phone: Phone) -> None:
    for accepted in ("application/json", "application/zip", "text/csv", "*/*"):
        answer = phone.send("GET", "export/", headers={"Accept": accepted})
        assert json.loads(answer.getvalue())["format"] == 1


def test_it_needs_no_consent_but_a_patient(doctor: User) -> None:
    assert Phone.of(enrolled(consented=False)).get("export/").status_code == 200
    assert Phone().get("export/").status_code == 401
    refused = Phone(access_token(doctor)).get("export/")
    assert (refused.status_code, code_of(refused)) == (403, "not_a_patient")


def test_a_sixth_export_of_a_day_must_wait(patient: Patient) -> None:
    phones = [Phone.of(patient), Phone.of(patient)]
    answers: list[Answer] = [phones[n % 2].get("export/?format=json") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert code_of(answers[-1]) == "too_many_requests"
    assert 86_000 < int(answers[-1]["Retry-After"]) <= 86_400
    assert phones[0].get("export/?format=fhir").status_code == 400
    assert Phone.of(enrolled()).get("export/").status_code == 200


def test_each_export_is_in_the_access_log(patient: Patient) -> None:
    said = json.loads(Phone.of(patient).get("export/").getvalue())["access_log"]
    assert [(row["by"], row["role"], row["what"]) for row in said] == [
        ("Dr. Ada", "physician", "entry"),
        ("you", "patient", "export"),
    ]
    assert AccessRecord.objects.filter(patient=patient, what="export").count() == 1


# --- Ten years ----------------------------------------------------------------------------------


def many(patient: Patient, days: int) -> None:
    """An entry each day, and a massage each week, as rows without the services' checks."""
    now = datetime(2026, 11, 1, 8, tzinfo=UTC)
    when: list[datetime] = [now - timedelta(days=number) for number in range(days)]
    shared = {"patient": patient, "changed_by": patient.user}
    Entry.objects.bulk_create(
        Entry(
            **shared,
            record_id=uuid4(),
            symptom_at=at,
            received_at=at,
            changed_at=at,
            pain=4,
            note="Worse after sitting. " * 10,
        )
        for at in when
    )
    Massage.objects.bulk_create(
        Massage(
            **shared,
            record_id=uuid4(),
            started_at=at,
            ended_at=at + timedelta(minutes=30),
            setting="self",
            received_at=at,
            changed_at=at,
        )
        for at in when[::7]
    )


def test_the_queries_do_not_grow_with_the_diary(phone: Phone, patient: Patient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            phone.get("export/?format=json").getvalue()
        return len(found)

    first = queries()
    many(patient, 300)
    assert queries() == first


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "csv"])
def test_ten_years_come_in_pieces_and_in_seconds(patient: Patient, form: str) -> None:
    many(patient, 3650)
    phone = Phone.of(patient)
    answer = phone.get(f"export/?format={form}")
    pieces = iter(answer.streaming_content)
    next(pieces)
    tracemalloc.start()
    began, total, largest = time.monotonic(), 0, 0
    for piece in pieces:
        total, largest = total + len(piece), max(largest, len(piece))
    took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"ten years as {form}: {total} bytes, largest piece {largest}, {took:.1f} s, {peak=}")
    assert largest < 200_000
    assert peak < 16 * 1024 * 1024
    assert took < 30  # with the memory traced, which slows it several times
