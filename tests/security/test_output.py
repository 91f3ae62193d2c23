"""What goes out: errors, links, logs, hints and messages say nothing of what a patient wrote."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import structlog
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from alerts import delivery, evaluation
from alerts.models import AlertEvent, Delivery
from diary.models import Entry, Patient, User
from tests.alerts.diaries import BLADDER
from tests.counts import forget_counts
from tests.diary.admin import clinic, walk
from tests.phones import Phone, enrolled
from tests.security.bodies import BODIES
from tests.security.cast import Visitor, told, undone
from tests.security.routes import address, routes

SECRET = "zqsecret7f3a"


# --- Errors (S38) -------------------------------------------------------------------------------


def _break(*_: object, **__: object) -> None:
    raise ValueError(SECRET) from KeyError(SECRET)


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(each.url_patterns)


def test_every_view_fails_with_the_same_words(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    story, bodies = told(), set()
    visitor = Visitor(story.patient.user)
    for pattern in _patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "cls", None)
        if view is None:
            monkeypatch.setattr(pattern, "callback", _break)
        for method in ("get", "post", "put") if view else ():
            monkeypatch.setattr(view, method, _break, raising=False)
    for route in routes():
        forget_counts()
        method = "POST" if "_allauth" in route or "/push/" in route else "GET"
        with undone():
            answer = visitor.send(method, address(route, story.ids))
        if answer.status_code not in (404, 405):  # not even such a door
            assert answer.status_code == 500, route
            assert answer["Content-Type"] == "application/problem+json"
            assert len(answer["X-Request-ID"]) == 36
            bodies.add(answer.content)
    (body,) = bodies
    assert json.loads(body)["code"] == "server_error"
    assert SECRET.encode() not in body


def test_over_https_a_browser_is_told_to_stay_there(settings: Any, db: None) -> None:
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    for where in ("/healthz", "/api/v1/entries/", "/admin/login/", "/nothing", "/api/docs/"):
        said = Client(raise_request_exception=False).get(where, secure=True)
        assert said["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", where


# --- Logs, hints, messages (S36, S37) -----------------------------------------------------------


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What is printed when everything that can be said is said."""
    root, stream = logging.getLogger(), io.StringIO()
    (handler,) = [each for each in root.handlers if type(each) is logging.StreamHandler]
    former, level = handler.setStream(stream), root.level
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    if former:
        handler.setStream(former)


@pytest.fixture
def overheard() -> Iterator[Any]:
    """Everything that the broker is told, as it is told."""
    broker: Any = redis.Redis.from_url(django_settings.REDIS_URL)
    with broker.monitor() as monitor:
        yield monitor


@pytest.mark.django_db(transaction=True)
def test_a_whole_story_leaves_no_word_of_it_outside_the_database(
    printed: io.StringIO, overheard: Any
) -> None:
    patient, doctor = _story()
    said = [message.as_bytes() for message in (each.message() for each in mail.outbox)]
    assert len(said) >= 2  # to the patient, and to the physician
    for raw in said:
        _check_silent(raw.decode().replace(patient.user.email, "").replace(doctor.email, ""))
    assert '"answered"' in printed.getvalue()
    _check_silent(printed.getvalue())
    _check_silent(_commands_of(overheard))
    assert not LogEntry.objects.exists()
    assert doctor.email not in printed.getvalue()


def _story() -> tuple[Patient, User]:
    """An alert from the entry to the act of the physician, with all that is sent on the way."""
    doctor = clinic.physician("Zqsecretdoctor")
    patient = clinic.patient(SECRET, doctor)
    phone, page = Phone.of(patient), Visitor(doctor)
    body = {**BODIES["POST", "api/v1/entries/"], "note": SECRET, "red_flags": BLADDER}
    (alert,) = phone.post("entries/", body).json()["alerts"]
    phone.patch("me/", {"allergies": [SECRET]})
    phone.post("sync/", {"since": None, "changes": [{"type": "entry", "note": SECRET}]})
    phone.post(f"alerts/{alert['id']}/acknowledge/", {"note": SECRET})
    phone.get(f"entries/?from={SECRET}")
    evaluation.evaluate(patient_id=patient.pk)
    for owed in Delivery.objects.filter(channel="email", state="owed"):
        delivery.deliver(owed.pk)
    for where in walk.list_addresses([SECRET]):
        page.send("GET", where)
    for act in ("acknowledge", "close"):
        page.send("POST", f"/admin/alerts/alert/{alert['id']}/{act}/", {"reason": SECRET})
    assert AlertEvent.objects.filter(kind="closed").exists()
    return patient, doctor


def _check_silent(text: str) -> None:
    assert SECRET not in text.lower()
    for word in ("bladder", "cauda", "zqsecretdoctor"):
        assert word not in text.lower(), word


def _commands_of(monitor: Any) -> str:
    """What the broker has heard so far: a last word of ours ends the listening."""
    redis.Redis.from_url(django_settings.REDIS_URL).echo("zq-the-end")
    heard: list[str] = []
    while not heard or "zq-the-end" not in heard[-1]:
        heard.append(monitor.next_command()["command"])
    assert any("alerts.tasks" in command for command in heard)
    return "\n".join(heard)


@pytest.mark.django_db
def test_the_log_of_our_own_postgresql_quotes_no_row() -> None:
    log = Path(django_settings.DATA_DIR) / "log" / "postgres.log"
    if not log.exists():
        pytest.skip("PostgreSQL is not ours")
    patient = enrolled()
    lacking: dict[str, Any] = {"symptom_at": None, "record_id": patient.pk}
    row = Entry(patient=patient, note=SECRET, **lacking)
    with pytest.raises((IntegrityError, psycopg.Error)), transaction.atomic():
        row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    written = log.read_text(errors="replace")
    assert "violates" in written
    assert SECRET not in written


def test_the_logs_need_no_configuration_to_be_silent() -> None:
    assert structlog.is_configured()
    assert logging.getLogger().level == logging.INFO
