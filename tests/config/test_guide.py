"""The guide for app developers does not rot: what it asks is asked, what it shows is answered."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from alerts.device_test import MOST_AN_HOUR
from alerts.evaluation import evaluate
from config import limits, log_in
from diary.api.sync_views import Sync
from diary.models import Patient
from diary.services import exports
from tests.config import guide
from tests.config.guide import Asked, Said, Session
from tests.counts import forget_counts

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = Path(django_settings.BASE_DIR) / "docs" / "app-developers.md"
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def session(settings: Any, tmp_path: Path) -> Iterator[Session]:
    settings.DATA_DIR = tmp_path
    forget_counts()
    yield Session(ask=asked, code=mailed_code, wait=as_workers_do, known={"API": BASE})
    forget_counts()


def asked(request: Asked) -> Said:
    browser = Client(headers=request.headers, SERVER_NAME="127.0.0.1")
    path, body = request.url.removeprefix(BASE), (request.body or "").encode()
    answer = browser.generic(request.method, path, body, request.headers.get("Content-Type", ""))
    raw = answer.getvalue()
    return Said(answer.status_code, dict(answer.headers), json.loads(raw) if raw else None)


def mailed_code() -> str:
    (code,) = re.findall(
        r"^[A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*$", str(mail.outbox[-1].body), re.MULTILINE
    )
    return str(code)


def as_workers_do(_seconds: float) -> None:
    for patient in Patient.objects.all():
        evaluate(patient_id=patient.pk)


@pytest.mark.slow
def test_every_request_of_the_guide_is_answered_as_it_says(session: Session) -> None:
    for step in guide.steps(GUIDE.read_text()):
        said = session.do(step)
        if said is None:
            continue
        assert said.status == step.status, f"{step.line}\n{said}"
        found = list(guide.differences(step.shows, said.body)) if step.shows else []
        assert not found, f"{step.line}\n" + "\n".join(found)
    assert len(session.done) > 30
    assert not Patient.objects.exists()


def test_it_notices_what_is_no_longer_so() -> None:
    shown = {"level": 4, "flag": True, "text": "Go...", "id": "2026-11-22", "list": [1], "new": 1}
    real = {"level": 3, "flag": 1, "text": "Stay", "id": "x", "list": [], "more": 1}
    found = {line.split()[0] for line in guide.differences(shown, real)}
    assert found == {".level", ".flag", ".text", ".id", ".list", ".new"}
    alike = {"level": 4, "text": "Go now", "id": "2027-01-01", "list": [1, 2]}
    assert not list(
        guide.differences({**shown, "flag": None, "new": 2}, {**alike, "flag": None, "new": 2})
    )


def test_the_limits_are_those_of_the_guide() -> None:
    text = GUIDE.read_text()
    row = r"^\| ([a-z ,]+?)(?: of one [a-z ,]+)? \| (\d+) "
    said = {what: int(number) for what, number in re.findall(row, text, re.MULTILINE)}
    kept = {
        "syncs": Sync.per_device["syncs"].times,
        "exports": exports.A_DAY.times,
        "test messages": MOST_AN_HOUR,
        "wrong passwords": log_in.AN_ACCOUNT.times,
    }
    assert said.keys() == {"requests", *kept, "body"}
    assert all(said[what] <= most for what, most in kept.items())
    assert "| requests of one device | 120 a minute |" in text
    assert limits.A_DEVICE.times >= 120
    assert f"all devices | {limits.AN_ACCOUNT.times} a minute |" in text


def test_its_links_lead_somewhere() -> None:
    text = GUIDE.read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
