"""`manage.py verify`: a healthy database passes, and each promise that is broken is found."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from alerts import acts, evaluation, incidents
from alerts.models import Alert, Delivery, DeliveryAttempt, IncidentKind, Watch
from alerts.sweep import sweep
from alerts.verification import Whom, proof
from diary.locking import database_now
from diary.models import Entry, Patient
from diary.services import records
from tests.alerts.conftest import Bell
from tests.alerts.diaries import BLADDER, new_patient, put_entry, put_massage
from tests.sinks.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
CODES = {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I12", "told"}
MINUTE = timedelta(minutes=1)


def verified(*options: str) -> tuple[int, dict[str, str]]:
    """The status, and what was said of each promise."""
    out = io.StringIO()
    try:
        call_command("verify", *options, stdout=out)
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    lines = out.getvalue().splitlines()
    return status, {line.split()[0]: line for line in lines}


def broken() -> set[str]:
    status, said = verified()
    codes = {code for code, words in said.items() if "BROKEN" in words}
    assert status == (1 if codes else 0)
    return codes


def work() -> None:
    """Evaluate and send what is due, as the dispatcher does when the broker is away."""
    for _ in range(3):
        sql("UPDATE alerts_watch SET nudged_at = NULL")
        sql("UPDATE alerts_delivery SET nudged_at = NULL")
        sweep()


def sql(statement: str, *values: Any) -> None:
    """Change rows behind the back of every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, values)
        finally:
            cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def story(patient: Patient, mail_server: SmtpSink, bell: Bell, settings: Any) -> Patient:
    """A red flag, corrected, acknowledged and closed; another that stands; a massage; a note."""
    settings.ON_CALL_EMAIL = "on-call@example.org"
    bell.is_away = True
    name = uuid4()
    put_entry(patient, database_now(), name=name, pain=4, red_flags=BLADDER)
    work()
    put_entry(patient, database_now(), name=name, pain=5, red_flags=BLADDER)
    put_entry(patient, database_now(), name=name, pain=5, red_flags=BLADDER, note="n")
    alert = Alert.objects.get()
    acts.acknowledge(alert_id=alert.pk, patient_id=patient.pk, by=patient.user)
    acts.close(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, reason="seen")
    put_massage(patient, database_now() - 90 * MINUTE)
    wrong = put_entry(patient, database_now(), pain=9).record.record_id
    records.withdraw(kind=Entry, patient_id=patient.pk, record_id=wrong)
    put_entry(patient, database_now(), pain=5, red_flags={"gait_unsteady": "new_or_worse"})
    work()
    return patient


def test_after_a_real_story_everything_holds(story: Patient) -> None:
    assert Alert.objects.filter(ended_at=None, level=4).count() == 1
    assert Delivery.objects.filter(state="accepted").count() >= 2
    status, said = verified()
    assert status == 0, said
    assert {line.split()[1] for line in said.values()} == {"holds"}
    assert said.keys() == CODES


def _one(query: str) -> Callable[[Patient], None]:
    return lambda _: sql(query)


def forget_alert(patient: Patient) -> None:
    """As if the transaction had kept the entry alone."""
    entry = put_entry(patient, database_now(), pain=5, red_flags=BLADDER)
    evaluation.evaluate(patient_id=patient.pk)
    rule, opened_at = "R01", entry.record.changed_at
    sql("DELETE FROM alerts_alert WHERE rule = %s AND opened_at = %s", rule, opened_at)


def open_alert_for_nothing(patient: Patient) -> None:
    sql(
        "INSERT INTO alerts_alert SELECT (jsonb_populate_record(a, jsonb_build_object("
        " 'id', gen_random_uuid(), 'rule', 'R08', 'subject', gen_random_uuid()))).*"
        " FROM alerts_alert a WHERE ended_at IS NULL"
    )


