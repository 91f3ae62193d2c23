"""What a mail says, and to whom: the patient, a physician, or whoever is on call."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings

from alerts.core import texts
from alerts.core.rules import CURRENT
from alerts.models import AlertEvent, Delivery, EventKind, Level
from diary.models import Patient


class Mail(NamedTuple):
    """A mail in plain text."""

    to: str
    subject: str
    body: str


def mail_for(delivery: Delivery, *, level: int) -> Mail:
    """The mail of a message, worded by its leading delivery and its highest level still wanted."""
    recipient, event, patient = delivery.recipient, delivery.event, delivery.patient
    if recipient is None or event is None or patient is None:
        return Mail(settings.ON_CALL_EMAIL, *_to_on_call(delivery))
    if recipient.pk == patient.user_id:
        return Mail(recipient.email, *_to_patient(event, patient, level))
    return Mail(recipient.email, *_to_physician(event, level))


def _to_patient(event: AlertEvent, patient: Patient, level: int) -> tuple[str, str]:
    if event.kind == EventKind.NOTICE:
        said = texts.text(event.text_key, patient.locale)
        return said.title, said.advice
    number = settings.EMERGENCY_NUMBER
    mail = texts.mail(level, patient.locale, emergency_number=number)
    return mail.subject, mail.body


def _to_physician(event: AlertEvent, level: int) -> tuple[str, str]:
    if event.kind == EventKind.ESCALATED:
        return _to_clinic("unanswered" if event.rule == "R22" else "silent")
    return _to_clinic("now" if level >= Level.EMERGENCY else "today")


def _to_on_call(delivery: Delivery) -> tuple[str, str]:
    if delivery.incident is None:
        return _to_clinic("nobody")
    language = settings.LANGUAGE_CODE
    return _to_clinic("incident", failure=texts.failure(delivery.incident.kind, language))


def _to_clinic(kind: str, **details: str) -> tuple[str, str]:
    """In the clinic's language; the link is the same for all, so that it names nobody."""
    chase = CURRENT.parameters.chase
    mail = texts.clinic_mail(
        kind,
        settings.LANGUAGE_CODE,
        link=settings.ADMIN_URL,
        minutes=chase.emergency_backup // timedelta(minutes=1),
        hours=chase.doctor_backup // timedelta(hours=1),
        **details,
    )
    return mail.subject, mail.body
