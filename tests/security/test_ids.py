"""Ids tell nothing and open nothing: random, of no order, and of one type."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db.models import UUIDField

from alerts.models import Alert, PushDevice
from diary.models import Patient
from tests.alerts.diaries import BLADDER
from tests.phones import Phone, enrolled
from tests.security.bodies import BODIES, DEVICE

OURS = ("diary", "alerts")
UNSEEN = {"DeliveryAttempt"}  # made of the token of a lease, which is random


def test_every_id_that_anybody_sees_is_random() -> None:
    keys = [
        model._meta.pk
        for model in apps.get_models()
        if model._meta.app_label in OURS and isinstance(model._meta.pk, UUIDField)
    ]
    assert {key.model for key in keys} >= {Patient, Alert}
    assert {key.model.__name__ for key in keys if key.default is not uuid4} == UNSEEN


@pytest.mark.django_db
def test_an_id_made_by_the_server_is_of_version_4_and_in_no_order() -> None:
    phone, ids = Phone.of(enrolled()), []
    for _ in range(40):
        answer = phone.post("entries/", BODIES["POST", "api/v1/entries/"])
        ids.append(UUID(answer.json()["id"]))
    assert {(each.version, each.variant) for each in ids} == {(4, "specified in RFC 4122")}
    rises = sum(one < two for one, two in pairwise(ids))
    assert 8 < rises < 31  # of 39; random ones leave this range once in 10,000 runs


def test_ten_thousand_ids_have_no_bias() -> None:
    """Chi-squared over the first byte, which is random: 255 degrees of freedom, p > 0.0001."""
    made = [uuid4() for _ in range(10_000)]
    seen = [0] * 256
    for each in made:
        seen[each.bytes[0]] += 1
    expected = len(made) / 256
    assert sum((count - expected) ** 2 / expected for count in seen) < 350


@pytest.mark.django_db
def test_no_number_of_a_row_is_shown_to_a_patient() -> None:
    """What PostgreSQL counts would tell how many others there are."""
    phone = Phone.of(enrolled())
    phone.post("entries/", {**BODIES["POST", "api/v1/entries/"], "red_flags": BLADDER})
    phone.put(f"devices/{uuid4()}/", DEVICE)
    for path in ("entries/", "alerts/", "devices/", "me/access-log/"):
        for row in phone.get(path).json()["results"]:
            assert not isinstance(row.get("id"), int), path
            assert row.keys().isdisjoint({"pk", "position", "patient", "patient_id"}), path
    assert PushDevice.objects.exists()