LATE = "now() - interval '{} minutes'"
ACCEPTED = "(SELECT id FROM alerts_delivery WHERE state = 'accepted' ORDER BY id LIMIT 1)"
OWED = (
    "INSERT INTO alerts_delivery SELECT (jsonb_populate_record(d, jsonb_build_object("
    " 'id', gen_random_uuid(), 'state', 'owed', 'ended_at', null, 'channel', 'fcm', 'level', {},"
    " 'message', null, 'waits_for', '{}', 'due_at', now() - interval '{} minutes'))).*"
    f" FROM alerts_delivery d WHERE id = {ACCEPTED}"
)
BREAKS: list[Any] = [
    ("row-is-no-version", "UPDATE diary_entry SET pain = 1", {"I1"}),
    ("massage-is-no-version", "UPDATE diary_massage SET pain_before = 3", {"I1"}),
    (
        "version-lost",
        "DELETE FROM diary_entryevent WHERE version = 2 AND deleted_at IS NULL",
        {"I1"},
    ),
    ("entry-lost", "DELETE FROM diary_entry WHERE note = 'n'", {"I1"}),
    ("red-flag-not-answered", forget_alert, {"I2"}),
    ("open-for-no-reason", open_alert_for_nothing, {"I4", "I9", "told"}),
    ("standing-alert-lost", "DELETE FROM alerts_alert WHERE ended_at IS NULL", {"I2"}),
    ("urgent-left-lying", OWED.format(3, "", 3), {"I5"}),
    ("other-left-lying", OWED.format(2, "", 11), {"I5"}),
    ("held-for-nothing", OWED.format(2, "gone.example", 11), {"I5"}),
    ("not-evaluated", f"UPDATE alerts_watch SET due_at = {LATE.format(2)}", {"I12"}),
    (
        "accepted-without-attempt",
        f"DELETE FROM alerts_deliveryattempt WHERE delivery_id = {ACCEPTED}",
        {"I6"},
    ),
    (
        "attempt-without-accepted",
        f"UPDATE alerts_delivery SET state = 'dead' WHERE id = {ACCEPTED}",
        {"I6"},
    ),
    (
        "delivered-unsaid",
        "DELETE FROM alerts_alertevent WHERE kind = 'delivered'",
        {"I7"},
    ),
    (
        "delivered-too-often",
        "INSERT INTO alerts_alertevent SELECT (jsonb_populate_record(e,"
        " jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM alerts_alertevent e, generate_series(1, 9) WHERE kind = 'delivered'",
        {"I7"},
    ),
    (
        "accepted-twice",
        "INSERT INTO alerts_deliveryattempt SELECT (jsonb_populate_record(a,"
        " jsonb_build_object('id', gen_random_uuid()))).* FROM alerts_deliveryattempt a",
        {"I8"},
    ),
    (
        "second-try-unmarked",
        "INSERT INTO alerts_deliveryattempt SELECT (jsonb_populate_record(a, jsonb_build_object("
        " 'id', gen_random_uuid(), 'outcome', 'unknown', 'ended_at', null,"
        " 'began_at', began_at - interval '1 minute'))).* FROM alerts_deliveryattempt a",
        {"I8"},
    ),
    (
        "one-message-to-two",
        "UPDATE alerts_delivery SET message = '00000000-0000-4000-8000-000000000000'",
        {"I8"},
    ),
    (
        "attempt-ends-before-it-begins",
        "UPDATE alerts_deliveryattempt SET ended_at = began_at - interval '1 second'",
        {"I9"},
    ),
    (
        "ended-before-it-was-owed",
        "UPDATE alerts_delivery SET ended_at = created_at - interval '1 second'",
        {"I9"},
    ),
    (
        "acts-after-the-end",
        "UPDATE alerts_alertevent SET at = now() WHERE kind = 'closed'",
        {"I9"},
    ),
    ("level-without-event", "UPDATE alerts_alert SET level = 3 WHERE ended_at IS NULL", {"I9"}),
    (
        "ended-without-event",
        "DELETE FROM alerts_alertevent WHERE kind = 'cleared'",
        {"I9"},
    ),
    (
        "read-by-nobody",
        "UPDATE alerts_alert SET acknowledged_at = now() WHERE ended_at IS NULL",
        {"I9"},
    ),
    (
        "told-nobody",
        "DELETE FROM alerts_delivery WHERE event_id IN (SELECT id FROM alerts_alertevent"
        " WHERE alert_id = (SELECT id FROM alerts_alert WHERE ended_at IS NULL))",
        {"told"},
    ),
]


