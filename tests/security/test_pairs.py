"""Random pairs: whoever asks for whatever of whomever sees words of their own patients alone."""

import random
import re
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.utils import timezone

from alerts.models import Alert
from diary.models import CareRelationship, Entry, Patient, User
from tests.alerts.diaries import BLADDER, put_entry
from tests.counts import forget_counts
from tests.diary.admin import clinic, walk
from tests.phones import enrolled
from tests.security.cast import Visitor
from tests.security.declared import declared
from tests.security.routes import address, has_id, routes

PATIENTS, PHYSICIANS, REQUESTS = 40, 10, 200
# A patient's own words and ids, wherever they stand.
WORD = re.compile(rb"zq[0-9a-f]{12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
READABLE = [
    route for route in routes() if declared().get((route, "GET", "A")) == 200 and "api/v1/" in route
]


class Ward(NamedTuple):
    """Everybody, and whose each word and id is."""

    patients: dict[Any, Patient]
    physicians: list[User]
    own: dict[Any, set[Any]]  # of a physician, the patients
    owner: dict[bytes, Any]  # of a word or an id, the patient
    ids: dict[Any, dict[str, Any]]


@pytest.fixture
def ward(db: None, caplog: pytest.LogCaptureFixture) -> Ward:
    caplog.set_level("CRITICAL")
    chance = random.Random(5)
    physicians = [clinic.physician(f"Doctor{number}") for number in range(PHYSICIANS)]
    found = Ward({}, physicians, {user.pk: set() for user in physicians}, {}, {})
    for number in range(PATIENTS):
        _join(found, f"zq{chance.getrandbits(48):012x}", has_alert=number % 4 == 0)
    for patient in found.patients.values():
        for role, doctor in zip(("primary", "backup"), chance.sample(physicians, 2), strict=True):
            _care(found, patient, doctor, role, ended=role == "backup" and chance.random() < 0.5)
    return found


def _join(ward: Ward, word: str, *, has_alert: bool) -> None:
    patient = enrolled(f"{word}@patients.example", allergies=[word])
    User.objects.filter(pk=patient.user_id).update(name=word)
    flags: dict[str, Any] = {"red_flags": BLADDER} if has_alert else {}
    written = put_entry(patient, timezone.now(), pain=3, note=word, **flags)
    entry: Any = written.record
    alert = Alert.objects.filter(patient=patient).first()
    ids = {"entries": entry.record_id, "patient": patient.pk, "entry": entry.pk}
    ids |= {"alerts": alert.pk, "alert": alert.pk} if alert else {}
    ward.patients[patient.pk] = patient
    ward.ids[patient.pk] = ids
    for each in (word, *(i for i in ids.values() if i != entry.pk)):
        ward.owner[str(each).encode()] = patient.pk


def _care(ward: Ward, patient: Patient, doctor: User, role: str, *, ended: bool) -> None:
    began = timezone.now() - timedelta(days=9)
    over = began + timedelta(days=1) if ended else None
    CareRelationship.objects.create(
        patient=patient, physician=doctor, role=role, began_at=began, ended_at=over
    )
    if not ended:
        ward.own[doctor.pk].add(patient.pk)


def test_nobody_ever_sees_a_word_or_an_id_of_another(ward: Ward) -> None:
    chance, seen = random.Random(7), 0
    physicians = {user.pk: Visitor(user) for user in ward.physicians}
    patients = {pk: Visitor(patient.user) for pk, patient in ward.patients.items()}
    for number in range(REQUESTS):
        forget_counts()
        of_patients = number % 2 == 0
        asks, visitor = chance.choice(list((patients if of_patients else physicians).items()))
        entitled = {asks} if of_patients else ward.own[asks]
        about = chance.choice(list(entitled if number % 4 < 2 else ward.patients))
        where = (
            _of_the_api(chance, ward.ids[about])
            if of_patients
            else _of_the_pages(chance, ward, about)
        )
        found = _told(ward, visitor.send("GET", where).getvalue(), where)
        assert found <= entitled, where
        seen += len(found)
    assert seen > REQUESTS / 10  # own words were seen, so foreign ones would have been


def _told(ward: Ward, content: bytes, where: str) -> set[Any]:
    """The patients of whom something is said that the address did not say."""
    words = set(WORD.findall(content)) - set(WORD.findall(where.encode()))
    return {ward.owner[word] for word in words if word in ward.owner}


def _of_the_api(chance: random.Random, ids: dict[str, Any]) -> str:
    absent = {"entries": uuid4(), "massages": uuid4(), "alerts": uuid4(), "devices": uuid4()}
    return address(chance.choice(READABLE), {**absent, **ids})


def _of_the_pages(chance: random.Random, ward: Ward, about: Any) -> str:
    patient, ids = ward.patients[about], ward.ids[about]
    email = patient.user.email
    words = [email, email[:4], email[:14], str(about)]
    row = chance.choice([route for route in routes() if _names_a_row(route, ids)])
    return chance.choice(
        [
            chance.choice(list(walk.list_addresses(words))),
            chance.choice(list(walk.autocomplete_addresses(["", email[:3], email]))),
            address(row, ids),
            address(row, ids),
        ]
    )


def _names_a_row(route: str, ids: dict[str, Any]) -> bool:
    name = route.split("/")[2] if route.startswith("admin/") and has_id(route) else ""
    return name in ids


def test_the_words_are_there_to_be_seen(ward: Ward) -> None:
    assert (len(ward.patients), len(ward.physicians)) == (PATIENTS, PHYSICIANS)
    assert Entry.objects.count() == PATIENTS
    assert Alert.objects.exists()
    assert all(ward.own.values())
