"""The sandbox: stories that show what they say, and a clock that can be moved."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from alerts.models import Alert, AlertEvent, Delivery, PushDevice, Watch
from config import demonstration, sandbox, sandbox_clock, sandbox_push, sandbox_shift
from config.demonstration import STORIES, Story
from config.sandbox_shift import earlier
from diary import belongings
from diary.accounts import enrol_physician
from diary.locking import database_now
from diary.models import Entry, Patient, ProfileChange
from diary.services import profile
from tests import everything
from tests.alerts.diaries import BLADDER, new_physician, put_entry, put_massage
from tests.phones import Phone, enrolled

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"
# At night, and on both sides of the night in which Berlin changes its clocks.
MOMENTS = [
    datetime(2026, 3, 29, 12, tzinfo=UTC),
    datetime(2026, 11, 2, 3, 45, tzinfo=UTC),
]
HERE = {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path


@pytest.fixture
def staff() -> None:
    for email, name in demonstration.PHYSICIANS.items():
        enrol_physician(email=email, name=name, password=PASSWORD)


@pytest.fixture
def patient(staff: None) -> Patient:
    """A patient of the sandbox with an empty diary and no phone."""
    made = sandbox.enrol("someone@example.org", password=PASSWORD)
    PushDevice.objects.filter(patient=made).update(retired_at=database_now())
    return made


def told(story: Story, now: datetime) -> Patient:
    patient = sandbox.enrol(story.email, story=story, password=PASSWORD, at=now)
    sandbox.tell(story, patient, now)
    return patient


def ordered(*words: str) -> str:
    out = io.StringIO()
    call_command("sandbox", *words, stdout=out)
    return out.getvalue()


# --- The stories --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.about)
def test_a_story_shows_what_it_is_there_for(story: Story, now: datetime) -> None:
    patient = told(story, now)
    still_open = Alert.objects.filter(patient=patient, ended_at=None)
    assert dict(still_open.values_list("rule", "level")) == story.opens
    said = set(AlertEvent.objects.filter(patient=patient, rule="R21").values_list("kind", "level"))
    is_silent = story.about == "silent after a hold"
    assert said == ({("reminder", 0), ("escalated", 3)} if is_silent else set())


def test_the_traveller_is_elsewhere() -> None:
    story = next(story for story in STORIES if story.email.startswith("greta"))
    bodies = [said for _, said in demonstration.told(story, MOMENTS[0]) if "started_at" in said]
    assert [said["ended_at"][-6:] for said in bodies] == ["+01:00", "+09:00", "-04:00", "-04:00"]


# --- Whose clock may be moved ---------------------------------------------------------------------


def test_nothing_is_moved_where_real_people_may_be(settings: Any, patient: Patient) -> None:
    settings.RELAXED = False
    for words in (
        ("list",),
        ("reset",),
        ("new", "--patient", "x@example.org"),
        ("advance", "--patient", patient.user.email, "--hours", "1"),
    ):
        with pytest.raises(CommandError, match="DEBUG=1"):
            ordered(*words)
    assert Patient.objects.count() == 1


def test_only_those_whom_the_sandbox_made_are_moved() -> None:
    stranger = enrolled("stranger@example.org")
    # A change of one's own profile is signed, so nobody marks themselves.
    fields = {"locale": "en"}
    profile.change(patient_id=stranger.pk, fields=fields, by=stranger.user, reason=sandbox.MARK)
    entry = put_entry(stranger, database_now(), pain=3).record
    with pytest.raises(CommandError, match="no patient of the sandbox"):
        ordered("advance", "--patient", "stranger@example.org", "--hours", "26")
    assert Entry.objects.get().symptom_at == entry.symptom_at
    assert "stranger" not in ordered("list")


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "8785"])
def test_time_goes_forward_and_not_for_ever(patient: Patient, hours: str) -> None:
    with pytest.raises(CommandError, match="at most 8784"):
        ordered("advance", "--patient", patient.user.email, f"--hours={hours}")


# --- Everything is put back -----------------------------------------------------------------------


def columns(*kinds: type[models.Field]) -> Iterator[str]:  # type: ignore[type-arg]  # not subscriptable at run time
    for table in belongings.everything():
        for field in table._meta.concrete_fields:
            if isinstance(field, kinds):
                yield f"{table._meta.label}.{field.name}"


def test_no_column_that_can_hold_a_time_is_forgotten() -> None:
    """A new one must be moved, or be named with the reason why it stays."""
    of_patients = {table._meta.label for table in sandbox_shift.tables()}
    moved = {
        f"{table._meta.label}.{name}"
        for table in sandbox_shift.tables()
        for kind in (models.DateField, models.JSONField)
        for name in sandbox_shift.moved(table, kind)
    }
    can_hold = (models.DateField, models.TimeField, models.JSONField, models.BinaryField)
    for column in columns(*can_hold):
        known = column in moved or column in sandbox_shift.STAYS
        assert known or column.rpartition(".")[0] not in of_patients, column
    assert not moved & sandbox_shift.STAYS.keys()
    left = {table._meta.label for table in belongings.everything()} - of_patients
    assert left == {
        "account.EmailAddress",
        "account.EmailConfirmation",
        "admin.LogEntry",
        "diary.User",
        "diary.User_groups",
        "diary.User_user_permissions",
        "mfa.Authenticator",
        "usersessions.UserSession",
    }, sandbox_shift.ACCOUNT


def times_of(patient: Patient) -> dict[str, Any]:
    """Every time and date of a patient, by table, row and column; JSON as it is."""
    found = {}
    for table in sandbox_shift.tables():
        for row in everything.rows_of(table, patient):
            for field in table._meta.concrete_fields:
                if isinstance(field, (models.DateField, models.JSONField)):
                    name = f"{table._meta.label}.{field.name} {row.pk}"
                    found[name] = getattr(row, field.attname)
    return found


def test_everything_is_put_back_alike_and_nobody_else_moves() -> None:
    doctor, by, days = new_physician(), timedelta(hours=26, microseconds=7), 1
    patient, other = everything.lived("zqmoved", doctor), everything.lived("zqother", doctor)
    fields = {"trauma_on": date(2026, 1, 2), "doctor_approval": {"expires_on": date(2027, 3, 1)}}
    profile.change(patient_id=patient.pk, fields=fields, by=doctor)
    before, of_other = times_of(patient), times_of(other)
    seen = {table._meta.label for table in sandbox_shift.tables()}

    sandbox_shift.put_back(patient_id=patient.pk, by=by, days=days)

    after = times_of(patient)
    assert {name.split()[0].rpartition(".")[0] for name in before} == seen
    assert before.keys() == after.keys(), "no version was made by moving one"
    for name, was in before.items():
        stays = name.split()[0] in sandbox_shift.STAYS
        assert after[name] == (was if stays else put_back(was, by, days)), name
    assert times_of(other) == of_other
    patient.refresh_from_db()
    assert patient.trauma_on == date(2026, 1, 1)
    newest = ProfileChange.objects.filter(patient=patient).latest("pk").fields
    assert newest == {"trauma_on": "2026-01-01", "doctor_approval": {"expires_on": "2027-02-28"}}


def put_back(was: Any, by: timedelta, days: int) -> Any:
    if isinstance(was, datetime):
        return was - by
    if isinstance(was, date):
        return was - timedelta(days=days)
    return earlier(was, by, days)


def test_times_in_json_are_known_by_their_form() -> None:
    said = {
        "at": "2026-11-22T10:00:00+01:00",
        "window": ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.250000+00:00"],
        "on": "2026-11-22",
        "note": "on 2026-11-22",
        "value": 7,
        "none": None,
    }
    assert earlier(said, timedelta(hours=26), 1) == {
        "at": "2026-11-21T08:00:00+01:00",
        "window": ["2026-11-21T08:00:00+00:00", "2026-11-21T08:00:00.250000+00:00"],
        "on": "2026-11-21",
        "note": "on 2026-11-22",
        "value": 7,
        "none": None,
    }


def test_a_reminder_a_day_does_not_run_into_that_of_the_day_before(patient: Patient) -> None:
    """Moved by the very distance of two rows that may not be alike."""
    now = database_now()
    for day in range(3):
        AlertEvent.objects.create(
            patient=patient, kind="reminder", at=now - timedelta(days=day), rule="R21", level=0
        )
    sandbox_shift.put_back(patient_id=patient.pk, by=timedelta(days=1), days=1)
    moved = AlertEvent.objects.filter(patient=patient).values_list("at", flat=True)
    assert set(moved) == {now - timedelta(days=day) for day in (1, 2, 3)}


def test_a_phone_is_told_of_what_was_moved(patient: Patient) -> None:
    phone = Phone.of(patient)
    entry = put_entry(patient, database_now(), pain=3).record
    cursor = phone.post("sync/", {"since": None, "changes": []}).json()["cursor"]
    sandbox_shift.put_back(patient_id=patient.pk, by=timedelta(days=1), days=1)
    news = phone.post("sync/", {"since": cursor, "changes": []}).json()["changes"]
    (told,) = [each for each in news if each["type"] == "entry"]
    symptom_at = datetime.fromisoformat(told["data"]["symptom_at"])
    assert symptom_at == entry.symptom_at - timedelta(days=1)


# --- What comes of it ---------------------------------------------------------------------------


def test_what_falls_due_on_the_way_is_done_at_its_own_moment(patient: Patient) -> None:
    began = database_now()
    put_entry(patient, began, red_flags=BLADDER)
    said = ordered("advance", "--patient", patient.user.email, "--hours", "26")
    events = AlertEvent.objects.filter(patient=patient, rule="R22").exclude(kind="delivered")
    opened = AlertEvent.objects.get(patient=patient, kind="opened")
    minutes = {(each.kind, round((each.at - opened.at) / timedelta(minutes=1))) for each in events}
    chased = {("reminder", 5), ("reminder", 15), ("reminder", 30), ("escalated", 30)}
    assert minutes == chased
    moved = began - opened.at
    assert timedelta(hours=25, minutes=59) < moved < timedelta(hours=26, minutes=1)
    # Each went out by itself: they did not wait for one another.
    mails = Delivery.objects.filter(recipient=patient.user, state="accepted", channel="email")
    assert mails.values("message").distinct().count() == 4
    assert "26 hours have passed for someone@example.org (Europe/Berlin)." in said
    assert said.count("R22 reminder, level 4 chase.patient") == 3
    assert "email to the patient: accepted" in said


def test_after_26_hours_a_massage_is_asked_about(patient: Patient) -> None:
    put_massage(patient, database_now(), pain_before=3)
    who = ("--patient", "someone@example.org")
    assert "R20 reminder" not in ordered("advance", *who, "--hours", "25.9")
    assert "R20 reminder" in ordered("advance", *who, "--hours", "0.2")
    assert "Nothing came of it." in ordered("advance", *who, "--hours", "1")


@pytest.mark.slow
def test_every_promise_holds_after_a_month(patient: Patient) -> None:
    put_massage(patient, database_now(), pain_before=3)
    put_entry(patient, database_now(), pain=8, red_flags=BLADDER)
    sandbox_clock.advance(patient, timedelta(days=30))
    assert Watch.objects.get(patient=patient).due_at > database_now()
    call_command("verify")  # raises SystemExit when a promise is broken


# --- The inbox ------------------------------------------------------------------------------------


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


def test_a_subscription_is_that_of_a_browser() -> None:
    said = json.loads(Client().get("/sandbox/subscription/", **HERE).content)
    device = {"kind": "webpush", "subscription": said}
    phone = Phone.of(enrolled())
    path = "devices/8b2bd3f4-5f5d-4a43-a6a8-6a0a3a4f9a61/"
    assert phone.put(path, device).status_code == 201


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
    answer = Phone.of(enrolled()).put(
        "devices/8b2bd3f4-5f5d-4a43-a6a8-6a0a3a4f9a61/", {"kind": "webpush", "subscription": said}
    )
    assert answer.status_code == 400


def test_where_real_people_may_be_this_machine_is_no_push_service(settings: Any) -> None:
    settings.RELAXED = False
    device = {"kind": "webpush", "subscription": sandbox_push.subscription("name")}
    phone = Phone.of(enrolled())
    path = "devices/8b2bd3f4-5f5d-4a43-a6a8-6a0a3a4f9a61/"
    assert phone.put(path, device).status_code == 400
