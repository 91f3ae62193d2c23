"""The examples of the API document: one at every operation, and every one of them really sent."""

from typing import Any

import pytest
from django.test import Client

from config.openapi_examples import JSON
from diary.models import Patient
from tests.config.document import Document
from tests.contract.stock import one_of_everything
from tests.phones import PASSWORD, Phone

Operation = dict[str, Any]


def sent(operation: Operation) -> list[Any]:
    """The examples of an operation's body; of one without a body, that there is none."""
    content = operation.get("requestBody", {}).get("content", {})
    return [each["value"] for each in content[JSON]["examples"].values()] if content else [None]


def answers(document: Document, operation: Operation) -> list[tuple[str, Any]]:
    """Every JSON answer of an operation that is no problem, with its status."""
    return [
        (status, answer["content"][JSON])
        for status, answer in operation["responses"].items()
        if status < "300" and JSON in answer.get("content", {})
    ]


def test_every_body_and_every_answer_of_every_operation_has_an_example(document: Document) -> None:
    for operation in document.operations().values():
        where = operation["operationId"]
        if "requestBody" in operation:
            assert operation["requestBody"]["content"][JSON].get("examples"), where
        for status, answer in answers(document, operation):
            assert answer.get("examples"), f"{where}, {status}"


def test_every_example_of_an_answer_fits_its_schema(document: Document) -> None:
    for operation in document.operations().values():
        for _, answer in answers(document, operation):
            for example in answer["examples"].values():
                where = operation["operationId"]
                assert document.complaints(example["value"], answer["schema"]) == [], where


# --- Sending them -------------------------------------------------------------------------------


@pytest.fixture
def phone(patient: Patient) -> Phone:
    """A phone that has just logged in, which some operations ask for."""
    who = {"email": patient.user.email, "password": PASSWORD}
    answer = Client().post("/_allauth/app/v1/auth/login", who, content_type=JSON)
    return Phone(answer.json()["meta"]["access_token"])


# After these there is nothing left to ask.
LAST = ["withdrawConsent", "eraseAccount"]


def test_every_example_of_a_body_does_what_the_document_says(
    phone: Phone, document: Document
) -> None:
    ids = one_of_everything(phone)
    operations = document.operations()
    for method, path in sorted(operations, key=lambda each: _when(each, operations[each])):
        place = path.removeprefix("/api/v1/")
        address = place.format(**ids.get(place.partition("/")[0], {}))
        for example in sent(operations[method, path]):
            answer = phone.send(method, address, example)
            assert answer.status_code < 300, (method, path, answer.getvalue()[:500])
            document.check(answer, method, path)


def _when(place: tuple[str, str], operation: Operation) -> tuple[int, int, str]:
    """What changes a thing after what uses it, then what takes it away, then what ends it all."""
    method, path = place
    name, gentlest_first = operation["operationId"], ["GET", "POST", "PATCH", "PUT", "DELETE"]
    return (LAST.index(name) + 1 if name in LAST else 0, gentlest_first.index(method), path)
