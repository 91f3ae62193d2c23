"""The examples of the API document: one at every operation, and every one of them really sent."""

from collections.abc import Callable
from typing import Any

import pytest

from config.openapi_examples import JSON
from diary.api import examples as of_diary
from tests.config.document import Document
from tests.phones import Phone

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

RED_FLAG = {**of_diary.ENTRY, "red_flags": of_diary.STORED_ENTRY["red_flags"]}
DEVICE = "c2e7b6a0-54a2-4f0b-8a49-5d6d7c0f9f11"


@pytest.fixture
def ids(phone: Phone) -> dict[str, dict[str, str]]:
    """A patient who has one of everything that a path can name, under the path's first word."""
    (alert,) = phone.post("entries/", {**RED_FLAG, "id": None}).json()["alerts"]
    phone.post("entries/", of_diary.ENTRY)
    phone.post("massages/", of_diary.MASSAGE)
    browser = {"kind": "fcm", "token": "a-token-of-the-example"}
    assert phone.put(f"devices/{DEVICE}/", browser).status_code == 201
    return {
        "entries": {"record_id": of_diary.ENTRY["id"]},
        "massages": {"record_id": of_diary.MASSAGE["id"]},
        "alerts": {"alert_id": alert["id"]},
        "devices": {"device_id": DEVICE},
    }


# What an operation needs beside that, by its name.
BEFORE: dict[str, Callable[[Phone], object]] = {}


def test_every_example_of_a_body_does_what_the_document_says(
    phone: Phone, document: Document, ids: dict[str, dict[str, str]]
) -> None:
    last = {"eraseAccount", "withdrawConsent"}
    operations = sorted(
        document.operations().items(),
        key=lambda each: (each[1]["operationId"] in last, each[0][0] == "DELETE"),
    )
    for (method, path), operation in operations:
        place = path.removeprefix("/api/v1/")
        for example in sent(operation):
            BEFORE.get(operation["operationId"], id)(phone)
            answer = phone.send(
                method, place.format(**ids.get(place.partition("/")[0], {})), example
            )
            assert answer.status_code < 300, (operation["operationId"], answer.content[:500])
            document.check(answer, method, path)