@pytest.mark.parametrize(
    ("do", "codes"), [pytest.param(do, codes, id=name) for name, do, codes in BREAKS]
)
def test_what_is_broken_is_found(story: Patient, do: Any, codes: set[str]) -> None:
    assert broken() == set()
    if callable(do):
        do(story)
    else:
        sql(do)
    assert codes <= broken()


@contextmanager
def without_index(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        owner = "ALTER TABLE {} DROP CONSTRAINT {}"
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s", [name]
        )
        constraint = cursor.fetchone()
        cursor.execute(owner.format(constraint[0], name) if constraint else f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE diary_entry, diary_massage, alerts_alert CASCADE")
            cursor.execute(definition)


@pytest.mark.parametrize(
    ("table", "index", "where"),
    [
        ("alerts_alert", "one_open_alert_per_cause", "ended_at IS NULL"),
        ("alerts_delivery", "told_once_per_endpoint", "event_id IS NOT NULL"),
        ("diary_entry", "one_entry_per_id", "deleted_at IS NULL"),
        ("diary_massage", "one_massage_per_id", "true"),
    ],
)
def test_what_is_there_twice_is_found(story: Patient, table: str, index: str, where: str) -> None:
    new_id = "gen_random_uuid()" if table.startswith("alerts") else "id + 1000000"
    with without_index(index):
        sql(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(r,"
            f" jsonb_build_object('id', {new_id}))).* FROM {table} r WHERE {where}"
        )
        assert "I3" in broken()


def test_the_mail_to_who_is_on_call_is_looked_at_too(story: Patient) -> None:
    kind = IncidentKind.RULE_FAILED
    incidents.report(patient=None, kind=kind, cause="x", at=database_now() - 20 * MINUTE)
    assert broken() == {"I5"}


def test_what_is_due_is_no_fault_yet(story: Patient) -> None:
    put_entry(story, database_now(), pain=5, red_flags=BLADDER)
    assert Watch.objects.get(patient=story).due_at is not None
    assert broken() == set()


def test_examples_are_few_and_are_ids(story: Patient) -> None:
    for _ in range(7):
        put_entry(story, database_now(), pain=1)
    evaluation.evaluate(patient_id=story.pk)
    sql("UPDATE diary_entry SET pain = 2 WHERE pain = 1")
    status, said = verified()
    assert status == 1
    assert said["I1"].startswith("I1    BROKEN  ")
    shown = said["I1"].partition("; 7 times: ")[2].split()
    assert len(shown) == 5
    known = {str(key) for key in Entry.objects.values_list("record_id", flat=True)}
    assert set(shown) <= known


def test_only_whom_one_asks_for_is_looked_at(story: Patient) -> None:
    others = [new_patient() for _ in range(3)]
    seen: list[int] = []
    proof(Whom(), progress=seen.append)
    proof(Whom(most=2), progress=seen.append)
    proof(Whom(since=database_now() - 5 * MINUTE), progress=seen.append)
    assert seen == [1 + len(others), 2, 1]
    sql("UPDATE diary_entry SET pain = 1")
    assert verified("--since", (database_now() + MINUTE).isoformat())[0] == 0
    assert verified("--since", str(database_now().date()))[0] == 1


def test_chunks_leave_nobody_out(story: Patient) -> None:
    for _ in range(4):
        new_patient()
    with patch("alerts.verification._AT_ONCE", 2):
        seen: list[int] = []
        proof(Whom(), progress=seen.append)
    assert seen == [2, 4, 5]


def test_nothing_is_changed_by_looking(story: Patient) -> None:
    def rows() -> list[Any]:
        kinds: list[Any] = [Alert, Delivery, DeliveryAttempt, Watch, Entry]
        return [list(kind.objects.order_by("pk").values()) for kind in kinds]

    before = rows()
    verified()
    assert rows() == before


def test_a_database_that_is_away_is_told_from_a_broken_promise(
    story: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    away = OperationalError("secret address")
    with patch("alerts.verification._look", side_effect=away):
        assert verified() == (2, {})
    assert capsys.readouterr().err == "The database did not answer: OperationalError.\n"


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01"])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    with pytest.raises(Exception, match="--since"):
        call_command("verify", "--since", moment)
