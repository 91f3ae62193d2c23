"""What a sync cannot take: an item that cannot be read, and a body that is refused whole."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError

from diary.models import Entry, Patient, RejectedItem
from tests.diary.bodies import ENTRY, new_id
from tests.diary.syncing import post, put, statuses, synced
from tests.phones import Phone, code_of, enrolled, errors_of

# --- What cannot be read ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "errors"),
    [
        pytest.param(put(pain=11), {("/data/pain", "max_value")}, id="a-score-over-10"),
        pytest.param(put(pian=1), {("/data/pian", "unknown_field")}, id="a-mistyped-field"),
        pytest.param({**put(), "data": None}, {("/data", "not_an_object")}, id="no-data"),
        pytest.param({**put(), "data": [1]}, {("/data", "not_an_object")}, id="a-list"),
        pytest.param({**put(), "type": "mood"}, {("/type", "invalid_choice")}, id="another-type"),
        pytest.param({**put(), "op": "patch"}, {("/op", "invalid_choice")}, id="another-op"),
        pytest.param({**put(), "id": "7"}, {("/id", "invalid_uuid")}, id="no-uuid"),
        pytest.param({**put(), "id": None}, {("/id", "invalid_type")}, id="no-id"),
        pytest.param({**put(), "mood": 3}, {("/mood", "unknown_field")}, id="a-member-too-many"),
        pytest.param(put(id=new_id()), {("/data/id", "id_mismatch")}, id="two-ids"),
        pytest.param(put(if_version=-1), {("/if_version", "min_value")}, id="version-minus-1"),
        pytest.param(put(if_version=2**31), {("/if_version", "max_value")}, id="version-2-31"),
        pytest.param(put(of="massage", setting=3), {("/data/setting", "invalid_choice")}, id="m"),
        pytest.param({}, {(f"/{n}", "required") for n in ("type", "op", "id")}, id="nothing"),
        pytest.param(None, {("", "not_an_object")}, id="null"),
        pytest.param("put", {("", "not_an_object")}, id="a-text"),
    ],
)
def test_an_item_that_cannot_be_read_stops_no_other(
    phone: Phone, patient: Patient, item: Any, errors: set[tuple[str, str]]
) -> None:
    said = synced(phone, put(), item, put())
    assert statuses(said) == ["created", "invalid", "created"]
    result = said["results"][1]
    assert {(error["pointer"], error["code"]) for error in result["errors"]} == errors
    assert (result["alerts"], result["version"]) == ([], None)
    kept = RejectedItem.objects.get()
    assert json.loads(kept.item) == item
    assert (kept.patient, kept.errors) == (patient, result["errors"])


def test_an_item_that_cannot_be_read_is_kept_once(phone: Phone) -> None:
    bad, worse = put(pain=11), put(pain=12)
    synced(phone, bad, worse, bad)
    synced(phone, bad)
    assert [json.loads(kept.item) for kept in RejectedItem.objects.order_by("received_at")] == [
        *(bad, worse)
    ]
    synced(Phone.of(enrolled()), bad)
    assert RejectedItem.objects.count() == 3


def test_what_an_app_was_told_may_be_sent_back(phone: Phone) -> None:
    synced(phone, put(), put(of="massage"))
    told = synced(phone)["changes"]
    assert statuses(synced(phone, *told)) == ["unchanged"] * 2


# --- What is refused whole ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        pytest.param({"changes": {}}, {("/changes", "invalid_type")}, id="no-list"),
        pytest.param({"since": 3}, {("/since", "invalid_type")}, id="a-number-as-cursor"),
        pytest.param({"until": 3}, {("/until", "unknown_field")}, id="an-unknown-field"),
        pytest.param([], {("", "not_an_object")}, id="a-list"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_400(
    phone: Phone, body: Any, errors: set[tuple[str, str]]
) -> None:
    assert errors_of(phone.post("sync/", body)) == errors


def test_over_1000_items_are_refused_whole(phone: Phone) -> None:
    items = [put() for _ in range(1001)]
    assert errors_of(post(phone, *items)) == {("/changes", "max_items")}
    assert Entry.objects.count() == 0
    assert set(statuses(synced(phone, *items[:1000]))) == {"created"}


def test_a_body_has_at_most_8_mib(phone: Phone) -> None:
    room = 8 * 1024 * 1024
    body = json.dumps({"changes": [put()]}).encode()
    taken = phone.post("sync/", body.ljust(room))
    assert (taken.status_code, statuses(taken.json())) == (200, ["created"])
    for refused in (body.ljust(room + 1), body.ljust(room * 2)):
        answer = phone.post("sync/", refused)
        assert (answer.status_code, code_of(answer)) == (413, "too_large")
    other = phone.post("entries/", json.dumps(ENTRY).encode().ljust(1024 * 1024 + 1))
    assert other.status_code == 413, "the others take 1 MiB"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b'{"since": null, "since": null}', "invalid_json", id="a-key-twice"),
        pytest.param(b'{"changes": [{"data": {"pain": NaN}}]}', "invalid_json", id="NaN"),
        pytest.param(b'{"changes": ["\\u0000"]}', "invalid_json", id="NUL"),
        pytest.param(b'{"changes": ["\\ud800"]}', "invalid_json", id="half-a-pair"),
        pytest.param(b"[" * 3000 + b"]" * 3000, "invalid_json", id="deep"),
    ],
)
def test_the_json_is_as_strict_as_everywhere(phone: Phone, raw: bytes, code: str) -> None:
    answer = phone.post("sync/", raw)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert RejectedItem.objects.count() == 0


def test_what_cannot_be_written_leaves_nothing(phone: Phone) -> None:
    with patch("diary.services.sync.rejected.keep", side_effect=OperationalError):
        answer = post(phone, put(), put(pain=11))
    assert (answer.status_code, code_of(answer)) == (503, "unavailable")
    assert (Entry.objects.count(), RejectedItem.objects.count()) == (0, 0)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_there_is_nothing_but_post(phone: Phone, method: str) -> None:
    assert phone.send(method, "sync/", {}).status_code == 405
