"""Demonstration people and diaries, for looking around and for a first request."""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alerts.evaluation import evaluate
from config import demonstration
from config.demonstration import STORIES, Story
from diary import accounts
from diary.drafts import EntryDraft, MassageDraft, Profile
from diary.locking import database_now
from diary.models import Patient, User
from diary.services import records


class Command(BaseCommand):
    help = "Make demonstration people and diaries; run again, it only says who they are."

    def handle(self, *_: Any, **__: Any) -> None:
        if not settings.RELAXED:
            raise CommandError("Demonstration people are for local use: they need DEBUG=1.")
        password = _kept_password()
        if not User.objects.filter(email__in=demonstration.PHYSICIANS).exists():
            _make_people(password)
        roles = [(email, "physician") for email in demonstration.PHYSICIANS]
        roles += [(story.email, "patient") for story in STORIES]
        self.stdout.write("Log-ins of the demonstration (all with the same password):")
        for email, role in roles:
            self.stdout.write(f"  {role:<10} {email}")
        self.stdout.write(f"  password   {password}")


def _make_people(password: str) -> None:
    now = database_now()
    for email, name in demonstration.PHYSICIANS.items():
        accounts.enrol_physician(email=email, name=name, password=password)
    for story in STORIES:
        _tell(story, _enrolled(story, password, now), now)


def _kept_password() -> str:
    """The password of this instance's demonstration: made up once, and kept beside its data."""
    file = Path(settings.DATA_DIR) / "demonstration_password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(15))
    return file.read_text().strip()


def _enrolled(story: Story, password: str, now: datetime) -> Patient:
    approved = {"status": "physician_confirmed"}
    profile = {"timezone": "Europe/Berlin", "phase": story.phase, "doctor_approval": approved}
    enrolment = accounts.Enrolment(
        email=story.email,
        name=story.name,
        password=password,
        physician=User.objects.get(email=story.physician),
        backup=None,
        profile=Profile.parse(profile).wire(),
        consented=True,
    )
    return accounts.enrol_patient(enrolment, at=now - timedelta(days=30))


def _tell(story: Story, patient: Patient, now: datetime) -> None:
    """Write the story as its patient would have: each record at its time, then an evaluation."""
    for ago, said in story.says():
        at = now - ago
        draft = MassageDraft if "setting" in said else EntryDraft
        body = {"id": str(uuid4()), **demonstration.body(said, at)}
        records.put(patient_id=patient.pk, draft=draft.parse(body, uuids=True), at=at)
        evaluate(patient_id=patient.pk, at=at)
