"""The inbox of the sandbox: what really went out, for this machine alone."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from alerts.models import Delivery, PushDevice
from config import sandbox, sandbox_clock, sandbox_push
from diary.accounts import enrol_physician
from diary.locking import database_now
from diary.models import Patient
from tests.alerts.diaries import BLADDER, put_entry
from tests.phones import PASSWORD, Phone, enrolled

pytestmark = pytest.mark.django_db(transaction=True)
HERE: Any = {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}
DEVICE = "devices/8b2bd3f4-5f5d-4a43-a6a8-6a0a3a4f9a61/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path


@pytest.fixture
def patient() -> Patient:
    """A patient of the sandbox, cared for, with an empty diary and no phone."""
    for name in ("ada", "ben"):
        enrol_physician(email=f"dr.{name}@example.org", name=name, password=PASSWORD)
    made = sandbox.enrol("someone@example.org", password=PASSWORD)
    PushDevice.objects.filter(patient=made).update(retired_at=database_now())
    return made


def page(**more: str) -> Any:
    return Client().get("/sandbox/inbox/", **{**HERE, **more})


def test_the_inbox_shows_mails_on_the_clock_of_the_patient(
    patient: Patient,
) -> None:
    put_entry(patient, database_now(), red_flags=BLADDER)
    sandbox_clock.advance(patient, timedelta(hours=26))
    answer = page()
    shown = answer.content.decode()
    assert "script" not in shown
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "R01 opened" in shown
    assert "to someone@example.org (patient)" in shown
    assert "to dr.ada@example.org (physician), about someone@example.org" in shown
    assert "Europe/Berlin" in shown
    only = Client().get("/sandbox/inbox/?to=dr.ada@example.org", **HERE).content.decode()
    assert "to someone@example.org (patient)" not in only


def test_the_inbox_writes_out_what_looks_like_markup(folder: Path) -> None:
    (folder / "mail").mkdir()
    (folder / "mail" / "1.log").write_text(
        "Subject: <b>bold</b>\nTo: a@example.org\n"
        "Date: Sun, 22 Nov 2026 10:00:00 -0000\n\n<script>x"
    )
    shown = page().content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "&lt;script&gt;x" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    "strange",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"SERVER_NAME": "rebound.example.org"},
        {"HTTP_HOST": "rebound.example.org"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_VIA": "1.1 tunnel"},
        {"REMOTE_ADDR": ""},
    ],
    ids=str,
)
def test_the_inbox_is_for_this_machine_alone(settings: Any, strange: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert page().status_code == 200
    assert page(**strange).status_code == 404
    assert Client().get("/sandbox/subscription/", **{**HERE, **strange}).status_code == 404
    assert Client().post("/sandbox/push/name", **{**HERE, **strange}).status_code == 404


@pytest.mark.parametrize("signed", ["", "vapid t=x, k=y", "Basic x", "vapid"])
def test_a_push_that_is_no_push_is_refused(signed: str) -> None:
    browser = Client(headers={"Authorization": signed}, **HERE)
    bodies = {403: b"x", 413: b"x" * 4097}
    for status, body in bodies.items():
        answer = browser.generic("POST", "/sandbox/push/name", body)
        assert answer.status_code == status
    assert list(sandbox_push.pushes(9)) == []


@pytest.mark.slow
def test_a_push_comes_over_the_wire_and_is_opened_and_shown(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, patient: Patient
) -> None:
    monkeypatch.setenv("PORT", str(urlsplit(live_server.url).port))
    said = json.loads(Client().get("/sandbox/subscription/", **HERE).content)
    phone = Phone.of(patient)
    assert phone.put(DEVICE, {"kind": "webpush", "subscription": said}).status_code == 201
    put_entry(patient, database_now(), red_flags=BLADDER)
    sandbox_clock.advance(patient, timedelta(minutes=1))
    (push,) = sandbox_push.pushes(9)
    alert = phone.get("alerts/").json()["results"][0]
    assert push.said == {
        "text": "Important health message. Open now.",
        "alert": alert["id"],
        "level": 4,
    }
    delivery = Delivery.objects.get(channel="webpush", patient=patient)
    assert (delivery.state, push.message, push.urgency) == (
        "accepted",
        delivery.message.hex if delivery.message else "",
        "high",
    )
    shown = page().content.decode()
    assert f"Topic {push.message}, urgency high, alert {alert['id']}" in shown


def test_a_subscription_is_that_of_a_browser() -> None:
    said = json.loads(Client().get("/sandbox/subscription/", **HERE).content)
    device = {"kind": "webpush", "subscription": said}
    phone = Phone.of(enrolled())
    assert phone.put(DEVICE, device).status_code == 201


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8000/sandbox/push/../../admin/",
        "http://127.0.0.1:8000/sandbox/push/a/b",
        "http://127.0.0.1:8000/admin/",
        "http://localhost:8000/sandbox/push/name",
        "https://127.0.0.1:8000/sandbox/push/name",
        "http://127.0.0.1/sandbox/push/name",
    ],
)
def test_nothing_else_on_this_machine_is_a_push_service(endpoint: str) -> None:
    said = {**sandbox_push.subscription("name"), "endpoint": endpoint}
    answer = Phone.of(enrolled()).put(DEVICE, {"kind": "webpush", "subscription": said})
    assert answer.status_code == 400


def test_where_real_people_may_be_this_machine_is_no_push_service(settings: Any) -> None:
    settings.RELAXED = False
    device = {"kind": "webpush", "subscription": sandbox_push.subscription("name")}
    phone = Phone.of(enrolled())
    assert phone.put(DEVICE, device).status_code == 400
