"""What a body may be: bad values are refused by name, over HTTP and by PostgreSQL itself."""

import types
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from django.db import IntegrityError, connection, transaction

from diary import drafts, wire
from tests.diary.bodies import ENTRY, FULL_ENTRY, FULL_MASSAGE, KINDS, MASSAGE, new_id
from tests.phones import Phone, code_of, errors_of

DRAFTS: dict[str, type[wire.Draft]] = {
    "entries": drafts.EntryDraft,
    "massages": drafts.MassageDraft,
}
WRONG_INTEGERS: list[tuple[Any, str]] = [
    (1.0, "invalid_type"),
    ("1", "invalid_type"),
    (True, "invalid_type"),
    ([1], "invalid_type"),
    (-1, "min_value"),
    (2**31, "max_value"),
    (2**63, "max_value"),
    (10**30, "max_value"),
]
WRONG: dict[Any, list[tuple[Any, str]]] = {
    bool: [(1, "invalid_type"), ("true", "invalid_type"), ({}, "invalid_type")],
    int: WRONG_INTEGERS,
    str: [(1, "invalid_type"), (["x"], "invalid_type")],
    Literal: [("never heard of", "invalid_choice"), (1, "invalid_choice"), ("", "invalid_choice")],
    list: [("saddle", "invalid_type"), ({}, "invalid_type")],
    datetime: [
        ("2026-11-20T08:30:00", "time_without_offset"),
        ("2026-11-20", "invalid_time"),
        (1763627400, "invalid_time"),
        ("2026-11-20T08:30Z", "invalid_time"),
        ("1999-12-31T23:59:59Z", "time_out_of_range"),
        ("2000-01-01T00:00:00+00:01", "time_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "time_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "time_out_of_range"),
        ("2026-02-30T08:30:00Z", "time_out_of_range"),
        ("2026-11-20T08:30:60Z", "time_out_of_range"),
        ("2026-11-20T08:30:00+24:00", "time_out_of_range"),
    ],
}
for _object in (drafts.RedFlags, drafts.FunctionChecks, drafts.AfterMassage):
    WRONG[_object] = [([], "not_an_object"), ("no", "not_an_object"), (1, "not_an_object")]
EXTREMES: dict[str, list[tuple[Any, str]]] = {
    "note": [("x" * 4001, "max_length")],
    "product": [("x" * 201, "max_length")],
    "sitting_minutes": [(7 * 24 * 60 + 1, "max_value")],
    "massage": [("not-a-uuid", "invalid_uuid"), ("", "min_length"), ("x" * 65, "max_length")],
    "id": [("not-a-uuid", "invalid_uuid")],
}


