"""Patient B at every address of patient A: B learns nothing, and nothing of A's changes.

The addresses come from the URL resolver. One that is not declared here fails, so that a new one
gets its line, and with it this test.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, get_resolver

from alerts.models import Alert
from diary.models import Patient
from tests.diary.bodies import ENTRY, FULL_ENTRY, FULL_MASSAGE, MASSAGE
from tests.phones import Phone, enrolled

METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE")
DEVICE = {"kind": "fcm", "token": "the-token-of-a-phone"}
# For each address: the method's body, and what it answers B. 404 is the same 404 as for an id
# that nobody has; 405 stands for every method that is not named.
OWN = "B's own"  # the address has no id in it, or an id is B's to use: B sees and makes B's rows
NOT_FOUND = "not found"
ADDRESSES: dict[str, dict[str, tuple[Any, str]]] = {
    "entries/": {"GET": (None, OWN), "POST": (ENTRY, OWN)},
    "entries/<id:record_id>/": {
        "GET": (None, NOT_FOUND),
        "DELETE": (None, NOT_FOUND),
        "PUT": (ENTRY, OWN),
    },
    "entries/<id:record_id>/history/": {"GET": (None, NOT_FOUND)},
    "massages/": {"GET": (None, OWN), "POST": (MASSAGE, OWN)},
    "massages/<id:record_id>/": {
        "GET": (None, NOT_FOUND),
        "DELETE": (None, NOT_FOUND),
        "PUT": (MASSAGE, OWN),
    },
    "massages/<id:record_id>/history/": {"GET": (None, NOT_FOUND)},
    "massages/<id:record_id>/response/": {"GET": (None, NOT_FOUND)},
    "clearance/": {"GET": (None, OWN), "POST": (MASSAGE, OWN)},
    "me/": {"GET": (None, OWN), "PATCH": ({"locale": "en"}, OWN), "DELETE": (None, OWN)},
    "export/": {"GET": (None, OWN)},
    "me/consents/": {"GET": (None, OWN), "POST": ({"version": "0"}, OWN), "DELETE": (None, OWN)},
    "alerts/": {"GET": (None, OWN)},
    "alerts/<id:alert_id>/": {"GET": (None, NOT_FOUND)},
    "alerts/<id:alert_id>/acknowledge/": {"POST": (None, NOT_FOUND)},
    "alerts/<id:alert_id>/receipt/": {"POST": ({"event": "displayed"}, NOT_FOUND)},
    "devices/": {"GET": (None, OWN)},
    "devices/<id:device_id>/": {
        "GET": (None, NOT_FOUND),
        "DELETE": (None, NOT_FOUND),
        "PUT": (DEVICE, OWN),
    },
    "push-key/": {"GET": (None, OWN)},
}
CANARY = "canary-of-patient-a"


def addresses() -> Iterator[str]:
    """Every address below /api/v1/, as the resolver has it."""
    for included in get_resolver().url_patterns:
        if not isinstance(included, URLPattern) and str(included.pattern) == "api/v1/":
            yield from (str(found.pattern) for found in included.url_patterns)


def test_every_address_is_declared() -> None:
    assert sorted(addresses()) == sorted(ADDRESSES)


@pytest.fixture
def ids_of_a(patient: Patient, phone: Phone) -> dict[str, str]:
    """The ids of a patient who has one of everything."""
    ids = {name: str(uuid4()) for name in ("entry", "massage", "device_id")}
    red_flag = {**FULL_ENTRY, "note": CANARY, "red_flags": {"bladder": "new_or_worse"}}
    entry = phone.put(f"entries/{ids['entry']}/", red_flag)
    massage = phone.put(f"massages/{ids['massage']}/", {**FULL_MASSAGE, "note": CANARY})
    device = phone.put(f"devices/{ids['device_id']}/", {**DEVICE, "token": CANARY, "name": CANARY})
    assert {a.status_code for a in (entry, massage, device)} == {201}
    phone.patch("me/", {"allergies": [CANARY]})
    return {**ids, "alert_id": str(Alert.objects.filter(patient=patient)[0].pk)}


def id_in(address: str, ids: dict[str, str]) -> str | None:
    if "record_id" in address:
        return ids["entry" if address.startswith("entries") else "massage"]
    return next((ids[name] for name in ids if f":{name}>" in address), None)


def filled(address: str, value: str | None) -> str:
    head, bracket, tail = address.partition("<")
    return f"{head}{value}{tail.partition('>')[2]}" if bracket else address


def rows_of(patient: Patient) -> dict[str, Any]:
    """A digest of everything that belongs to one patient, by table."""
    digests = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            names = {field.column for field in model._meta.local_fields}
            column = "patient_id" if "patient_id" in names else "id"
            if column == "patient_id" or model is Patient:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) "
                    f"FROM {table} t WHERE {column} = %s",
                    [patient.pk],
                )
                digests[table] = cursor.fetchone()
    return digests


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_finds_nothing_and_changes_nothing(
    patient: Patient, ids_of_a: dict[str, str], address: str
) -> None:
    stranger = Phone.of(enrolled())
    path = filled(address, id_in(address, ids_of_a))
    nowhere = filled(address, str(uuid4()))
    before = rows_of(patient)
    assert sum(count for count, _ in before.values()) > 8
    for method in METHODS:
        body, expected = ADDRESSES[address].get(method, (None, "not allowed"))
        if method == "HEAD" and "GET" in ADDRESSES[address]:
            expected = ADDRESSES[address]["GET"][1]
        answer = stranger.send(method, path, body)
        assert CANARY.encode() not in answer.getvalue()
        assert rows_of(patient) == before, method
        if expected == NOT_FOUND:
            other = stranger.send(method, nowhere, body)
            assert answer.status_code == other.status_code == 404, method
            assert answer.getvalue() == other.content
            assert answer.headers.keys() == other.headers.keys()
        elif expected == OWN:
            assert answer.status_code in {200, 201, 204, 400, 403}, (method, answer.getvalue())
        else:
            assert answer.status_code == 405, method


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_token_every_method_is_a_401(db: None, address: str) -> None:
    nobody, path = Phone(), filled(address, str(uuid4()))
    for method in METHODS:
        body = ADDRESSES[address].get(method, (None, ""))[0]
        assert nobody.send(method, path, body).status_code == 401, method
