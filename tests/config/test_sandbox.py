"""The sandbox: stories that show what they say, and a clock that can be moved."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alerts.evaluation import evaluate
from alerts.models import Alert, AlertEvent, Delivery, PushDevice, Watch
from alerts.verification import Whom, proof
from config import demonstration, sandbox, sandbox_clock
from config.demonstration import STORIES, Story
from diary.accounts import enrol_physician
from diary.locking import database_now
from diary.models import Entry, Patient
from diary.services import profile
from tests.alerts.diaries import BLADDER, put_entry, put_massage
from tests.phones import enrolled

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"
# At night, and on both sides of the night in which Berlin changes its clocks.
MOMENTS = [
    datetime(2026, 3, 29, 12, tzinfo=UTC),
    datetime(2026, 11, 2, 3, 45, tzinfo=UTC),
]


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
    put_entry(stranger, database_now(), pain=3)
    symptom_at = Entry.objects.get().symptom_at
    with pytest.raises(CommandError, match="no patient of the sandbox"):
        ordered("advance", "--patient", "stranger@example.org", "--hours", "26")
    assert Entry.objects.get().symptom_at == symptom_at
    assert "stranger" not in ordered("list")


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "8785"])
def test_time_goes_forward_and_not_for_ever(patient: Patient, hours: str) -> None:
    with pytest.raises(CommandError, match="at most 8784"):
        ordered("advance", "--patient", patient.user.email, f"--hours={hours}")


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
def test_a_month_breaks_no_promise_that_held(patient: Patient) -> None:
    put_massage(patient, database_now(), pain_before=3)
    put_entry(patient, database_now(), pain=8, red_flags=BLADDER)
    sandbox_clock.advance(patient, timedelta(minutes=1))
    before = broken()
    sandbox_clock.advance(patient, timedelta(days=30))
    assert broken() <= before
    due_at = Watch.objects.get(patient=patient).due_at
    assert due_at
    assert due_at > database_now()


@pytest.mark.slow
@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("who", ["felix.silent", "clara.weakness"])
def test_a_week_that_is_moved_is_like_a_week_that_has_passed(
    monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(demonstration, "HOME", "UTC")  # whose days all have 24 hours
    week, now = timedelta(days=7), database_now()
    story = next(story for story in STORIES if story.email.startswith(who))
    moved = told(story, now)
    sandbox_clock.advance(moved, week)
    waited = told(story._replace(email="waited@example.org"), now - week)
    evaluate(patient_id=waited.pk, at=now)
    of_moved, of_waited = story_of(moved), story_of(waited)
    assert [said for said, _ in of_moved] == [said for said, _ in of_waited]
    assert len(of_moved) > 1
    for (said, at), (_, then) in zip(of_moved, of_waited, strict=True):
        assert abs(at - then) < timedelta(minutes=1), said


def story_of(patient: Patient) -> list[tuple[Any, datetime]]:
    """What was found and said, with the words that rules remember it by."""
    events = AlertEvent.objects.filter(patient=patient).exclude(kind="delivered")
    found = events.order_by("at", "rule", "kind", "message")
    return [((e.rule, e.kind, e.level, e.text_key, e.message), e.at) for e in found]


def broken() -> set[str]:
    return {finding.code for finding in proof(Whom()) if finding.count}
