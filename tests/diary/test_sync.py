"""Offline sync: every item has its own result, in the order given, and all are one transaction."""

from typing import Any

import pytest

from diary.models import Entry, Massage
from tests.diary.bodies import FULL_ENTRY, FULL_MASSAGE, KINDS, new_id
from tests.diary.syncing import delete, diary_of, put, statuses, synced
from tests.phones import Phone, code_of, enrolled

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
