"""Everything of a patient is put back with the patient's clock, and nothing of anybody else."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import models, transaction

from alerts.models import AlertEvent
from config import sandbox_shift
from config.sandbox_shift import earlier
from diary import belongings
from diary.locking import database_now
from diary.models import Entry, Patient, ProfileChange
from diary.services import profile
from tests import everything
from tests.alerts.diaries import new_physician, put_entry
from tests.phones import Phone

pytestmark = pytest.mark.django_db(transaction=True)


def columns(*kinds: type[models.Field]) -> Iterator[str]:  # type: ignore[type-arg]  # not subscriptable at run time
    for table in belongings.everything():
        for field in table._meta.concrete_fields:
            if isinstance(field, kinds):
                yield f"{table._meta.label}.{field.name}"


def test_no_column_that_can_hold_a_time_is_forgotten() -> None:
    """A new one must be moved, or be named with the reason why it stays."""
    of_patients = {table._meta.label for table in sandbox_shift.tables()}
    moved = {
        f"{table._meta.label}.{name}"
        for table in sandbox_shift.tables()
        for kind in (models.DateField, models.JSONField)
        for name in sandbox_shift.moved(table, kind)
    }
    can_hold = (models.DateField, models.TimeField, models.JSONField, models.BinaryField)
    for column in columns(*can_hold):
        known = column in moved or column in sandbox_shift.STAYS
        assert known or column.rpartition(".")[0] not in of_patients, column
    assert not moved & sandbox_shift.STAYS.keys()
    left = {table._meta.label for table in belongings.everything()} - of_patients
    assert left == {
        "account.EmailAddress",
        "account.EmailConfirmation",
        "admin.LogEntry",
        "diary.User",
        "diary.User_groups",
        "diary.User_user_permissions",
        "mfa.Authenticator",
        "usersessions.UserSession",
    }, sandbox_shift.ACCOUNT


def times_of(patient: Patient) -> dict[str, Any]:
    """Every time and date of a patient, by table, row and column; JSON as it is."""
    found = {}
    for table in sandbox_shift.tables():
        for row in everything.rows_of(table, patient):
            for field in table._meta.concrete_fields:
                if isinstance(field, (models.DateField, models.JSONField)):
                    name = f"{table._meta.label}.{field.name} {row.pk}"
                    found[name] = getattr(row, field.attname)
    return found


def test_everything_is_put_back_alike_and_nobody_else_moves() -> None:
    doctor, by, days = new_physician(), timedelta(hours=26, microseconds=7), 1
    patient, other = everything.lived("zqmoved", doctor), everything.lived("zqother", doctor)
    fields = {"trauma_on": date(2026, 1, 2), "doctor_approval": {"expires_on": date(2027, 3, 1)}}
    profile.change(patient_id=patient.pk, fields=fields, by=doctor)
    before, of_other = times_of(patient), times_of(other)
    seen = {table._meta.label for table in sandbox_shift.tables()}

    put_back(patient, by=by, days=days)

    after = times_of(patient)
    assert {name.split()[0].rpartition(".")[0] for name in before} == seen
    assert before.keys() == after.keys(), "no version was made by moving one"
    for name, was in before.items():
        stays = name.split()[0] in sandbox_shift.STAYS
        assert after[name] == (was if stays else as_it_was_before(was, by, days)), name
    assert times_of(other) == of_other
    patient.refresh_from_db()
    assert patient.trauma_on == date(2026, 1, 1)
    newest = ProfileChange.objects.filter(patient=patient).latest("pk").fields
    assert newest == {"trauma_on": "2026-01-01", "doctor_approval": {"expires_on": "2027-02-28"}}


def put_back(patient: Patient, *, by: timedelta, days: int) -> None:
    with transaction.atomic():
        sandbox_shift.put_back(patient, by, days)


def as_it_was_before(was: Any, by: timedelta, days: int) -> Any:
    if isinstance(was, datetime):
        return was - by
    if isinstance(was, date):
        return was - timedelta(days=days)
    return earlier(was, by, days)


def test_times_in_json_are_known_by_their_form() -> None:
    said = {
        "at": "2026-11-22T10:00:00+01:00",
        "window": ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.250000+00:00"],
        "on": "2026-11-22",
        "note": "on 2026-11-22 it rained",
        "remembered": "reminder 2026-11-22",
        "value": 7,
        "none": None,
    }
    assert earlier(said, timedelta(hours=26), 1) == {
        "at": "2026-11-21T08:00:00+01:00",
        "window": ["2026-11-21T08:00:00+00:00", "2026-11-21T08:00:00.250000+00:00"],
        "on": "2026-11-21",
        "note": "on 2026-11-22 it rained",
        "remembered": "reminder 2026-11-21",
        "value": 7,
        "none": None,
    }


def test_a_reminder_a_day_does_not_run_into_that_of_the_day_before(patient: Patient) -> None:
    """Moved by the very distance of two rows that may not be alike."""
    now = database_now()
    for day in range(3):
        AlertEvent.objects.create(
            patient=patient, kind="reminder", at=now - timedelta(days=day), rule="R21", level=0
        )
    put_back(patient, by=timedelta(days=1), days=1)
    moved = AlertEvent.objects.filter(patient=patient).values_list("at", flat=True)
    assert set(moved) == {now - timedelta(days=day) for day in (1, 2, 3)}


def test_a_phone_is_told_of_what_was_moved(patient: Patient) -> None:
    phone = Phone.of(patient)
    put_entry(patient, database_now(), pain=3)
    was = Entry.objects.get().symptom_at
    cursor = phone.post("sync/", {"since": None, "changes": []}).json()["cursor"]
    put_back(patient, by=timedelta(days=1), days=1)
    news = phone.post("sync/", {"since": cursor, "changes": []}).json()["changes"]
    (told,) = [each for each in news if each["type"] == "entry"]
    symptom_at = datetime.fromisoformat(told["data"]["symptom_at"])
    assert symptom_at == was - timedelta(days=1)
