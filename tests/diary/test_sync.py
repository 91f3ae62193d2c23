"""Offline sync: every item has its own result, in the order given, and all are one transaction."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError

from diary.models import Entry, Massage, Patient, RejectedItem
from tests.diary.bodies import ENTRY, FULL_ENTRY, FULL_MASSAGE, KINDS, new_id
from tests.diary.syncing import delete, diary_of, post, put, statuses, synced
from tests.phones import Phone, code_of, enrolled, errors_of

WORDS = {"entries": "entry", "massages": "massage"}
each_kind = pytest.mark.parametrize("kind", KINDS)


def versions(phone: Phone, record_id: str, kind: str = "entries") -> list[tuple[int, str, Any]]:
    rows = phone.get(f"{kind}/{record_id}/history/?order=asc").json()["results"]
    return [(row["version"], row["op"], row["data"]["note"]) for row in rows]


# --- What becomes of an item --------------------------------------------------------------------


@each_kind
def test_an_item_is_created_then_unchanged_updated_deleted_and_restored(
    phone: Phone, kind: str
) -> None:
    known, word = new_id(), WORDS[kind]
    steps = [
        put(known, of=word),
        put(known, of=word),
        put(known, of=word, note="so"),
        delete(known, of=word),
        delete(known, of=word),
        put(known, of=word, note="again"),
    ]
    said = [synced(phone, step)["results"][0] for step in steps]
    assert [result["status"] for result in said] == [
        *("created", "unchanged", "updated", "deleted", "unchanged", "updated")
    ]
    assert [result["version"] for result in said] == [1, 1, 2, 3, 3, 4]
    assert {(result["type"], result["id"]) for result in said} == {(word, known)}
    assert all(result["errors"] == result["alerts"] == [] for result in said)
    assert versions(phone, known, kind) == [
        *((1, "put", None), (2, "put", "so"), (3, "delete", "so"), (4, "put", "again"))
    ]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("entries", FULL_ENTRY, id="entry"),
        pytest.param("massages", FULL_MASSAGE, id="massage"),
    ],
)
def test_every_field_is_stored_as_by_a_single_put(
    phone: Phone, kind: str, body: dict[str, Any]
) -> None:
    single, batched = new_id(), new_id()
    phone.put(f"{kind}/{single}/", body)
    synced(phone, {"type": WORDS[kind], "op": "put", "id": batched, "data": body})
    one, other = (phone.get(f"{kind}/{i}/").json() for i in (single, batched))
    assert {**one, "id": "", "received_at": ""} == {**other, "id": "", "received_at": ""}
    assert phone.put(f"{kind}/{batched}/", body).json()["version"] == 1, "it differs in the row"
    # And the same again when a known record is corrected.
    synced(phone, put(single, of=WORDS[kind]), put(batched, of=WORDS[kind]))
    phone.put(f"{kind}/{single}/", body)
    synced(phone, {"type": WORDS[kind], "op": "put", "id": batched, "data": body})
    one, other = (phone.get(f"{kind}/{i}/").json() for i in (single, batched))
    assert {**one, "id": "", "received_at": ""} == {**other, "id": "", "received_at": ""}


def test_items_apply_in_the_order_given_the_same_id_twice_included(phone: Phone) -> None:
    known, other = new_id(), new_id()
    items = [
        put(known, note="first"),
        put(other, note="between"),
        put(known, note="second"),
        put(known, note="second"),
        delete(known),
        put(known, note="third"),
        put(other, note="after", pain=9),
    ]
    said = synced(phone, *items)
    assert statuses(said) == [
        *("created", "created", "updated", "unchanged", "deleted", "updated", "updated")
    ]
    assert [result["version"] for result in said["results"]] == [1, 1, 2, 2, 3, 4, 2]
    assert versions(phone, known) == [
        *((1, "put", "first"), (2, "put", "second"), (3, "delete", "second"), (4, "put", "third"))
    ]
    assert versions(phone, other) == [(1, "put", "between"), (2, "put", "after")]
    received = [phone.get(f"entries/{i}/").json()["received_at"] for i in (known, other)]
    assert received == sorted(received), "later in the request is received later"


@pytest.mark.parametrize(
    "notes",
    [
        pytest.param(["a", "b"], id="two"),
        pytest.param(["a", "b", "a", "b"], id="back-and-forth"),
        pytest.param(["a", "a", "b"], id="one-of-them-twice"),
        pytest.param(["a", None], id="put-and-withdrawn"),
        pytest.param(["a", None, "a"], id="withdrawn-between"),
    ],
)
@each_kind
def test_a_request_that_names_an_id_often_changes_nothing_when_it_comes_again(
    phone: Phone, kind: str, notes: list[str | None]
) -> None:
    known, word = new_id(), WORDS[kind]
    synced(phone, put(known, of=word, note="before"))
    items = [delete(known, of=word) if n is None else put(known, of=word, note=n) for n in notes]
    synced(phone, *items)
    there = versions(phone, known, kind)
    for _ in range(2):
        assert set(statuses(synced(phone, *items))) == {"unchanged"}
        assert versions(phone, known, kind) == there


def test_a_walk_that_the_history_does_not_know_is_walked(phone: Phone) -> None:
    known = new_id()
    synced(phone, put(known, note="b"))
    assert statuses(synced(phone, put(known, note="a"), put(known, note="b"))) == ["updated"] * 2
    assert [note for _, _, note in versions(phone, known)] == ["b", "a", "b"]


def test_withdrawing_an_unknown_record_is_as_wished(phone: Phone) -> None:
    known = new_id()
    assert statuses(synced(phone, delete(known), delete(known, of="massage"))) == ["deleted"] * 2
    assert phone.get(f"entries/{known}/history/").status_code == 404


@each_kind
def test_an_id_of_the_other_type_is_a_conflict(phone: Phone, kind: str) -> None:
    known, fresh = new_id(), new_id()
    word = WORDS[kind]
    other = "massage" if word == "entry" else "entry"
    phone.put(f"{kind}/{known}/", KINDS[kind])
    said = synced(
        phone,
        put(known, of=other),
        delete(known, of=other),
        put(fresh, of=other),
        put(fresh, of=word),
    )
    assert statuses(said) == ["conflict", "conflict", "created", "conflict"]
    errors = [error for result in said["results"] for error in result["errors"]]
    assert {(error["pointer"], error["code"]) for error in errors} == {("/id", "id_of_other_type")}
    assert phone.get(f"{kind}/{known}/").status_code == 200


@pytest.mark.parametrize("op", [put, delete])
def test_a_version_that_has_moved_on_is_a_conflict(phone: Phone, op: Any) -> None:
    known = new_id()
    synced(phone, put(known, note="one"), put(known, note="two"))
    (result,) = synced(phone, op(known, if_version=1))["results"]
    assert (result["status"], result["version"]) == ("conflict", 2)
    assert [(e["pointer"], e["code"]) for e in result["errors"]] == [
        ("/if_version", "version_moved")
    ]
    assert phone.get(f"entries/{known}/").json()["note"] == "two"
    assert statuses(synced(phone, op(known, if_version=2))) in (["updated"], ["deleted"])


def test_if_version_0_means_a_new_record(phone: Phone) -> None:
    known = new_id()
    assert statuses(synced(phone, put(known, if_version=0))) == ["created"]
    assert statuses(synced(phone, put(known, if_version=0))) == ["unchanged"], "a lost answer"
    assert statuses(synced(phone, put(known, note="x", if_version=0))) == ["conflict"]
    assert statuses(synced(phone, put(if_version=1))) == ["conflict"]


def test_a_version_is_looked_at_after_the_items_before(phone: Phone) -> None:
    known = new_id()
    items = [put(known, note=str(n), if_version=n) for n in range(3)]
    assert statuses(synced(phone, *items)) == ["created", "updated", "updated"]
    assert statuses(synced(phone, *items)) == ["unchanged"] * 3


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


# --- Whose records ------------------------------------------------------------------------------


def test_ids_of_another_patient_are_ones_own_and_tell_nothing(phone: Phone) -> None:
    stranger = Phone.of(enrolled())
    entry, massage, gone = new_id(), new_id(), new_id()
    synced(phone, put(entry, note="mine"), put(massage, of="massage"), put(gone), delete(gone))
    said = synced(
        stranger,
        put(entry, note="theirs", if_version=0),
        put(massage, note="theirs"),
        delete(gone),
    )
    assert statuses(said) == ["created", "created", "deleted"]
    assert said["changes"] == []
    assert phone.get(f"entries/{entry}/").json()["note"] == "mine"
    assert Massage.objects.get().patient != Entry.objects.get(record_id=massage).patient
    assert diary_of(stranger) == {entry: "theirs", massage: "theirs"}


def test_who_may_not_write_may_not_sync(phone: Phone) -> None:
    assert Phone().post("sync/", {}).status_code == 401
    answer = Phone.of(enrolled(consented=False)).post("sync/", {})
    assert (answer.status_code, code_of(answer)) == (403, "consent_required")
