"""The API document: complete, and true to what the server really takes and says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from alerts.api import examples as of_alerts
from alerts.api import schemas
from alerts.api.alert_views import AcknowledgeBody
from alerts.api.device_views import DeviceBody
from alerts.models import AlertStatus, DeviceKind, EventKind, Level
from config.openapi_models import EntryWritten
from diary.api import examples as of_diary
from diary.api.consent_views import ConsentBody
from diary.api.schemas import EntryBody, MassageBody, ProfileBody
from diary.wire import Draft
from tests.config.document import METHODS, Document, Reader, parts
from tests.phones import Phone, enrolled

BODIES: list[type[Draft]] = [
    EntryBody,
    MassageBody,
    ProfileBody,
    ConsentBody,
    AcknowledgeBody,
    DeviceBody,
]
RED_FLAG = {**of_diary.ENTRY, "red_flags": of_diary.STORED_ENTRY["red_flags"]}


@pytest.fixture(scope="module")
def document() -> Document:
    """The document as it is served."""
    answer = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    return Document(answer.json())


@pytest.fixture
def reader(phone: Phone, document: Document) -> Reader:
    return Reader(phone, document)


# --- The document by itself ---------------------------------------------------------------------


def test_the_document_is_valid_and_made_without_a_warning(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "schema.yml")
    call_command("spectacular", validate=True, fail_on_warn=True, file=file)
    assert capfd.readouterr() == ("", "")


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Every path of the URL configuration, and what answers there."""
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def test_every_method_of_every_route_is_in_the_document_and_nothing_else(
    document: Document,
) -> None:
    there = {
        (method.upper(), re.sub(r"<\w+:(\w+)>", r"{\1}", path))
        for path, callback in routes(get_resolver().url_patterns)
        if path.startswith("/api/v1/")
        for method in METHODS
        if hasattr(callback.view_class, method)
    }
    assert there
    assert document.operations().keys() == there


def test_every_operation_has_an_id_of_its_own_a_summary_and_the_log_in(document: Document) -> None:
    operations = document.operations().values()
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert operation["security"] == [{"bearer": []}]
        assert {"401", "403", "503"} <= operation["responses"].keys()


def test_every_reference_leads_somewhere(document: Document) -> None:
    for part in parts(document.content):
        if reference := part.get("$ref"):
            assert document.at(reference)


def test_times_scores_and_ids_say_what_they_are(document: Document) -> None:
    entry = document.schemas["EntryBody"]["properties"]
    assert entry["symptom_at"] == {"type": "string", "format": "date-time"}
    assert entry["pain"]["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 10}
    assert entry["id"]["format"] == "uuid"
    names = {
        part["name"] for part in document.operations()["GET", "/api/v1/entries/"]["parameters"]
    }
    assert names == {"limit", "cursor", "order", "from", "to"}


def test_the_words_of_the_alerts_are_those_of_the_models() -> None:
    assert [level.name.lower() for level in Level] == list(get_args(schemas.LevelName))
    assert set(get_args(schemas.Happening)) < set(EventKind.values)
    for model, field, values in (
        (schemas.Alert, "status", AlertStatus.values),
        (schemas.Device, "kind", DeviceKind.values),
        (DeviceBody, "kind", DeviceKind.values),
    ):
        assert list(get_args(model.model_fields[field].annotation)) == values


# --- Examples -----------------------------------------------------------------------------------


def test_every_example_fits_the_schema_it_illustrates(document: Document) -> None:
    illustrated = {name: s["examples"] for name, s in document.schemas.items() if "examples" in s}
    assert {body.__name__ for body in BODIES} | {"EntryWritten"} <= illustrated.keys()
    for name, examples in illustrated.items():
        for example in examples:
            assert document.complaints(example, document.schemas[name]) == []


def test_a_member_too_many_or_too_few_does_not_fit(document: Document) -> None:
    schema = document.schemas["EntryWritten"]
    (example,) = schema["examples"]
    (alert,) = example["alerts"]
    assert document.complaints({**example, "mood": 3}, schema)
    assert document.complaints({**example, "alerts": [{**alert, "mood": 3}]}, schema)
    for name in example:
        assert document.complaints({k: v for k, v in example.items() if k != name}, schema)


def test_every_example_of_a_problem_is_one(document: Document) -> None:
    for answer in document.content["components"]["responses"].values():
        (content,) = answer["content"].values()
        assert document.complaints(content["example"], content["schema"]) == []


def test_every_example_of_a_body_is_accepted_by_its_model(document: Document) -> None:
    sent = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
        for operation in document.operations().values()
        if "requestBody" in operation
    }
    assert sent == {body.__name__ for body in BODIES}
    for body in BODIES:
        for example in document.schemas[body.__name__]["examples"]:
            body.parse(example, uuids=True)


