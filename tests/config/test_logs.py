"""What patients write never reaches a log: each line is read as it would be printed."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from diary.services import records
from tests.diary.bodies import ENTRY, new_id
from tests.phones import Phone, enrolled

CANARY = "canary7f3a"


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What the handlers of the settings print, everything included."""
    (handler,) = [
        h
        for h in logging.getLogger().handlers
        if type(h) is logging.StreamHandler  # pytest has handlers of its own kinds
    ]
    stream = io.StringIO()
    former = handler.setStream(stream)
    yield stream
    if former:
        handler.setStream(former)


def lines(printed: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_is_one_line_without_content(printed: io.StringIO) -> None:
    patient = enrolled(f"{CANARY}@example.org", allergies=[CANARY])
    patient.user.name = CANARY
    patient.user.save(update_fields=["name"])
    phone = Phone.of(patient)
    path = f"entries/{new_id()}/"
    entry = {**ENTRY, "note": CANARY, "red_flags": {"bladder": "new_or_worse"}}
    answers = [
        phone.put(path, entry),
        phone.put(path, {**ENTRY, CANARY: CANARY, "note": [CANARY]}),
        phone.get(f"entries/?from={CANARY}"),
        phone.get(f"{CANARY}/?{CANARY}"),
        phone.put(path, CANARY.encode()),
        phone.patch("me/", {"timezone": CANARY}),
        phone.send("GET", "entries/", headers={"Host": CANARY}),
        Phone(CANARY).get("entries/"),
    ]
    assert [a.status_code for a in answers] == [201, 400, 400, 404, 400, 400, 400, 401]

    assert CANARY not in printed.getvalue()
    answered = [line for line in lines(printed) if line["event"] == "answered"]
    assert [line["status"] for line in answered] == [a.status_code for a in answers]
    assert [line["request_id"] for line in answered] == [a["X-Request-ID"] for a in answers]
    assert answered[0]["route"] == "api/v1/entries/<id:record_id>/"


def test_a_failure_is_logged_by_its_type_and_places_only(
    phone: Phone, printed: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ValueError(CANARY) from KeyError(CANARY)

    monkeypatch.setattr(records, "put", fail)
    answer = phone.post("entries/", {**ENTRY, "note": CANARY})

    assert answer.status_code == 500
    assert CANARY not in printed.getvalue() + answer.content.decode()
    (failure,) = [line for line in lines(printed) if line["event"] == "view failed"]
    assert failure["exception"] == "ValueError"
    assert failure["frames"][-1].endswith(" fail")
    assert failure["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("a template with %s", CANARY), id="an-argument"),
        pytest.param((ValueError(CANARY),), id="an-exception-as-the-message"),
        pytest.param(({"note": CANARY},), id="a-dict-as-the-message"),
    ],
)
def test_what_a_library_puts_into_its_lines_is_left_out(
    printed: io.StringIO, arguments: tuple[Any, ...]
) -> None:
    log = logging.getLogger("some.library")
    error = ValueError(CANARY)
    log.error(*arguments, exc_info=error, extra={"note": CANARY}, stack_info=True)
    (line,) = lines(printed)
    assert line["exception"] == "ValueError"
    assert CANARY not in printed.getvalue()
