"""A physician sees the own patients and nobody else's, on every address that there is."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from diary.admin.pages import OperatorPages
from diary.admin.scoping import OwnPatients
from diary.models import CareRelationship, Patient, User
from tests.diary.admin import clinic, walk

pytestmark = pytest.mark.django_db
CANARIES = ["Bertacanary", "bertacanary@patients.example", "canarynote", "canaryproduct"]


class Wards(NamedTuple):
    """Two physicians with a patient each; only Berta's diary holds canaries."""

    anna: User
    ben: User
    alva: Patient
    berta: Patient


@pytest.fixture
def wards() -> Wards:
    anna, ben = clinic.physician("Anna"), clinic.physician("Ben")
    alva, berta = clinic.patient("Alva", anna), clinic.patient("Bertacanary", ben)
    for who, word in ((alva, "own"), (berta, "canary")):
        clinic.unanswered_massage(who)
        clinic.massaged(who, product=f"{word}product")
        clinic.emergency(who, note=f"{word}note")
        clinic.unreadable(who, note=f"{word}note")
    return Wards(anna, ben, alva, berta)


def rows_of(model: type[Model], patient: Patient) -> list[Any]:
    path = getattr(admin.site._registry[model], "patient_path", "patient")
    return list(model._default_manager.filter(**{path: patient.pk}).values_list("pk", flat=True))


def words_of(patient: Patient) -> list[str]:
    rows = [str(pk) for model in walk.models() for pk in rows_of(model, patient)]
    return [*CANARIES, *(row for row in rows if len(row) == 36)]


def test_every_registered_page_is_scoped_or_for_operators_only() -> None:
    loose = [
        pages
        for pages in admin.site._registry.values()
        if not isinstance(pages, OwnPatients | OperatorPages)
    ]
    assert loose == []


def test_no_list_search_filter_or_autocomplete_shows_a_foreign_patient(wards: Wards) -> None:
    browser, words = clinic.browser(wards.anna), words_of(wards.berta)
    searched = [CANARIES[0], CANARIES[1], str(wards.berta.pk)]
    addresses = [
        *walk.plain_addresses(),
        *walk.list_addresses(searched),
        *walk.autocomplete_addresses(searched[:1]),
    ]
    assert len(addresses) > 100
    for address in addresses:
        response = browser.get(address)
        body = response.content.decode()
        asked = {word for word in searched if word in address}
        assert response.status_code in (200, 302, 400, 403, 404), address
        assert [word for word in words if word in body and word not in asked] == [], address


def test_the_search_for_a_foreign_patient_answers_like_that_for_nobody(wards: Wards) -> None:
    browser = clinic.browser(wards.anna)
    for model in walk.models():
        for query in ("?q={}", "?patient={}"):
            bodies = [
                browser.get(address + query.format(word)).content.decode().replace(word, "")
                for address in walk.list_addresses([])
                if f"/{model._meta.model_name}/" in address and "?" not in address
                for word in (str(wards.berta.pk), str(walk.missing_pk(Patient)))
            ]
            assert [_without_tokens(body) for body in bodies[::2]] == [
                _without_tokens(body) for body in bodies[1::2]
            ]


def _without_tokens(body: str) -> list[str]:
    return [line for line in body.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_foreign_row_answers_like_one_that_never_was_on_every_address(wards: Wards) -> None:
    browser = clinic.browser(wards.anna)
    asked = 0
    for model in walk.models():
        for route in walk.row_routes(model):
            for pk in rows_of(model, wards.berta):
                foreign = walk.row_address(route, pk)
                missing = walk.row_address(route, walk.missing_pk(model))
                for method in (browser.get, browser.post):
                    _check_alike(method(foreign), method(missing), foreign)
                    asked += 1
    assert asked > 50


def _check_alike(foreign: Any, missing: Any, address: str) -> None:
    assert foreign.status_code == missing.status_code, address
    assert foreign.status_code in (302, 403, 404), address
    assert foreign.content == missing.content, address
    if foreign.status_code == 302:  # Django's own way from /<id>/ to /<id>/change/
        assert foreign["Location"].endswith("/change/"), address


def test_the_same_addresses_open_for_the_physician_of_the_patient(wards: Wards) -> None:
    browser = clinic.browser(wards.ben)
    for name in (
        *("diary_patient", "diary_entry", "diary_massage"),
        *("diary_rejecteditem", "alerts_alert"),
    ):
        model = next(
            m for m in walk.models() if f"{m._meta.app_label}_{m._meta.model_name}" == name
        )
        for pk in rows_of(model, wards.berta):
            response = browser.get(walk.row_address((f"{name}_change", "object_id"), pk))
            assert response.status_code == 200
            assert "Bertacanary" in response.content.decode()


def test_access_ends_in_the_moment_the_care_ends(wards: Wards) -> None:
    browser = clinic.browser(wards.ben)
    page = walk.row_address(("diary_patient_change", "object_id"), wards.berta.pk)
    assert browser.get(page).status_code == 200
    CareRelationship.objects.filter(patient=wards.berta).update(ended_at=timezone.now())
    assert browser.get(page).status_code == 404
    for address in walk.list_addresses([]):
        assert "Bertacanary" not in browser.get(address).content.decode()


def test_a_care_that_ended_long_ago_gives_nothing(wards: Wards) -> None:
    began = timezone.now() - timedelta(days=60)
    CareRelationship.objects.create(
        patient=wards.berta,
        physician=wards.anna,
        role="backup",
        began_at=began,
        ended_at=began + timedelta(days=1),
    )
    page = walk.row_address(("diary_patient_change", "object_id"), wards.berta.pk)
    assert clinic.browser(wards.anna).get(page).status_code == 404


def test_a_superuser_sees_all_patients_for_now(wards: Wards) -> None:
    body = clinic.browser(clinic.superuser()).get("/admin/diary/patient/").content.decode()
    assert "Alva" in body
    assert "Bertacanary" in body


@pytest.mark.parametrize("who", ["nobody", "patient", "staff without the group"])
def test_who_is_no_physician_gets_no_page(wards: Wards, who: str) -> None:
    users = {
        "nobody": None,
        "patient": wards.berta.user,
        "staff without the group": User.objects.create_user("s@x.example", is_staff=True),
    }
    browser: Client = clinic.browser(users[who])
    for address in [*walk.list_addresses([]), *_pages_of(wards.berta)]:
        response = browser.get(address)
        assert response.status_code in (302, 403), address
        assert "Bertacanary" not in response.content.decode()
        assert response.status_code == 403 or response["Location"].startswith("/admin/login/")


def _pages_of(patient: Patient) -> list[str]:
    return [
        walk.row_address(route, pk)
        for model in walk.models()
        for route in walk.row_routes(model)
        if route[0].endswith(("change", "history", "delete"))
        for pk in rows_of(model, patient)
    ]


def test_service_pages_are_for_superusers_only(wards: Wards) -> None:
    operator = clinic.superuser()
    for name in ("incident", "watch", "delivery"):
        address = f"/admin/alerts/{name}/"
        assert clinic.browser(wards.ben).get(address).status_code == 403
        assert clinic.browser(operator).get(address).status_code == 200


def test_the_service_shows_one_row_without_a_name_or_an_address(wards: Wards) -> None:
    operator = clinic.browser(clinic.superuser())
    for name in ("watch", "delivery"):
        model = next(model for model in walk.models() if model._meta.model_name == name)
        for pk in rows_of(model, wards.berta):
            page = walk.row_address((f"alerts_{name}_change", "object_id"), pk)
            response = operator.get(page)
            assert response.status_code == 200
            assert "bertacanary" not in response.content.decode().lower()
