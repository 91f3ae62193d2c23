"""How often PostgreSQL is asked: a write of an entry has its budget, and nothing grows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import Entry, Patient
from tests.diary.bodies import ENTRY, MASSAGE, new_id
from tests.diary.syncing import delete, post, put
from tests.phones import Answer, Phone, enrolled

WORSE = {**ENTRY, "pain": 9}
BUDGET = 9  # of a write of an entry
SYNC_BUDGET = 30
_FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
RED_FLAGS = ("bladder", "bowel", "saddle_numbness", "both_legs_pain")


def queries_of(call: Callable[[], Answer]) -> int:
    """The statements of a call that succeeds, without those that only frame transactions."""
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code in {200, 201}
    said = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in said if not sql.startswith(_FRAMES)])


def write_many(phone: Phone, patient: Patient, number: int) -> None:
    """A diary of some size: entries, massages, and an alert for each kind of red flag."""
    moment = datetime.fromisoformat("2026-10-01T00:00:00Z")
    fixed: dict[str, Any] = {"received_at": moment, "changed_at": moment}
    Entry.objects.bulk_create(
        Entry(
            patient=patient,
            record_id=new_id(),
            symptom_at=moment + timedelta(minutes=step),
            pain=3,
            changed_by=patient.user,
            **fixed,
        )
        for step in range(number)
    )
    for flag in RED_FLAGS[:number]:
        phone.post("entries/", {**ENTRY, "red_flags": {flag: "new_or_worse"}})


def test_creating_and_correcting_stay_in_the_budget(phone: Phone, patient: Patient) -> None:
    found = []
    for size in (0, 200):
        write_many(phone, patient, size)
        entry, massage = f"entries/{new_id()}/", f"massages/{new_id()}/"
        writes = [(entry, ENTRY), (entry, WORSE), (entry, WORSE), (massage, MASSAGE)]
        found.append([queries_of(partial(phone.put, path, body)) for path, body in writes])
    assert found[0] == found[1]
    assert max(found[0]) <= BUDGET, found


def a_sync(number: int, known: list[str]) -> list[dict[str, Any]]:
    """Items of every sort: new, corrected, withdrawn, the same id often, and one unreadable."""
    often = new_id()
    items = [put(record_id, pain=9) for record_id in known[: number // 4]]
    items += [delete(record_id) for record_id in known[number // 4 :]]
    items += [put(often, pain=step % 11) for step in range(number // 4)]
    items += [put(of="massage"), put(pain=11, red_flags={"bowel": "new_or_worse"})]
    items += [put(red_flags={flag: "new_or_worse"}) for flag in RED_FLAGS]
    return items + [put() for _ in range(number - len(items))]


@pytest.mark.parametrize("key", [None, "k"])
def test_a_sync_asks_as_often_for_many_items_as_for_few(phone: Phone, key: str | None) -> None:
    found = []
    for size in (24, 1000):
        other = Phone.of(enrolled())
        known = [new_id() for _ in range(size // 2)]
        post(other, *map(put, known))
        items = a_sync(size, known)
        assert len(items) == size
        found.append(queries_of(partial(post, other, *items, key=key)))
    assert found[0] == found[1] <= SYNC_BUDGET, found


@pytest.mark.parametrize("size", [1, 1000])
def test_a_sync_of_new_entries_or_of_none_asks_little(phone: Phone, size: int) -> None:
    assert queries_of(partial(post, phone, *(put() for _ in range(size)))) <= 15
    assert queries_of(partial(post, phone)) <= 12


@pytest.mark.parametrize("path", ["entries/", "massages/", "alerts/?status=open", "devices/"])
def test_a_list_asks_as_often_for_many_rows_as_for_few(
    phone: Phone, patient: Patient, path: str
) -> None:
    counts = []
    for size in (1, 150):
        write_many(phone, patient, size)
        phone.post("massages/", MASSAGE)
        phone.put(f"devices/{new_id()}/", {"kind": "fcm", "token": new_id()})
        counts.append(queries_of(partial(phone.get, path)))
    assert counts[0] == counts[1] <= BUDGET
