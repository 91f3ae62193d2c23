"""The sandbox: stories that show what they say, and a clock that can be moved."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from alerts import verification
from alerts.models import Alert, AlertEvent, Delivery
from config import demonstration, sandbox, sandbox_clock, sandbox_shift
from config.demonstration import STORIES, Story
from diary import belongings
from diary.accounts import enrol_physician
from diary.locking import database_now
from diary.models import Entry, Patient, ProfileChange
from tests import everything
from tests.alerts.diaries import new_physician, put_entry, put_massage
from tests.phones import Phone, enrolled

pytestmark = pytest.mark.django_db(transaction=True)
# At night, at noon, and on both sides of the days on which Berlin changes its clocks.
MOMENTS = [
    datetime(2026, 1, 14, 3, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 12, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 2, 22, 45, tzinfo=UTC),
]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture
def staff() -> None:
    for email, name in demonstration.PHYSICIANS.items():
        enrol_physician(email=email, name=name, password="a long enough password")


def made(story: Story, now: datetime) -> Patient:
    patient = sandbox.enrol(story.email, story=story, password="a long enough password", at=now)
    sandbox.tell(story, patient, now)
    return patient


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.about)
def test_a_story_shows_what_it_is_there_for(story: Story, now: datetime) -> None:
    patient = made(story, now)
    still_open = Alert.objects.filter(patient=patient, ended_at=None)
    assert dict(still_open.values_list("rule", "level")) == story.opens
