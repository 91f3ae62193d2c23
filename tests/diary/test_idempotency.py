"""A request named by an Idempotency-Key: one effect and one answer, byte for byte, for 30 days."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from diary.models import Entry, KeptAnswer, Patient
from diary.services.kept_answers import KEPT_FOR, KeyReused, Named
from diary.services.sync import Request, exchange
from tests.diary.bodies import ENTRY, new_id
from tests.diary.syncing import delete, post, put, statuses, synced
from tests.phones import Phone, code_of, enrolled

NOW = datetime.fromisoformat("2026-11-20T12:00:00Z")


def test_the_first_answer_is_repeated_byte_for_byte(phone: Phone) -> None:
    known = new_id()
    items = [put(known), put(pain=11), put(red_flags={"bladder": "new_or_worse"})]
    first = post(phone, *items, key="monday")
    synced(phone, put(known, note="meanwhile"), put())
    again = post(phone, *items, key="monday")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"] == "application/json"
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert phone.get(f"entries/{known}/").json()["note"] == "meanwhile", "it was applied again"


def test_another_body_is_a_422_and_changes_nothing(phone: Phone) -> None:
    item = put()
    first = post(phone, item, key="monday")
    for items in ([item, put()], []):
        answer = post(phone, *items, key="monday")
        assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reused")
    assert Entry.objects.count() == 1
    assert post(phone, item, key="monday").content == first.content


def test_a_key_is_its_patients_and_of_this_address_only(phone: Phone) -> None:
    other, item = Phone.of(enrolled()), put()
    assert statuses(post(phone, item, key="k").json()) == ["created"]
    assert statuses(post(other, item, key="k").json()) == ["created"]
    single = phone.send("POST", "entries/", ENTRY, headers={"Idempotency-Key": "k"})
    assert single.status_code == 201
    assert statuses(post(phone, item, key="K").json()) == ["unchanged"], "letters count"


def test_a_refused_request_does_not_use_up_its_key(phone: Phone) -> None:
    refused = post(phone, put(), since="forged", key="k")
    assert refused.status_code == 400
    assert statuses(post(phone, put(), key="k").json()) == ["created"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param("", 400, id="nothing"),
        pytest.param("k", 200, id="one"),
        pytest.param("~" * 255, 200, id="255"),
        pytest.param("~" * 256, 400, id="256"),
        pytest.param("a b", 200, id="a-space"),
        pytest.param("schl\u00fcssel", 400, id="not-ascii"),
        pytest.param("a\x7f", 400, id="delete"),
    ],
)
def test_a_key_has_1_to_255_printable_characters(phone: Phone, key: str, code: int) -> None:
    answer = post(phone, put(), key=key)
    assert answer.status_code == code
    if code == 400:
        assert code_of(answer) == "invalid_idempotency_key"
        assert Entry.objects.count() == 0


def test_without_a_key_nothing_is_kept(phone: Phone) -> None:
    synced(phone, put())
    assert KeptAnswer.objects.count() == 0


def test_many_keys_are_told_apart(phone: Phone) -> None:
    keys = [f"key {n}" for n in range(12)]  # fewer than a device may send in a minute
    items = {key: put() for key in keys}
    first = {key: post(phone, item, key=key).content for key, item in items.items()}
    assert {key: post(phone, item, key=key).content for key, item in items.items()} == first


def send(patient: Patient, key: str, digest: bytes, at: datetime) -> Any:
    """A named request without items, whose answer tells the time."""
    named = Named(key, digest)
    return exchange(
        patient_id=patient.pk,
        request=Request(items=[], named=named),
        render=lambda _: at.isoformat().encode(),
        at=at,
    )


@pytest.mark.parametrize(
    ("later", "is_repeated"),
    [
        pytest.param(KEPT_FOR, True, id="after-exactly-30-days-it-is-kept"),
        pytest.param(KEPT_FOR + timedelta(seconds=1), False, id="one-second-later-it-is-not"),
    ],
)
def test_an_answer_is_kept_30_days(patient: Patient, later: timedelta, is_repeated: bool) -> None:
    first = send(patient, "k", b"1", NOW)
    again = send(patient, "k", b"1", NOW + later)
    assert (first.is_repeated, again.is_repeated) == (False, is_repeated)
    assert (again.body == first.body) is is_repeated


def test_what_is_too_old_is_removed_and_no_more(patient: Patient) -> None:
    other = enrolled()
    for whose, key, days in ((patient, "old", 0), (other, "old", 0), (patient, "young", 20)):
        send(whose, key, b"1", NOW + timedelta(days=days))
    with pytest.raises(KeyReused):
        send(patient, "young", b"2", NOW + timedelta(days=31))
    send(patient, "new", b"1", NOW + timedelta(days=31))
    left = KeptAnswer.objects.values_list("patient", "key")
    assert set(left) == {(patient.pk, "young"), (patient.pk, "new"), (other.pk, "old")}


def test_a_withdrawal_that_is_repeated_does_not_withdraw_what_came_back(phone: Phone) -> None:
    known = new_id()
    synced(phone, put(known))
    post(phone, delete(known), key="gone")
    synced(phone, put(known, note="back"))
    post(phone, delete(known), key="gone")
    assert phone.get(f"entries/{known}/").json()["note"] == "back"
