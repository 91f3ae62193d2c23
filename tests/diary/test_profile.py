"""The patient's own profile: what may be changed, and what only a physician sets."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.accounts import enrol_physician
from diary.models import CareRelationship, CareRole, Consent, Patient, ProfileChange
from tests.phones import PASSWORD, Phone, enrolled, errors_of

APPROVAL: dict[str, Any] = {"status": "patient_reported"}


@pytest.fixture
def patient(db: None) -> Patient:
    """Enrolled, and nothing said of the profile yet."""
    return enrolled()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Asia/Kathmandu"),
        ("locale", "zh-Hans-CN"),
        ("reminder_hour", 0),
        ("reminder_hour", 23),
        ("quiet_hours", "23:59-00:00"),
        ("notifications", {"push": False, "email": True}),
        ("region", "cervical"),
        ("onset_on", "2026-02-28"),
        ("trauma_on", "2024-02-29"),
        ("contraindications", ["tumour", "other_spinal"]),
        ("allergies", ["arnica", "x" * 200]),
        ("doctor_approval", APPROVAL),
    ],
)
def test_what_the_patient_sets_comes_back_and_is_kept(
    phone: Phone, patient: Patient, name: str, value: Any
) -> None:
    before = phone.get("me/").json()
    assert phone.patch("me/", {name: value}).json() == {**before, name: value}
    assert phone.get("me/").json()[name] == value
    change = ProfileChange.objects.get(patient=patient)
    assert (change.by, change.fields) == (patient.user, {name: value})
    phone.patch("me/", {name: None})
    # Days need a zone, so it is the one thing that cannot be taken back.
    kept = {name: value} if name == "timezone" else {}
    assert phone.get("me/").json() == {**before, **kept}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        *(
            ({name: None}, f"/{name}", "read_only")
            for name in ("phase", "severity", "plan_override", "longstanding_flags", "physicians")
        ),
        ({"doctor_approval": {"status": "physician_confirmed"}}, "/doctor_approval", "read_only"),
        ({"doctor_approval": {"status": "none"}}, "/doctor_approval", "read_only"),
        ({"doctor_approval": {}}, "/doctor_approval", "read_only"),
        *(
            ({"doctor_approval": {**APPROVAL, name: value}}, "/doctor_approval", "read_only")
            for name, value in (("allow_acute", True), ("expires_on", "2027-01-31"))
        ),
        ({"doctor_approval": []}, "/doctor_approval", "not_an_object"),
        ({"timezone": "Mars/Base"}, "/timezone", "unknown_timezone"),
        ({"timezone": "../../etc/passwd"}, "/timezone", "unknown_timezone"),
        ({"locale": "../en"}, "/locale", "invalid_format"),
        ({"locale": "en" + "-abcdefgh" * 4}, "/locale", "max_length"),
        ({"reminder_hour": 24}, "/reminder_hour", "max_value"),
        ({"reminder_hour": -1}, "/reminder_hour", "min_value"),
        ({"reminder_hour": "7"}, "/reminder_hour", "invalid_type"),
        ({"quiet_hours": "24:00-08:00"}, "/quiet_hours", "invalid_format"),
        ({"quiet_hours": "21:00-08:00\n"}, "/quiet_hours", "invalid_format"),
        ({"notifications": {"push": False}}, "/notifications/email", "required"),
        ({"notifications": {"push": 0, "email": True}}, "/notifications/push", "invalid_type"),
        (
            {"notifications": {"push": True, "email": True, "sms": True}},
            "/notifications/sms",
            "unknown_field",
        ),
        ({"notifications": True}, "/notifications", "not_an_object"),
        ({"region": "knee"}, "/region", "invalid_choice"),
        ({"onset_on": "2026-02-30"}, "/onset_on", "invalid_date"),
        ({"onset_on": "2026-02-01T00:00:00Z"}, "/onset_on", "invalid_date"),
        ({"contraindications": ["age"]}, "/contraindications/0", "invalid_choice"),
        ({"contraindications": ["tumour"] * 51}, "/contraindications", "max_items"),
        ({"allergies": ["x" * 201]}, "/allergies/0", "max_length"),
        ({"id": "x"}, "/id", "unknown_field"),
        ({"is_staff": True}, "/is_staff", "unknown_field"),
        ([], "", "not_an_object"),
    ],
)
def test_what_the_patient_may_not_or_cannot_set_is_refused(
    phone: Phone, body: Any, pointer: str, code: str
) -> None:
    before = phone.get("me/").json()
    assert errors_of(phone.patch("me/", body)) == {(pointer, code)}
    assert phone.get("me/").json() == before
    assert not ProfileChange.objects.exists()


def test_the_profile_names_the_physicians_of_now(phone: Phone, patient: Patient) -> None:
    for email, role, over in (("a@x.org", "primary", False), ("b@x.org", "backup", True)):
        physician = enrol_physician(email=email, name=f"Dr. {role}", password=PASSWORD)
        CareRelationship.objects.create(
            patient=patient,
            physician=physician,
            role=CareRole(role),
            began_at=patient.created_at,
            ended_at=patient.created_at if over else None,
        )
    shown = [{"name": "Dr. primary", "role": "primary"}]
    assert phone.get("me/").json()["physicians"] == shown


@pytest.mark.parametrize("path", ["me/", "me/consents/"])
def test_the_queries_are_as_many_however_long_the_story(
    phone: Phone, patient: Patient, path: str
) -> None:
    counts, began = [], patient.created_at
    for number in (1, 9):
        for each in range(number):
            doctor = enrol_physician(email=f"{number}.{each}@x.org", name="", password=PASSWORD)
            care = {"patient": patient, "role": CareRole.BACKUP, "began_at": began}
            CareRelationship.objects.create(physician=doctor, **care)
            given = {"given_at": began, "withdrawn_at": began}
            Consent.objects.create(patient=patient, version="old", **given)
            phone.patch("me/", {"reminder_hour": each})
        with CaptureQueriesContext(connection) as captured:
            assert phone.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5