def kind_of(annotation: Any) -> Any:
    """What a field holds: a key of WRONG, or a list's type with its word's."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation


def bad_values(name: str, annotation: Any) -> Iterator[tuple[str, Any, str]]:
    """Pointer, value and code of what a field must refuse."""
    annotation = kind_of(annotation)
    origin = get_origin(annotation)
    if origin is list:
        yield from bad_lists(name, get_args(annotation)[0])
    elif origin is None and issubclass(annotation, wire.Draft):
        yield from bad_objects(name, annotation)
    for value, code in WRONG[origin or annotation] + EXTREMES.get(name, []):
        yield f"/{name}", value, code


def bad_lists(name: str, words: Any) -> Iterator[tuple[str, Any, str]]:
    word = get_args(words)[0]
    yield f"/{name}/1", [word, "never heard of"], "invalid_choice"
    yield f"/{name}", [word] * 51, "max_items"


def bad_objects(name: str, draft: type[wire.Draft]) -> Iterator[tuple[str, Any, str]]:
    yield f"/{name}/pian", {"pian": 1}, "unknown_field"
    for member, field in draft.model_fields.items():
        for pointer, value, code in bad_values(member, field.annotation):
            yield f"/{name}{pointer}", {member: value}, code


def of_each_field() -> Iterator[Any]:
    for kind, draft in DRAFTS.items():
        for name, field in draft.model_fields.items():
            cases = list(bad_values(name, field.annotation))
            assert cases
            yield pytest.param(kind, name, cases, id=f"{kind}-{name}")


@pytest.mark.parametrize(("kind", "name", "cases"), list(of_each_field()))
def test_every_bad_value_of_every_field_is_refused_by_name(
    phone: Phone, kind: str, name: str, cases: list[tuple[str, Any, str]]
) -> None:
    for pointer, value, code in cases:
        answer = phone.post(f"{kind}/", {**KINDS[kind], name: value})
        assert (pointer, code) in errors_of(answer), (value, answer.json())
    assert phone.get(f"{kind}/").json()["results"] == []


@pytest.mark.parametrize("value", [11, 10, 0])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("entries", name) for name in ("pain", "numbness", "weakness", "limb_pain")),
        ("massages", "pain_before"),
        ("massages", "pain_during_max"),
    ],
)
def test_a_score_lies_in_0_to_10(phone: Phone, kind: str, name: str, value: int) -> None:
    answer = phone.post(f"{kind}/", {**KINDS[kind], name: value})
    assert answer.status_code == (400 if value > 10 else 201)


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        pytest.param("entries", {}, {("/symptom_at", "required")}, id="entry-without-anything"),
        pytest.param(
            "massages",
            {},
            {("/started_at", "required"), ("/ended_at", "required"), ("/setting", "required")},
            id="massage-without-anything",
        ),
        pytest.param(
            "entries",
            {"symptom_at": ENTRY["symptom_at"], "note": "only words"},
            {("", "empty_entry")},
            id="entry-that-says-nothing",
        ),
        pytest.param("entries", {**ENTRY, "pian": 1}, {("/pian", "unknown_field")}, id="mistyped"),
        pytest.param(
            "entries", {**ENTRY, "a/b~c": 1}, {("/a~1b~0c", "unknown_field")}, id="odd-name"
        ),
        pytest.param(
            "entries", {**ENTRY, "patient_id": "x"}, {("/patient_id", "unknown_field")}, id="owner"
        ),
        pytest.param(
            "massages",
            {**MASSAGE, "ended_at": MASSAGE["started_at"]},
            {("", "invalid_duration")},
            id="massage-of-no-length",
        ),
        pytest.param(
            "massages",
            {**MASSAGE, "ended_at": "2026-11-20T01:00:01+01:00"},
            {("", "invalid_duration")},
            id="massage-of-8-hours-and-a-second",
        ),
        *(
            pytest.param("entries", body, {("", "not_an_object")}, id=f"body-{body!r}")
            for body in ([], [ENTRY], "text", 1, None, True)
        ),
    ],
)
def test_a_body_that_cannot_become_a_record_says_why(
    phone: Phone, kind: str, body: Any, expected: set[tuple[str, str]]
) -> None:
    raw = b"null" if body is None else body
    assert errors_of(phone.post(f"{kind}/", raw)) == expected
    assert errors_of(phone.put(f"{kind}/{new_id()}/", raw)) == expected


def test_a_massage_may_take_exactly_8_hours(phone: Phone) -> None:
    body = {**MASSAGE, "ended_at": "2026-11-20T01:00:00+01:00"}
    assert phone.post("massages/", body).status_code == 201


def test_what_only_the_server_sets_is_ignored(phone: Phone) -> None:
    forged = {"received_at": "2001-01-01T00:00:00Z", "clock_suspect": True, "version": 99}
    answer = phone.post("entries/", {**ENTRY, **forged, "alerts": "x", "guidance": [1]}).json()
    assert (answer["version"], answer["clock_suspect"], answer["alerts"]) == (1, False, [])
    assert answer["received_at"] > "2026"


def test_a_note_is_counted_in_code_points(phone: Phone) -> None:
    face = "\U0001f636\u200d\U0001f32b\ufe0f"  # four code points that look like one character
    assert phone.post("entries/", {**ENTRY, "note": face * 1000}).status_code == 201
    refused = phone.post("entries/", {**ENTRY, "note": face * 1000 + "x"})
    assert errors_of(refused) == {("/note", "max_length")}


READERS = [
    ("POST", "/api/v1/entries/"),
    ("PUT", "/api/v1/massages/5f0c2f4e-6c1d-4b57-9a57-0f6c2f3c9d10/"),
    ("PATCH", "/api/v1/me/"),
    ("POST", "/api/v1/me/consents/"),
    ("PUT", "/api/v1/devices/5f0c2f4e-6c1d-4b57-9a57-0f6c2f3c9d10/"),
    ("POST", "/_allauth/app/v1/auth/login"),
    ("POST", "/_allauth/app/v1/tokens/refresh"),
]


def with_pain(literal: str) -> bytes:
    return b'{"symptom_at": "2026-11-20T08:30:00Z", "pain": %s}' % literal.encode()


def nested(depth: int) -> bytes:
    """A body of so many objects and lists inside each other; its own object counts."""
    return with_pain("[" * (depth - 1) + "]" * (depth - 1))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"pain": 1, "pain": 9}', id="one-key-twice"),
        pytest.param(b'{"pain": 1, "\\u0070ain": 9}', id="one-key-twice-in-two-spellings"),
        pytest.param(b'{"red_flags": {"bladder": "no", "bladder": "no"}}', id="twice-deep-down"),
        *(pytest.param(with_pain(n), id=n) for n in ("NaN", "Infinity", "-Infinity", "1e400")),
        pytest.param(with_pain("9" * 5000), id="5000-digits"),
        pytest.param(with_pain('"\\u0000"'), id="NUL"),
        pytest.param(b'{"\\u0000": 1}', id="NUL-in-a-key"),
        pytest.param(with_pain('"\\ud800"'), id="lone-surrogate"),
        pytest.param(b'{"\\udfff": 1}', id="lone-surrogate-in-a-key"),
        pytest.param(b'"\xff"', id="not-utf-8"),
        pytest.param(b'"\xed\xa0\x80"', id="surrogate-in-utf-8"),
        pytest.param(b"\xef\xbb\xbf" + with_pain("1"), id="byte-order-mark"),
        pytest.param(with_pain("1").decode().encode("utf-16"), id="utf-16"),
        pytest.param(nested(33), id="33-levels"),
        pytest.param(nested(3000), id="3000-levels"),
        pytest.param(b"[" * 200_000, id="200000-levels-that-never-end"),
        pytest.param(b'{"a":' * 200_000, id="200000-objects-that-never-end"),
        pytest.param(b"{", id="half-an-object"),
        pytest.param(b"{} {}", id="two-bodies"),
        pytest.param(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", id="gzip"),
    ],
)
def test_json_that_can_be_read_two_ways_or_stored_in_none_is_refused(
    phone: Phone, raw: bytes
) -> None:
    for method, path in READERS:
        answer = phone.http.generic(method, path, raw, content_type="application/json")
        assert (answer.status_code, code_of(answer)) == (400, "invalid_json"), path


def test_an_integer_of_4000_digits_and_32_levels_are_still_json(phone: Phone) -> None:
    assert errors_of(phone.post("entries/", with_pain("9" * 4000))) == {("/pain", "max_value")}
    assert errors_of(phone.post("entries/", nested(32))) == {("/pain", "invalid_type")}


@pytest.mark.parametrize("path", ["/api/v1/entries/", "/_allauth/app/v1/auth/login"])
@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(1024 * 1024, 400, id="1-MiB-is-read-and-found-wanting"),
        pytest.param(1024 * 1024 + 1, 413, id="one-byte-more-is-not-read"),
        pytest.param(9 * 1024 * 1024, 413, id="9-MiB"),
    ],
)
def test_a_body_has_at_most_a_mebibyte(phone: Phone, path: str, size: int, status: int) -> None:
    raw = b'{"note": "' + b"x" * (size - 12) + b'"}'
    answer = phone.http.generic("POST", path, raw, content_type="application/json")
    assert answer.status_code == status
    if status == 413:
        assert code_of(answer) == "too_large"


def test_a_thousand_mistakes_are_not_all_listed(phone: Phone) -> None:
    body = {**ENTRY, **{f"x{number}": 1 for number in range(1000)}}
    assert len(errors_of(phone.post("entries/", body))) == 100


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("application/json; charset=utf-8", 201, id="utf-8"),
        pytest.param('application/json; charset="UTF-8"; x=y', 201, id="quoted-utf-8"),
        pytest.param("application/json; charset=utf-16", 400, id="utf-16"),
        pytest.param("application/json; charset=utf-7", 400, id="utf-7"),
        pytest.param("application/json; charset=bogus", 400, id="bogus-charset"),
        pytest.param("application/xml", 415, id="xml"),
        pytest.param("application/x-www-form-urlencoded", 415, id="form"),
        pytest.param("multipart/form-data; boundary=x", 415, id="multipart"),
        pytest.param("multipart/form-data", 415, id="multipart-without-boundary"),
        pytest.param("text/plain", 415, id="text"),
        pytest.param("", 415, id="none"),
        pytest.param("\x00/;;=", 415, id="nonsense"),
    ],
)
def test_only_json_in_utf_8_is_read(phone: Phone, content_type: str, status: int) -> None:
    answer = phone.send("POST", "entries/", ENTRY, content_type=content_type)
    assert answer.status_code == status
    if status != 201:
        assert code_of(answer) in {"not_utf8", "unsupported_media_type"}


def test_no_body_is_an_empty_object(phone: Phone) -> None:
    assert errors_of(phone.post("entries/")) == {("/symptom_at", "required")}
    assert errors_of(phone.post("entries/", b"")) == {("/symptom_at", "required")}


ARRAYS = {
    "diary_entry": ["numb_regions", "weak_regions", "skin_problem_sites"],
    "diary_massage": ["techniques", "sites", "neuro_during"],
    "diary_patient": ["contraindications", "longstanding_flags"],
}
SCORES = {
    "diary_entry": ["pain", "numbness", "weakness", "limb_pain", "after_massage_soreness"],
    "diary_massage": ["pain_before", "pain_during_max"],
}
WORDS = {
    "diary_entry": [
        *(f"red_flags_{flag}" for flag in drafts.RedFlags.model_fields),
        *(f"function_checks_{check}" for check in drafts.FunctionChecks.model_fields),
        "after_massage_global_change",
    ],
    "diary_massage": ["setting", "provider", "pressure"],
    "diary_patient": ["region", "phase", "severity"],
}
OTHERS = {
    "diary_entry": ["symptom_at = NULL", "received_at = NULL", "version = -1"],
    "diary_massage": [
        "ended_at = started_at",
        "ended_at = started_at + interval '8:00:01'",
        "sitting_minutes = -1",
        "started_at = NULL",
    ],
    "diary_patient": ["reminder_hour = 24", "reminder_hour = -1"],
}
BAD_VALUES = [
    (ARRAYS, ["'{bogus}'", "'{NULL}'"]),
    (SCORES, ["11", "-1"]),
    (WORDS, ["'bogus'"]),
]


@pytest.mark.parametrize("table", OTHERS)
def test_postgresql_refuses_a_bad_value_by_itself(phone: Phone, table: str) -> None:
    phone.put(f"entries/{new_id()}/", FULL_ENTRY)
    phone.put(f"massages/{new_id()}/", FULL_MASSAGE)
    assignments = OTHERS[table] + [
        f"{name} = {value}"
        for columns, values in BAD_VALUES
        for name in columns.get(table, [])
        for value in values
    ]
    for assignment in assignments:
        assert is_refused(f"UPDATE {table} SET {assignment}"), assignment


def is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False
