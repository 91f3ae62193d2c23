"""The patients that app developers play with: made up here, and known by a mark.

The mark is the signed reason of the first change of their profile, which no request can write.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet

from alerts import devices
from alerts.evaluation import evaluate
from alerts.models import DeviceKind, PushDevice
from config import demonstration, sandbox_push
from config.demonstration import STORIES, Story
from diary import accounts
from diary.drafts import EntryDraft, MassageDraft, Profile
from diary.locking import database_now
from diary.models import Patient, User
from diary.services import erasure, profile, records

MARK: Final = "sandbox"
OWN: Final = "your own"
_ENROLLED: Final = timedelta(days=30)  # ago


class Refused(Exception):
    """The sandbox does not do this; the message says why."""


def check_allowed() -> None:
    """Raise Refused where real people may be."""
    if not settings.RELAXED:
        raise Refused("The sandbox is for local use: it needs DEBUG=1.")


def patients() -> QuerySet[Patient]:
    """Everybody who was made up here."""
    marked = Patient.objects.filter(profile_changes__reason=MARK, profile_changes__by=None)
    return marked.select_related("user").order_by("user__email").distinct()


def patient_of(email: str) -> Patient:
    """The sandbox's patient of this address; raise Refused for anybody else."""
    found = patients().filter(user__email=email.strip().lower()).first()
    if found is None:
        raise Refused(f"{email} is no patient of the sandbox: only those it made can be moved.")
    return found


def story_of(patient: Patient) -> str:
    """What a patient of the sandbox is there to show."""
    about = {story.email: story.about for story in STORIES}
    return about.get(patient.user.email, OWN)


def fill(*, at: datetime | None = None) -> str:
    """Make whoever is missing; answer the password of them all."""
    password, now = _kept_password(), at or database_now()
    for email, name in demonstration.PHYSICIANS.items():
        if not User.objects.filter(email=email).exists():
            accounts.enrol_physician(email=email, name=name, password=password)
    for patient in patients():
        _has_phone(patient)  # the port may be another today
    for story in STORIES:
        if not User.objects.filter(email=story.email).exists():
            tell(story, enrol(story.email, story=story, password=password, at=now), now)
    return password


def enrol(
    email: str, *, story: Story | None = None, password: str = "", at: datetime | None = None
) -> Patient:
    """Make a marked patient who may write at once, with a phone that the inbox page shows.

    Nothing of theirs waits for a quiet hour: a clock that is moved does not change the hour it is.
    """
    if User.objects.filter(email=email.strip().lower()).exists():
        raise Refused(f"{email} has an account already.")
    began_at = (at or database_now()) - _ENROLLED
    physicians = _physicians(story)
    fields = {
        "timezone": demonstration.HOME,
        "phase": story.phase if story else "chronic",
        "quiet_hours": "00:00-00:00",
        "doctor_approval": {"status": "physician_confirmed"},
    }
    enrolment = accounts.Enrolment(
        email=email,
        name=story.name if story else "",
        password=password or _kept_password(),
        physician=physicians[0],
        backup=physicians[1],
        profile={},
        consented=True,
    )
    patient = accounts.enrol_patient(enrolment, at=began_at)
    said = Profile.parse(fields).wire()
    profile.change(patient_id=patient.pk, fields=said, by=None, reason=MARK, at=began_at)
    _has_phone(patient, at=began_at)
    return patient


def tell(story: Story, patient: Patient, now: datetime) -> None:
    """Write the story as its patient would have: each thing at its time, then an evaluation."""
    for at, said in demonstration.told(story, now):
        if "timezone" in said:
            profile.change(patient_id=patient.pk, fields=said, by=patient.user, at=at)
        else:
            draft = MassageDraft if "setting" in said else EntryDraft
            body = {"id": str(uuid4()), **said}
            records.put(patient_id=patient.pk, draft=draft.parse(body, uuids=True), at=at)
        evaluate(patient_id=patient.pk, at=at)
    evaluate(patient_id=patient.pk, at=now)


def empty() -> Iterator[str]:
    """Erase everybody who was made up here; their addresses."""
    for patient in list(patients()):
        erasure.erase(patient_id=patient.pk)
        yield patient.user.email
    sandbox_push.forget()


def _physicians(story: Story | None) -> list[User | None]:
    """The one who cares for the patient first, the backup after."""
    known = {user.email: user for user in User.objects.filter(email__in=demonstration.PHYSICIANS)}
    first = story.physician if story else next(iter(demonstration.PHYSICIANS))
    return [known.get(email) for email in sorted(demonstration.PHYSICIANS, key=first.__ne__)]


def _has_phone(patient: Patient, *, at: datetime | None = None) -> None:
    if not settings.WEBPUSH_VAPID_PRIVATE_KEY:
        return
    subscription = sandbox_push.subscription(patient.pk.hex)
    endpoint = subscription["endpoint"]
    if PushDevice.objects.filter(patient=patient, endpoint=endpoint, retired_at=None).exists():
        return
    target = devices.Target(
        kind=DeviceKind.WEBPUSH,
        endpoint=endpoint,
        name="Phone of the sandbox",
        **subscription["keys"],
    )
    # The patient's id serves: it is random, and a device's is unique for its patient alone.
    devices.register(patient_id=patient.pk, device_id=patient.pk, target=target, at=at)


def _kept_password() -> str:
    """The password of this instance's sandbox: made up once, and kept beside its data."""
    file = Path(settings.DATA_DIR) / "demonstration_password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(15))
    return file.read_text().strip()
