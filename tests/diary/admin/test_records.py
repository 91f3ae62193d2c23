"""The pages of entries, massages and patients: read-only, escaped, with zone and versions."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from diary.drafts import EntryDraft
from diary.models import Entry, Massage, Patient, User
from diary.services import records
from tests.diary.admin import clinic, walk

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'</textarea><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "</bdi><b>bold</b>",
    "javascript:alert(1)",
]


@pytest.fixture
def doctor() -> User:
    return clinic.physician("Anna")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return clinic.patient("Alva", doctor)


def page(row: Entry | Massage | Patient, kind: str = "change") -> str:
    name = f"{row._meta.app_label}_{row._meta.model_name}_{kind}"
    return walk.row_address((name, "object_id"), row.pk)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_patient_typed_is_text_on_every_page(
    doctor: User, patient: Patient, payload: str
) -> None:
    patient.user.name = payload
    patient.user.save(update_fields=["name"])
    entry = clinic.wrote(patient, pain=3, note=payload, **clinic.RED_FLAG)
    massage = clinic.massaged(patient, note=payload, product=payload)
    browser = clinic.browser(doctor)
    pages = [page(row, kind) for row in (entry, massage, patient) for kind in ("change", "history")]
    alert = patient.alerts.get(rule="R01")
    pages += [f"/admin/alerts/alert/{alert.pk}/{kind}/" for kind in ("change", "close")]
    for address in [*pages, *walk.list_addresses([])]:
        body = browser.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert "<img src=x" not in body, address
        assert "<svg onload" not in body, address
        assert "<b>bold</b>" not in body, address
        assert 'href="javascript:' not in body, address
        assert "14{" not in body, address


def test_a_note_keeps_its_lines_and_its_direction_to_itself(doctor: User, patient: Patient) -> None:
    entry = clinic.wrote(patient, pain=3, note="first\nsecond \u202e back")
    body = clinic.browser(doctor).get(page(entry)).content.decode()
    assert '<bdi class="said">first\nsecond \u202e back</bdi>' in body


def test_times_are_shown_on_the_clock_of_the_patient_with_its_zone(doctor: User) -> None:
    patient = clinic.patient("Noor", doctor, zone="Asia/Kathmandu")
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    body = {"id": str(uuid4()), "symptom_at": at.isoformat(), "pain": 3}
    records.put(patient_id=patient.pk, draft=EntryDraft.parse(body, uuids=True), at=at)
    browser = clinic.browser(doctor)
    for address in ("/admin/diary/entry/", page(Entry.objects.get(patient=patient))):
        shown = browser.get(address).content.decode()
        assert "2026-03-02 05:15 Asia/Kathmandu" in shown
        assert "2026-03-01 23:30 UTC" in shown


def test_an_unanswered_question_is_shown_as_unanswered_and_not_as_no(
    doctor: User, patient: Patient
) -> None:
    entry = clinic.wrote(patient, pain=3, red_flags={"bladder": "unknown", "bowel": "no"})
    body = clinic.browser(doctor).get(page(entry)).content.decode()
    answered, unanswered = body.split("Not answered")
    assert "red flags bladder" in answered
    assert "red flags saddle numbness" in unanswered
    assert "red flags bladder" not in unanswered


def test_the_history_says_who_changed_what_and_when(doctor: User, patient: Patient) -> None:
    entry = clinic.wrote(patient, ago=timedelta(hours=2), pain=3, note="old words")
    body = {"id": str(entry.record_id), "symptom_at": entry.symptom_at.isoformat(), "pain": 7}
    clinic.put(patient, EntryDraft.parse(body, uuids=True))
    records.withdraw(kind=Entry, patient_id=patient.pk, record_id=entry.record_id)
    shown = clinic.browser(doctor).get(page(entry, "history")).content.decode()
    assert "pain: 3 → 7" in shown
    assert 'note: <bdi class="said">old words</bdi> → not answered' in shown
    assert shown.index("withdrawn") < shown.index("pain: 3 → 7") < shown.index("first sent")
    assert "patient" in shown


def test_a_withdrawn_entry_is_marked_and_not_hidden(doctor: User, patient: Patient) -> None:
    entry = clinic.wrote(patient, pain=3)
    records.withdraw(kind=Entry, patient_id=patient.pk, record_id=entry.record_id)
    assert (
        "version 2, withdrawn" in clinic.browser(doctor).get("/admin/diary/entry/").content.decode()
    )


@pytest.mark.parametrize("who", ["physician", "superuser"])
def test_nobody_adds_changes_or_deletes(doctor: User, patient: Patient, who: str) -> None:
    entry, massage = clinic.wrote(patient, pain=3), clinic.massaged(patient)
    browser = clinic.browser(doctor if who == "physician" else clinic.superuser())
    for row in (entry, massage, patient):
        add = f"/admin/diary/{row._meta.model_name}/add/"
        assert browser.get(add).status_code == browser.post(add, {"pain": 1}).status_code == 403
        assert browser.post(page(row), {"pain": 1, "note": "x"}).status_code == 403
        assert browser.get(page(row, "delete")).status_code == 403
        assert browser.post(page(row, "delete"), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        browser.post(f"/admin/diary/{row._meta.model_name}/", chosen)
    entry.refresh_from_db()
    assert (entry.pain, entry.version) == (3, 1)
    assert Massage.objects.filter(pk=massage.pk).exists()


def test_the_profile_shows_its_dated_changes(doctor: User, patient: Patient) -> None:
    body = clinic.browser(doctor).get(page(patient, "history")).content.decode()
    assert "phase: chronic" in body
    assert "enrolment" in body


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=%5C%27%22%25_", "?patient=%00", "?p=999", "?all=x"]
)
def test_an_odd_query_never_breaks_a_list(doctor: User, patient: Patient, query: str) -> None:
    clinic.wrote(patient, pain=3)
    for address in walk.list_addresses([]):
        if "?" not in address:
            assert clinic.browser(doctor).get(address + query).status_code in (200, 302, 403)


def test_what_could_not_be_read_is_shown_as_it_came(doctor: User, patient: Patient) -> None:
    row = clinic.unreadable(patient, note="<script>alert(1)</script>")
    listed = clinic.browser(doctor).get("/admin/diary/rejecteditem/").content.decode()
    assert "/data/pain max_value" in listed
    shown = clinic.browser(doctor).get(f"/admin/diary/rejecteditem/{row.pk}/change/")
    page = shown.content.decode()
    assert "At most 10." in page
    assert "&lt;script&gt;" in page
    assert "<script>alert(1)" not in page
