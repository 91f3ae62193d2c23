"""What a mail says: to the patient, to a physician, to whoever is on call."""

from collections.abc import Iterator
from typing import Any

import pytest

from alerts import mails, messages
from alerts.core import texts
from alerts.core.texts import LANGUAGES
from alerts.models import Delivery, EventKind, IncidentKind
from diary.locking import database_now
from diary.models import Patient, User
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER, at, new_phone, put_entry
from tests.alerts.test_people import an_event, mail_to, owe
from tests.sinks.push import PushSink

ON_CALL = "oncall@clinic.example"


@pytest.fixture(autouse=True)
def _clinic(settings: Any) -> None:
    settings.ON_CALL_EMAIL = ON_CALL
    settings.ADMIN_URL = "https://clinic.example/admin/"


def test_the_mail_to_a_physician_names_nobody_and_nothing(patient: Patient, doctor: User) -> None:
    put_entry(patient, at(), red_flags=BLADDER)
    mail = mails.mail_for(mail_to(doctor), level=4)
    assert (mail.to, mail.subject) == (doctor.email, "A patient needs you now")
    assert mail.body.startswith("Open the list of alerts now: https://clinic.example/admin/\n")
    assert "within 30 minutes" in mail.body
    for secret in (patient.user.email, str(patient.pk), "bladder", "R01", "numb"):
        assert secret not in mail.subject + mail.body


@pytest.mark.parametrize(
    ("fields", "kind", "subject"),
    [
        ({"level": 3}, EventKind.OPENED, "A patient needs you today"),
        ({"rule": "R22"}, EventKind.ESCALATED, "Nobody has answered yet: a patient needs you now"),
        ({"rule": "R21"}, EventKind.ESCALATED, "A patient needs your call today"),
    ],
)
def test_what_the_physician_is_asked_for_is_in_the_subject(
    patient: Patient, backup: User, fields: dict[str, Any], kind: EventKind, subject: str
) -> None:
    event = an_event(patient, kind, **fields)
    owe(event)
    assert mails.mail_for(mail_to(backup), level=event.level).subject == subject


def test_who_is_on_call_hears_of_a_patient_without_anybody(patient: Patient) -> None:
    owe(an_event(patient))
    mail = mails.mail_for(mail_to(None), level=4)
    assert (mail.to, mail.subject) == (ON_CALL, "A patient needs a physician now")


def test_the_patient_reads_a_notice_and_of_an_alert_only_to_open_the_app(
    patient: Patient, push_service: PushSink
) -> None:
    phone = new_phone(patient, push_service)
    messages.tell_push_off(phone, at=database_now())
    notice = Delivery.objects.get()
    mail = mails.mail_for(notice, level=0)
    assert (mail.to, notice.channel) == (patient.user.email, "email")
    assert mail.subject == "Your phone no longer gets our messages"
    assert mail.body.startswith("Open the app and switch messages on.")
    urgent = mails.mail_for(diaries.owe_message(patient), level=4)
    assert urgent.subject == "Important message: open the app now"


def _clinic_mails() -> Iterator[Any]:
    for language in LANGUAGES:
        for kind in texts.catalogue(language).clinic_mails:
            yield pytest.param(language, kind, id=f"{language}-{kind}")


@pytest.mark.parametrize(("language", "kind"), list(_clinic_mails()))
def test_every_mail_to_the_clinic_begins_with_what_to_open_in_both_languages(
    language: str, kind: str
) -> None:
    mail = texts.clinic_mail(
        kind, language, link="<link>", minutes=30, hours=24, failure=texts.failure(kind, language)
    )
    assert "<link>" in mail.body.splitlines()[0]
    assert not mail.subject.endswith(".")
    assert "{" not in mail.body
    assert {*texts.catalogue("en").clinic_mails} == {*texts.catalogue(language).clinic_mails}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_incident_is_told_in_plain_words(language: str) -> None:
    words = texts.catalogue(language).failures
    assert set(words) == {*IncidentKind.values, "unknown"}
    assert texts.failure("of a newer release", language) == words["unknown"]
