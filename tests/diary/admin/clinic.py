"""People and diaries for the tests of the pages, made through the services."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone

from alerts.evaluation import evaluate
from alerts.models import Alert
from config.sessions import cookie_of
from diary import accounts
from diary.drafts import EntryDraft, MassageDraft, Profile
from diary.models import Entry, Massage, Patient, RejectedItem, User
from diary.services import records, rejected
from diary.services.rejected import Unreadable

PASSWORD = "a-fictional-password"
RED_FLAG: dict[str, Any] = {"red_flags": {"bladder": "new_or_worse"}}


def physician(name: str) -> User:
    """A physician with the rights that enrolment gives."""
    email = f"{name.lower()}@clinic.example"
    return accounts.enrol_physician(email=email, name=name, password=PASSWORD)


def superuser() -> User:
    return User.objects.create_superuser("operator@clinic.example", PASSWORD, name="Operator")


def patient(name: str, doctor: User | None, *, zone: str = "Europe/Berlin") -> Patient:
    """A consenting patient of a physician, since 30 days."""
    approved = {"doctor_approval": {"status": "physician_confirmed"}}
    enrolment = accounts.Enrolment(
        email=f"{name.lower()}@patients.example",
        name=name,
        password=PASSWORD,
        physician=doctor,
        backup=None,
        profile=Profile.parse({"timezone": zone, "phase": "chronic", **approved}).wire(),
        consented=True,
    )
    return accounts.enrol_patient(enrolment, at=timezone.now() - timedelta(days=30))


def wrote(who: Patient, *, ago: timedelta = timedelta(0), **said: Any) -> Entry:
    """An entry, sent when it was felt, and what the rules make of it."""
    at = timezone.now() - ago
    body = {"id": str(uuid4()), "symptom_at": at.isoformat(), **said}
    put(who, EntryDraft.parse(body, uuids=True), ago=ago)
    return Entry.objects.get(patient=who, record_id=body["id"])


def massaged(who: Patient, *, ago: timedelta = timedelta(0), **said: Any) -> Massage:
    at = timezone.now() - ago
    began = (at - timedelta(minutes=20)).isoformat()
    times = {"started_at": began, "ended_at": at.isoformat()}
    body = {"id": str(uuid4()), **times, "setting": "self", **said}
    put(who, MassageDraft.parse(body, uuids=True), ago=ago)
    return Massage.objects.get(patient=who, record_id=body["id"])


def put(who: Patient, draft: EntryDraft | MassageDraft, *, ago: timedelta = timedelta(0)) -> None:
    at = timezone.now() - ago
    records.put(patient_id=who.pk, draft=draft, at=at)
    evaluate(patient_id=who.pk, at=at)


def emergency(who: Patient, *, ago: timedelta = timedelta(0), **said: Any) -> Alert:
    """An alert of level 4, opened `ago`."""
    wrote(who, ago=ago, **RED_FLAG, **said)
    return Alert.objects.get(patient=who, rule="R01", ended_at=None)


def unanswered_massage(who: Patient) -> None:
    """A massage after which pain rose, and then nothing for over 72 hours: R20 tells the staff."""
    wrote(who, ago=timedelta(days=4), pain=3)
    massaged(who, ago=timedelta(days=3, hours=4), pain_before=3)
    wrote(who, ago=timedelta(days=3), pain=6)
    evaluate(patient_id=who.pk)


def unreadable(who: Patient, **said: Any) -> RejectedItem:
    """An item of a sync with a score out of range."""
    name = str(uuid4())
    item = {"type": "entry", "op": "put", "id": name, "data": {"pain": 11, **said}}
    error = {"pointer": "/data/pain", "code": "max_value", "detail": "At most 10."}
    unread = Unreadable(content=item, type="entry", id=name, errors=[error])
    rejected.keep(who, {timezone.now(): unread})
    return RejectedItem.objects.get(patient=who)


def browser(user: User | None, **options: Any) -> Client:
    """A browser in which this account is logged in; plain http, as on one machine."""
    client = Client(**options)
    if user:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie_of(key)
    return client
