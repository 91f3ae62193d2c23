"""Who read a record: each page and list of the staff is kept, and the patient can see it."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from django.contrib import admin
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alerts.models import Alert
from diary.accesses import record_export
from diary.admin.scoping import OwnPatients
from diary.models import AccessRecord, Patient, User
from diary.vocabulary import Accessed
from tests.diary.admin import clinic
from tests.diary.admin.walk import models
from tests.phones import Phone

Log = list[tuple[str, str, str]]


@pytest.fixture
def doctor(db: None) -> User:
    return clinic.physician("Ada")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return clinic.patient("Alva", doctor)


@pytest.fixture
def browser(doctor: User) -> Client:
    return clinic.browser(doctor)


def log_of(patient: Patient) -> Log:
    """The access log as the patient's phone shows it, newest first."""
    found = Phone.of(patient).get("me/access-log/").json()["results"]
    return [(access["by"], access["role"], access["what"]) for access in found]


def kept() -> list[str]:
    return list(AccessRecord.objects.order_by("at").values_list("what", flat=True))


def test_each_page_about_a_patient_is_kept_with_the_physicians_name(
    browser: Client, patient: Patient
) -> None:
    entry = clinic.wrote(patient, pain=3)
    alert = clinic.emergency(patient)
    massage = clinic.massaged(patient)
    pages = {
        "patient": ("diary_patient_change", patient),
        "patient_history": ("diary_patient_history", patient),
        "entry": ("diary_entry_change", entry),
        "entry_history": ("diary_entry_history", entry),
        "massage": ("diary_massage_change", massage),
        "massage_history": ("diary_massage_history", massage),
        "alert": ("alerts_alert_change", alert),
    }
    for name, row in pages.values():
        assert browser.get(reverse(f"admin:{name}", args=[row.pk])).status_code == 200
    assert log_of(patient) == [("Ada", "physician", what) for what in reversed(pages)]


def test_the_form_that_closes_an_alert_shows_it_too(browser: Client, patient: Patient) -> None:
    alert = clinic.emergency(patient)
    browser.get(reverse("admin:alerts_alert_close", args=[alert.pk]))
    assert kept() == ["alert"]


def test_a_list_counts_once_for_each_patient_on_it(
    browser: Client, doctor: User, patient: Patient
) -> None:
    other, elsewhere = clinic.patient("Bo", doctor), clinic.patient("Cy", None)
    for who in (patient, other, elsewhere):
        for hours in range(3):
            clinic.wrote(who, ago=timedelta(hours=hours), pain=3)
    browser.get("/admin/diary/entry/")
    assert log_of(patient) == log_of(other) == [("Ada", "physician", "entry_list")]
    assert log_of(elsewhere) == []
    browser.get(f"/admin/diary/entry/?patient={other.pk}")
    assert [len(log_of(who)) for who in (patient, other)] == [1, 2]


def test_every_list_with_rows_of_patients_is_kept(browser: Client, patient: Patient) -> None:
    clinic.unanswered_massage(patient)
    clinic.emergency(patient)
    names = {"patient", "entry", "massage", "alert"}
    for model in models():
        meta = model._meta
        if meta.model_name in names:
            browser.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))
    assert set(kept()) == {f"{name}_list" for name in names}


def test_every_page_that_shows_records_has_a_word_for_being_read() -> None:
    pages = [each for each in admin.site._registry.values() if isinstance(each, OwnPatients)]
    words_of = [
        {name, f"{name}_list", *([f"{name}_history"] if each.has_story else [])}
        for each in pages
        for name in [each.read_as or each.opts.model_name or ""]
    ]
    assert set.union(*words_of) == {*get_args(Accessed)} - {"export"}
    assert len(words_of) == len(pages) == 6


