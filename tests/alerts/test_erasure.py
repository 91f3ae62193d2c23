"""Erasing a patient: everything goes but the receipt, nobody else loses anything."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from alerts import delivery
from alerts.models import Delivery
from diary import belongings
from diary.accounts import physicians_group
from diary.models import Erasure, Patient, User
from diary.services import erasure
from tests import everything
from tests.alerts.diaries import new_physician, owe_message
from tests.counts import forget_counts
from tests.diary.bodies import ENTRY, new_id
from tests.left_behind import in_broker, in_files, in_tables, tables, worked_off
from tests.log_ins import account, logged_in
from tests.phones import PASSWORD, Phone, access_token, code_of, enrolled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(transactional_db: None) -> None:
    forget_counts()


@pytest.fixture
def mail_files(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


# --- The proof ----------------------------------------------------------------------------------


def test_the_story_has_a_row_in_every_table_with_a_way_to_a_patient() -> None:
    patient = everything.lived("zqwhole", new_physician())
    assert everything.missing(patient) == set(), "let tests.everything make such rows"


def test_nothing_is_left_and_nobody_else_loses_anything(mail_files: Path) -> None:
    mark = "zqsoughteverywhere"
    doctor = new_physician(name="Dr. Ada")
    other = everything.lived("zqbystander", doctor)
    owe_message(other, level=0)
    _deliver_mails(other)
    worked_off()
    before = tables()

    patient = everything.lived(mark, doctor)
    everything.mark_every_text(patient, mark)
    token, refresh = _log_in_and_half_log_in(patient)
    owe_message(patient)
    _deliver_mails(patient)
    marks = {mark, *everything.known_ids(patient)}
    assert len({name for name, _ in in_tables(marks)}) > 25
    assert in_files(marks, mail_files)

    phone = Phone(token)
    answer = phone.delete("me/")
    assert answer.status_code == 202, answer.content

    assert in_tables(marks) == []
    assert in_files(marks, mail_files) == []
    assert in_files({"zqbystander"}, mail_files)
    after = tables()
    (receipt,) = after.pop("diary_erasure")
    assert before.pop("diary_erasure") == []
    assert answer.json()["id"] in receipt
    for name in ("diary_tally", "cache", "django_content_type", "alerts_heartbeat"):
        del before[name], after[name]
    assert {name for name in before if before[name] != after[name]} == set()
    worked_off()
    assert in_broker(marks) == []
    _check_dead(phone, refresh)


def _log_in_and_half_log_in(patient: Patient) -> tuple[str, str]:
    """A token and a refresh token; and a reset of the password that is not finished."""
    User.objects.filter(pk=patient.user_id).update(password="")
    patient.user.set_password(PASSWORD)
    patient.user.save(update_fields=["password"])
    Authenticator.objects.filter(user=patient.user).delete()  # or the log-in would ask for it
    account("POST", "auth/login", {"email": patient.user.email, "password": "a wrong password"})
    account("POST", "auth/password/request", {"email": patient.user.email})
    meta = logged_in(patient)
    cache.set(f"allauth:anything:user:{patient.user_id}", [1.0])
    Authenticator.objects.create(user=patient.user, type="totp", data={"secret": patient.user.name})
    return meta["access_token"], meta["refresh_token"]


def _deliver_mails(patient: Patient) -> None:
    for owed in Delivery.objects.filter(recipient=patient.user, channel="email", state="owed"):
        delivery.deliver(owed.pk)


def _check_dead(phone: Phone, refresh: str) -> None:
    for method, path in (("DELETE", "me/"), ("GET", "me/"), ("GET", "export/"), ("GET", "alerts/")):
        answer = phone.send(method, path)
        assert (answer.status_code, code_of(answer)) == (401, "authentication_failed")
    assert phone.put(f"entries/{new_id()}/", ENTRY).status_code == 401
    assert account("POST", "tokens/refresh", {"refresh_token": refresh}).status_code == 400


def test_the_receipt_counts_rows_and_names_nobody() -> None:
    patient = everything.lived("zqcounted", new_physician())
    expected = {
        table._meta.db_table: everything.rows_of(table, patient).distinct().count()
        for table in belongings.everything()
    }
    receipt = erasure.erase(patient_id=patient.pk, at=datetime(2026, 11, 22, tzinfo=UTC))
    assert receipt.at == datetime(2026, 11, 22, tzinfo=UTC)
    assert receipt.counts == {name: count for name, count in expected.items() if count}
    assert str(patient.pk) not in str(vars(receipt))
    with pytest.raises(Patient.DoesNotExist):
        erasure.erase(patient_id=patient.pk)


def test_a_physician_finds_nothing_of_an_erased_patient() -> None:
    doctor = new_physician()
    doctor.groups.add(physicians_group())
    patient = everything.lived("zqseenbystaff", doctor)
    pages = Client()
    pages.force_login(doctor, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page = f"/admin/diary/patient/{patient.pk}/change/"
    erasure.erase(patient_id=patient.pk)
    assert pages.get(page).status_code in (302, 404)
    for path in ("", "diary/patient/", "diary/entry/", "alerts/alert/"):
        assert b"zqseenbystaff" not in pages.get(f"/admin/{path}", follow=True).content


def test_a_physician_who_is_a_patient_too_keeps_the_account_and_is_logged_out() -> None:
    patient = enrolled()
    User.objects.filter(pk=patient.user_id).update(is_staff=True)
    of_doctor = everything.lived("zqofthedoctor", patient.user)
    token = access_token(patient.user)
    erasure.erase(patient_id=patient.pk)
    assert User.objects.filter(pk=patient.user_id).exists()
    assert of_doctor.care.get().physician_id == patient.user_id
    assert Phone(token).get("me/").status_code == 401


# --- The door -----------------------------------------------------------------------------------


def test_it_needs_a_log_in_of_the_last_five_minutes_or_the_password_again() -> None:
    patient = enrolled(consented=False)
    refresh = logged_in(patient)["refresh_token"]
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=True):
        token = account("POST", "tokens/refresh", {"refresh_token": refresh}).json()["data"][
            "access_token"
        ]
        stale = Phone(token).delete("me/")
        assert (stale.status_code, code_of(stale)) == (403, "reauthentication_required")
        assert "auth/reauthenticate" in stale.json()["detail"]
        wrong = account("POST", "auth/reauthenticate", {"password": "not the password"}, token)
        assert wrong.status_code == 400
        assert Phone(token).delete("me/").status_code == 403
        again = account("POST", "auth/reauthenticate", {"password": PASSWORD}, token)
        assert again.status_code == 200, again.content
        assert Phone(token).delete("me/").status_code == 202
    assert not User.objects.filter(pk=patient.user_id).exists()


def test_a_fresh_log_in_on_another_device_does_not_help() -> None:
    patient = enrolled()
    old = access_token(patient.user)  # of a session that nobody knows the log-in of
    logged_in(patient)
    assert Phone(old).delete("me/").status_code == 403
    assert Phone(logged_in(patient)["access_token"]).delete("me/").status_code == 202


def test_the_command_erases_by_address_and_again_after_a_restore() -> None:
    patient = everything.lived("zqrestored", new_physician())
    before = {table: rows for table, rows in tables().items() if "zqrestored" in str(rows)}
    said, ledger = io.StringIO(), io.StringIO()
    call_command("erase_patient", email="ZQrestored@example.org", stdout=said)
    receipt = Erasure.objects.get()
    assert said.getvalue() == f"Erased. Receipt {receipt.pk}.\n"
    with pytest.raises(CommandError):
        call_command("erase_patient", email="zqrestored@example.org")
    call_command("erasures", stdout=ledger)
    assert json.loads(ledger.getvalue())["digest"] == receipt.digest

    Erasure.objects.all().delete()  # as a backup of yesterday has it
    back = User.objects.create(email="zqrestored@example.org", password="!")
    Patient.objects.create(pk=patient.pk, user=back)
    kept = enrolled()
    with patch("sys.stdin", io.StringIO(ledger.getvalue())):
        call_command("erase_again", stdout=said)
    assert said.getvalue().endswith("Erased again: 1.\n")
    assert [*Patient.objects.values_list("pk", flat=True)] == [kept.pk]
    assert before
    assert in_tables({"zqrestored"}) == []
