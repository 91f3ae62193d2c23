"""What the server really says, held against the API document."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from alerts.api import examples as of_alerts
from alerts.api import massage_examples as of_massages
from config.openapi_models import EntryWritten
from diary import accesses
from diary.api import examples as of_diary
from diary.models import Patient
from tests.config.document import Document, Reader
from tests.phones import Phone, enrolled

RED_FLAG = {**of_diary.ENTRY, "red_flags": of_diary.STORED_ENTRY["red_flags"]}


@pytest.fixture
def reader(phone: Phone, document: Document) -> Reader:
    return Reader(phone, document)


# --- Real answers -------------------------------------------------------------------------------


def test_the_answers_of_a_whole_story_fit_the_document(reader: Reader) -> None:
    _agree_and_introduce_oneself(reader)
    _keep_a_diary(reader)
    _sync(reader)
    _ask_about_a_massage(reader)
    _read_alerts(reader)
    _register_a_browser(reader)
    _look_back(reader)
    reader.call("DELETE", "me/consents/", status=204)


def _agree_and_introduce_oneself(reader: Reader) -> None:
    reader.call("POST", "me/consents/", of_diary.CONSENT, status=201)
    assert reader.call("GET", "me/consents/", status=200)["results"]
    reader.call("PATCH", "me/", of_diary.PROFILE, status=200)
    reader.call("GET", "me/", status=200)


def _keep_a_diary(reader: Reader) -> None:
    for kind, body in (("entries", RED_FLAG), ("massages", of_diary.MASSAGE)):
        one, ids = f"{kind}/{{record_id}}/", {"record_id": body["id"]}
        reader.call("POST", f"{kind}/", body, status=201)
        reader.call("POST", f"{kind}/", body, status=200)
        reader.call("PUT", one, {**body, "note": "corrected"}, status=200, **ids)
        reader.call(
            "PUT", one, {**body, "id": (other := str(uuid4()))}, status=201, record_id=other
        )
        assert reader.call("GET", f"{kind}/?limit=1", status=200)["next"]
        reader.call("GET", one, status=200, **ids)
        reader.call("DELETE", one, status=204, record_id=other)
        assert len(reader.call("GET", f"{one}history/", status=200, **ids)["results"]) == 2


def _sync(reader: Reader) -> None:
    """Items of every sort; records, an alert and a withdrawal are told."""
    example = of_diary.SYNC
    taken, other = of_diary.ENTRY["id"], of_diary.MASSAGE["id"]
    odd = {"type": "entry", "op": "put", "id": other, "data": {"pain": 11}}
    conflict = {"type": "massage", "op": "delete", "id": taken}
    said = reader.call("POST", "sync/", {**example, "changes": [odd, conflict, 3]}, status=200)
    assert [result["status"] for result in said["results"]] == ["invalid", "conflict", "invalid"]
    told = {(change["type"], change["op"]) for change in said["changes"]}
    assert told >= {("entry", "put"), ("massage", "put"), ("alert", "put"), ("entry", "delete")}
    reader.call("POST", "sync/", example, status=200)


def _ask_about_a_massage(reader: Reader) -> None:
    given = of_diary.MASSAGE["id"]
    reader.call("GET", "massages/{record_id}/response/", status=200, record_id=given)
    assert reader.call("GET", "clearance/", status=200)["reasons"]
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    plan = {**of_massages.PLAN, "started_at": soon, "ended_at": None}
    reader.call("POST", "clearance/", plan, status=200)


def _read_alerts(reader: Reader) -> None:
    (alert,) = reader.call("GET", "alerts/?status=open", status=200)["results"]
    one, ids = "alerts/{alert_id}/", {"alert_id": alert["id"]}
    reader.call("POST", f"{one}receipt/", of_alerts.RECEIPT, status=200, **ids)
    reader.call("POST", f"{one}feedback/", of_alerts.FEEDBACK, status=200, **ids)
    reader.call("POST", f"{one}acknowledge/", of_alerts.ACKNOWLEDGE, status=200, **ids)
    assert reader.call("GET", one, status=200, **ids)["status"] == "acknowledged"


def _register_a_browser(reader: Reader) -> None:
    one, ids = "devices/{device_id}/", {"device_id": str(uuid4())}
    reader.call("PUT", one, of_alerts.BROWSER, status=201, **ids)
    reader.call("PUT", one, of_alerts.BROWSER, status=200, **ids)
    reader.call("PUT", one, of_alerts.PHONE, status=201, device_id=str(uuid4()))
    reader.call("GET", one, status=200, **ids)
    reader.call("POST", f"{one}test/", status=202, **ids)
    assert len(reader.call("GET", "devices/", status=200)["results"]) == 2
    reader.call("DELETE", one, status=204, **ids)
    reader.call("GET", "push-key/", status=200)


def _look_back(reader: Reader) -> None:
    reader.call("GET", "rules/", status=200)
    summary = reader.call("GET", "summary/?days=365", status=200)
    assert summary["massages"]
    assert summary["alerts"]
    patient = Patient.objects.get()
    accesses.record([patient.pk], by=patient.user, what="patient")
    assert reader.call("GET", "me/access-log/", status=200)["results"]


def test_the_red_flag_example_is_what_the_server_says(reader: Reader) -> None:
    now = timezone.now().isoformat()
    said = reader.call("POST", "entries/", {**RED_FLAG, "symptom_at": now}, status=201)
    (example,) = EntryWritten.model_json_schema()["examples"]
    assert _differing(said, example) <= {"symptom_at", "received_at", "alerts"}
    (alert,), (shown,) = said["alerts"], example["alerts"]
    assert _differing(alert, shown) <= {"id", "opened_at", "evidence", "why", "parameters"}
    assert _differing(alert["evidence"][0], shown["evidence"][0]) <= {"at"}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


# --- Problems -----------------------------------------------------------------------------------


def test_what_the_server_refuses_is_the_problem_that_the_document_says(reader: Reader) -> None:
    unknown, known = str(uuid4()), str(uuid4())
    reader.call("PUT", "massages/{record_id}/", _massage(known), status=201, record_id=known)
    problem = reader.call("POST", "entries/", {**of_diary.ENTRY, "pain": 11}, status=400)
    assert [error["pointer"] for error in problem["errors"]] == ["/pain"]
    reader.call("GET", "alerts/?status=loud", status=400)
    reader.call("GET", "entries/{record_id}/", status=404, record_id=unknown)
    reader.call("GET", "massages/{record_id}/response/", status=404, record_id=unknown)
    reader.call("POST", "clearance/", {"pian": 3}, status=400)
    reader.call("GET", "summary/?days=0", status=400)
    reader.call("POST", "devices/{device_id}/test/", status=404, device_id=unknown)
    reader.call("POST", "alerts/{alert_id}/acknowledge/", {}, status=404, alert_id=unknown)
    reader.call("POST", "alerts/{alert_id}/receipt/", {"event": "seen"}, status=400, alert_id=known)
    reader.call("POST", "entries/", {**of_diary.ENTRY, "id": known}, status=409)
    reader.call("POST", "entries/", b" " * (1024 * 1024 + 1), status=413)
    reader.call("POST", "sync/", {"since": "forged"}, status=400)
    reader.call("POST", "sync/", b" " * (8 * 1024 * 1024 + 1), status=413)
    reader.phone.http.defaults["HTTP_IDEMPOTENCY_KEY"] = "taken"
    reader.call("POST", "sync/", {}, status=200)
    reader.call("POST", "sync/", {"since": None}, status=422)


def _massage(name: str) -> dict[str, Any]:
    return {**of_diary.MASSAGE, "id": name}


def test_a_body_that_is_no_json_is_the_problem_that_the_document_says(
    phone: Phone, document: Document
) -> None:
    answer = phone.send("POST", "entries/", b"pain=4", content_type="text/plain")
    assert answer.status_code == 415
    document.check(answer, "POST", "/api/v1/entries/")


def test_a_stranger_gets_the_problem_that_the_document_says(document: Document) -> None:
    Reader(Phone(), document).call("GET", "entries/", status=401)


@pytest.mark.usefixtures("db")
def test_a_patient_without_consent_gets_the_problem_that_the_document_says(
    document: Document,
) -> None:
    reader = Reader(Phone.of(enrolled(consented=False)), document)
    assert reader.call("GET", "me/", status=403)["code"] == "consent_required"


def test_a_database_that_is_away_is_the_problem_that_the_document_says(reader: Reader) -> None:
    with patch("diary.services.records.locked", side_effect=OperationalError):
        reader.call("POST", "entries/", of_diary.ENTRY, status=503)