def test_an_escalation_is_kept_as_one(doctor: User, patient: Patient, browser: Client) -> None:
    alert = clinic.emergency(patient, ago=timedelta(hours=3))
    event = alert.events.create(
        patient=patient, kind="escalated", at=alert.opened_at, rule="R22", level=4
    )
    browser.get(reverse("admin:alerts_alertevent_changelist"))
    browser.get(reverse("admin:alerts_alertevent_change", args=[event.pk]))
    assert browser.get(f"/admin/alerts/alertevent/{event.pk}/history/").status_code == 404
    assert browser.get(f"/admin/alerts/alert/{alert.pk}/history/").status_code == 404
    assert kept() == ["escalation_list", "escalation"]


def test_an_operator_is_named_as_that_and_not_by_name(patient: Patient) -> None:
    operator = clinic.browser(clinic.superuser())
    operator.get(reverse("admin:diary_patient_change", args=[patient.pk]))
    assert log_of(patient) == [("the service's operator", "operator", "patient")]


def test_a_read_that_was_refused_is_none(patient: Patient) -> None:
    entry = clinic.wrote(patient, pain=3)
    for user in (clinic.physician("Ben"), None):
        stranger = clinic.browser(user)
        for address in (f"entry/{entry.pk}/change/", f"patient/{patient.pk}/change/", "entry/"):
            stranger.get(f"/admin/diary/{address}")
    assert kept() == []


def test_the_patient_reads_without_a_trace_and_sees_an_export(patient: Patient) -> None:
    phone = Phone.of(patient)
    for path in ("me/", "entries/", "alerts/", "summary/", "me/access-log/"):
        assert phone.get(path).status_code == 200
    assert kept() == []
    record_export(patient.pk, by=patient.user)
    assert log_of(patient) == [("you", "patient", "export")]


def test_nobody_sees_the_log_of_somebody_else(browser: Client, patient: Patient) -> None:
    browser.get(reverse("admin:diary_patient_change", args=[patient.pk]))
    assert log_of(clinic.patient("Bo", None)) == []
    assert Phone().get("me/access-log/").status_code == 401


def test_the_log_comes_in_pages_newest_first(browser: Client, patient: Patient) -> None:
    address = reverse("admin:diary_patient_change", args=[patient.pk])
    for _ in range(5):
        browser.get(address)
    phone = Phone.of(patient)
    first = phone.get("me/access-log/?limit=3").json()
    rest = phone.get(first["next"].partition("/api/v1/")[2]).json()
    times = [access["at"] for access in first["results"] + rest["results"]]
    assert len(times) == 5
    assert times == sorted(times, reverse=True)
    assert rest["next"] is None


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_is_kept_cannot_be_changed(browser: Client, patient: Patient, change: str) -> None:
    browser.get(reverse("admin:diary_patient_change", args=[patient.pk]))
    acts: dict[str, Any] = {
        "update": lambda: AccessRecord.objects.update(what="export"),
        "delete": lambda: AccessRecord.objects.all().delete(),
    }
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        acts[change]()
    assert kept() == ["patient"]


def test_a_page_and_a_list_cost_one_insert_whatever_their_size(
    browser: Client, doctor: User, patient: Patient
) -> None:
    entry = clinic.wrote(patient, pain=3)
    for more in (0, 6):
        for number in range(more):
            clinic.wrote(clinic.patient(f"More{number}", doctor), pain=3)
        for address in ("", f"{entry.pk}/change/"):
            with CaptureQueriesContext(connection) as captured:
                browser.get(f"/admin/diary/entry/{address}")
            inserts = [q["sql"] for q in captured if q["sql"].startswith("INSERT")]
            assert len(inserts) == 1
            assert "diary_accessrecord" in inserts[0]
    assert AccessRecord.objects.count() == 1 + 1 + 7 + 1


def test_the_log_takes_as_many_queries_whatever_its_size(browser: Client, patient: Patient) -> None:
    phone = Phone.of(patient)
    address = reverse("admin:diary_patient_change", args=[patient.pk])
    counts = []
    for more in (1, 9):
        for _ in range(more):
            browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert phone.get("me/access-log/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5


def test_an_empty_list_keeps_nothing(browser: Client) -> None:
    assert browser.get("/admin/diary/entry/").status_code == 200
    assert (kept(), Alert.objects.count()) == ([], 0)
