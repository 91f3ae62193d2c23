"""The queue: what waits for a physician, in the order in which it must be looked at."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import acts
from alerts.models import Alert, Level
from diary.models import Patient, User
from tests.diary.admin import clinic

pytestmark = pytest.mark.django_db
QUEUE = "/admin/alerts/alert/"


@pytest.fixture
def doctor() -> User:
    return clinic.physician("Anna")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return clinic.patient("Alva", doctor)


def rows(body: str) -> list[str]:
    """The rows of a list as one line of text each."""
    found = re.findall(r'<tr class="data-row.*?</tr>', body, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def shown(who: User, address: str = QUEUE) -> list[str]:
    return rows(clinic.browser(who).get(address).content.decode())


def many_alerts(patient: Patient, count: int) -> None:
    """Rows, because no diary opens a thousand alerts."""
    now = timezone.now()
    Alert.objects.bulk_create(
        Alert(
            patient=patient,
            rule="R08",
            rule_version="1.0.0",
            subject=uuid4(),
            level=2,
            text_key="hold.pain_over_24h",
            text_version=1,
            onset_at=now,
            opened_at=now,
            told_at=now,
            clinic_told_at=now,
            evidence=[],
            parameters={},
        )
        for _ in range(count)
    )


def test_the_highest_level_comes_first_and_then_the_longest_wait(doctor: User) -> None:
    waits = {"Dora": 1, "Edda": 30, "Finn": 5}
    for name, hours in waits.items():
        clinic.emergency(clinic.patient(name, doctor), ago=timedelta(hours=hours))
    held = clinic.patient("Gunn", doctor)
    clinic.wrote(held, ago=timedelta(days=4), pain=3)
    clinic.massaged(held, ago=timedelta(days=3), pain_before=3)
    clinic.wrote(held, ago=timedelta(days=1, hours=18), pain=7)
    found = [next(name for name in [*waits, "Gunn"] if name in row) for row in shown(doctor)]
    assert found == ["Edda", "Finn", "Dora", "Gunn"]


def test_a_row_says_level_patient_text_reason_wait_and_who_has_seen_it(
    doctor: User, patient: Patient
) -> None:
    clinic.emergency(patient, ago=timedelta(hours=26, minutes=30))
    (row,) = shown(doctor)
    for part in ("Emergency 4", "Alva", "Go to emergency care now", "trouble with your bladder"):
        assert part in row
    assert "1 day 2 hours" in row
    assert re.search(r"opened \d{4}-\d\d-\d\d \d\d:\d\d UTC no no Acknowledge Close", row)


def test_a_row_says_when_patient_and_clinic_have_seen_it(doctor: User, patient: Patient) -> None:
    alert = clinic.emergency(patient)
    acts.acknowledge(alert_id=alert.pk, patient_id=patient.pk, by=patient.user)
    acts.see(alert_id=alert.pk, patient_id=patient.pk, by=doctor)
    (row,) = shown(doctor)
    assert len(re.findall(r"\d\d:\d\d UTC", row)) == 3
    assert "Acknowledge" not in row


def test_an_ended_alert_leaves_the_queue_and_can_be_asked_for(
    doctor: User, patient: Patient
) -> None:
    alert = clinic.emergency(patient)
    acts.close(alert_id=alert.pk, patient_id=patient.pk, by=doctor, reason="examined")
    assert shown(doctor) == []
    assert (
        len(shown(doctor, f"{QUEUE}?state=ended")) == len(shown(doctor, f"{QUEUE}?state=all")) == 1
    )


def test_every_level_has_a_word_so_that_colour_is_never_alone(
    doctor: User, patient: Patient
) -> None:
    alert = clinic.emergency(patient)
    for level in Level:
        Alert.objects.filter(pk=alert.pk).update(level=level)
        assert f"{level.label} {level.value}" in shown(doctor)[0]


def test_an_alert_whose_text_is_gone_is_still_shown(doctor: User, patient: Patient) -> None:
    alert = clinic.emergency(patient)
    Alert.objects.filter(pk=alert.pk).update(text_key="emergency.of_old")
    assert "emergency.of_old" in shown(doctor)[0]
    assert clinic.browser(doctor).get(f"{QUEUE}{alert.pk}/change/").status_code == 200


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?next=/admin/"])
def test_the_first_page_after_log_in_is_the_queue(
    doctor: User, patient: Patient, address: str
) -> None:
    clinic.emergency(patient)
    client = Client(enforce_csrf_checks=True)
    token = client.get(address).context["csrf_token"]
    said = {"username": doctor.email, "password": clinic.PASSWORD, "csrfmiddlewaretoken": token}
    response = client.post(address, said, follow=True)
    assert response.redirect_chain[-1][0] == QUEUE
    assert "Alva" in response.content.decode()


def test_a_wrong_password_does_not_log_in(doctor: User) -> None:
    said = {"username": doctor.email, "password": "another-fictional-one"}
    assert Client().post("/admin/login/", said).status_code == 200
    assert Client().get(QUEUE).status_code == 302


def test_the_sidebar_counts_what_waits_for_this_physician_only(
    doctor: User, patient: Patient
) -> None:
    clinic.emergency(patient)
    many_alerts(clinic.patient("Bo", clinic.physician("Ben")), 41)
    body = clinic.browser(doctor).get("/admin/diary/patient/").content.decode()
    badges = re.findall(r"min-w-\[18px\].*?>\s*(\d+)\s*<", body, flags=re.DOTALL)
    assert badges == ["1"]


@pytest.mark.parametrize("who", ["physician", "superuser"])
def test_the_queries_of_a_page_do_not_grow_with_the_alerts(
    doctor: User, patient: Patient, who: str
) -> None:
    browser = clinic.browser(doctor if who == "physician" else clinic.superuser())
    counts = []
    for more in (3, 997):
        many_alerts(patient, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body = browser.get(QUEUE).content.decode()
        counts.append(len(queries))
        assert len(rows(body)) == min(Alert.objects.count(), 50)
    assert counts[0] == counts[1] <= 25


def test_the_queries_of_the_other_lists_and_pages_do_not_grow(doctor: User) -> None:
    def queries() -> list[int]:
        found = []
        browser = clinic.browser(doctor)
        entry = first.entry_set.order_by("pk")[0]
        addresses = ["patient/", "entry/", "massage/", f"patient/{first.pk}/change/"]
        for address in [*addresses, f"entry/{entry.pk}/change/", f"entry/{entry.pk}/history/"]:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(f"/admin/diary/{address}").status_code == 200
            found.append(len(captured))
        return found

    def fill(who: Patient, entries: int) -> None:
        for hours in range(entries):
            clinic.wrote(who, ago=timedelta(hours=hours), pain=3, red_flags={"bladder": "no"})
        clinic.massaged(who)
        clinic.emergency(who)

    first = clinic.patient("Alva", doctor)
    fill(first, 1)
    few = queries()
    fill(first, 12)
    fill(clinic.patient("Bo", doctor), 5)
    assert queries() == few
    assert max(few) <= 25