def test_the_red_flag_example_is_what_the_server_says(reader: Reader) -> None:
    now = timezone.now().isoformat()
    said = reader.call("POST", "entries/", {**RED_FLAG, "symptom_at": now}, status=201)
    (example,) = EntryWritten.model_json_schema()["examples"]
    assert _differing(said, example) <= {"symptom_at", "received_at", "alerts"}
    (alert,), (shown,) = said["alerts"], example["alerts"]
    assert _differing(alert, shown) <= {"id", "opened_at", "evidence"}
    assert _differing(alert["evidence"][0], shown["evidence"][0]) <= {"at"}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


# --- Real answers -------------------------------------------------------------------------------


def test_the_answers_of_every_operation_fit_the_document(reader: Reader) -> None:
    _agree_and_introduce_oneself(reader)
    _keep_a_diary(reader)
    _read_alerts(reader)
    _register_a_browser(reader)
    reader.call("DELETE", "me/consents/", status=204)
    assert reader.used == reader.document.operations().keys()


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


def _read_alerts(reader: Reader) -> None:
    (alert,) = reader.call("GET", "alerts/?status=open", status=200)["results"]
    one, ids = "alerts/{alert_id}/", {"alert_id": alert["id"]}
    reader.call("POST", f"{one}acknowledge/", of_alerts.ACKNOWLEDGE, status=200, **ids)
    assert reader.call("GET", one, status=200, **ids)["status"] == "acknowledged"


def _register_a_browser(reader: Reader) -> None:
    one, ids = "devices/{device_id}/", {"device_id": str(uuid4())}
    reader.call("PUT", one, of_alerts.BROWSER, status=201, **ids)
    reader.call("PUT", one, of_alerts.BROWSER, status=200, **ids)
    reader.call("PUT", one, of_alerts.PHONE, status=201, device_id=str(uuid4()))
    reader.call("GET", one, status=200, **ids)
    assert len(reader.call("GET", "devices/", status=200)["results"]) == 2
    reader.call("DELETE", one, status=204, **ids)
    reader.call("GET", "push-key/", status=200)


# --- Problems -----------------------------------------------------------------------------------


def test_what_the_server_refuses_is_the_problem_that_the_document_says(reader: Reader) -> None:
    unknown, known = str(uuid4()), str(uuid4())
    reader.call("PUT", "massages/{record_id}/", _massage(known), status=201, record_id=known)
    problem = reader.call("POST", "entries/", {**of_diary.ENTRY, "pain": 11}, status=400)
    assert [error["pointer"] for error in problem["errors"]] == ["/pain"]
    reader.call("GET", "alerts/?status=loud", status=400)
    reader.call("GET", "entries/{record_id}/", status=404, record_id=unknown)
    reader.call("POST", "alerts/{alert_id}/acknowledge/", {}, status=404, alert_id=unknown)
    reader.call("POST", "entries/", {**of_diary.ENTRY, "id": known}, status=409)
    reader.call("POST", "entries/", b" " * (1024 * 1024 + 1), status=413)


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


# --- The page -----------------------------------------------------------------------------------


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    assert re.findall(r"""(?:src|href)=["'](?!/static/)([^"']*)""", page) == []
    assert '"validatorUrl": null' in page
