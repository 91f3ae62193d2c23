"""The API document: complete, and true to what the server really takes and says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from alerts.api import schemas
from alerts.api.alert_views import AcknowledgeBody, FeedbackBody, ReceiptBody
from alerts.api.device_views import DeviceBody
from alerts.api.massage_schemas import PlannedMassage
from alerts.models import AlertStatus, DeviceKind, EventKind, Level
from diary.api.consent_views import ConsentBody
from diary.api.schemas import EntryBody, MassageBody, ProfileBody
from diary.api.sync_schemas import SyncBody
from diary.wire import Draft
from tests.config.document import METHODS, Document, made, parts

BODIES: list[type[Draft]] = [
    EntryBody,
    MassageBody,
    SyncBody,
    ProfileBody,
    ConsentBody,
    AcknowledgeBody,
    FeedbackBody,
    ReceiptBody,
    DeviceBody,
    PlannedMassage,
]


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
        assert {"401", "403", "406", "426", "429", "503"} <= operation["responses"].keys()


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


# Firebase is one kind to an app, whatever it is addressed by; the canary is no app.
APP_KINDS = [kind for kind in DeviceKind.values if kind not in {"fcm_fid", "canary"}]


def test_the_words_of_the_alerts_are_those_of_the_models() -> None:
    assert [level.name.lower() for level in Level] == list(get_args(schemas.LevelName))
    assert set(get_args(schemas.Happening)) < set(EventKind.values)
    for model, field, values in (
        (schemas.Alert, "status", AlertStatus.values),
        (schemas.Device, "kind", APP_KINDS),
        (DeviceBody, "kind", APP_KINDS),
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


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("db")
def test_the_served_document_is_the_made_one() -> None:
    answer = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.json() == made()


@pytest.mark.usefixtures("db")
def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    (script,) = re.findall(r"""(?:src|href)=["'](?!/static/)([^"']*)""", page)
    assert script == "/api/docs/?script="
    assert "<script>" not in page  # its policy lets nothing run that stands in the page
    assert '"validatorUrl": null' in Client().get(script).content.decode()
