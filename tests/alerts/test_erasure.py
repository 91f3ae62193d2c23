"""Erasing a patient: everything goes but the receipt, nobody else loses anything."""

import base64
import io
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import redis
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from kombu import Queue

from alerts import delivery, evaluation, tasks
from alerts.models import Delivery
from config.celery import app
from diary import belongings
from diary.models import Erasure, Patient, User
from diary.services import erasure
from diary.signals import patient_erasing
from tests import everything
from tests.alerts.diaries import NO_QUIET_HOURS, new_phone, new_physician, owe_message, put_entry
from tests.counts import forget_counts
from tests.diary.bodies import ENTRY, new_id
from tests.phones import PASSWORD, Answer, Phone, access_token, at_once, code_of, enrolled
from tests.sinks.push import Answer as PushAnswer
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
ACCOUNT = "/_allauth/app/v1/"
# What of a text could be left in another form.
Marks = set[str]


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(transactional_db: None) -> None:
    forget_counts()


def account(method: str, path: str, body: Any, token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    http = Client(raise_request_exception=False, headers=headers)
    raw = json.dumps(body).encode()
    return http.generic(method, ACCOUNT + path, raw, content_type="application/json")


def logged_in(patient: Patient) -> dict[str, str]:
    said = {"email": patient.user.email, "password": PASSWORD}
    answer = account("POST", "auth/login", said)
    assert answer.status_code == 200, answer.content
    meta: dict[str, str] = answer.json()["meta"]
    return meta


# --- Looking for what is left -------------------------------------------------------------------


def tables() -> dict[str, list[str]]:
    """Every row of every table, as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"SELECT found::text FROM {quoted} AS found")
            found[name] = sorted(row for (row,) in cursor.fetchall())
    return found


def in_tables(marks: Marks) -> list[tuple[str, str]]:
    """In which tables a mark is left, also as bytes, packed in a session, or in the cache."""
    texts = [(name, row) for name, rows in tables().items() for row in rows]
    texts += [("sessions", json.dumps(s.get_decoded(), default=str)) for s in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM cache")
        texts += [("cache", str(base64.b64decode(value))) for (value,) in cursor.fetchall()]
    sought = {form for mark in marks for form in (mark, mark.encode().hex(), mark.replace("-", ""))}
    return [(name, form) for name, text in texts for form in sought if form in text]


def in_broker(marks: Marks) -> list[str]:
    """What is left of a mark in the broker, read through its wrappings."""
    broker = redis.Redis.from_url(django_settings.REDIS_URL)
    found = []
    for key in broker.scan_iter():
        kind = broker.type(key)
        raw: Any = {
            b"list": lambda key: broker.lrange(key, 0, -1),
            b"hash": broker.hgetall,
            b"set": broker.smembers,
            b"zset": lambda key: broker.zrange(key, 0, -1),
            b"string": broker.get,
        }[kind](key)
        said = _unwrapped(str(key) + str(raw))
        found += [f"{key!r} {mark}" for mark in marks if mark in said]
    return found


def _unwrapped(text: str) -> str:
    bodies = [part for part in text.replace("'", '"').split('"') if len(part) > 40]
    for part in bodies:
        try:
            text += base64.b64decode(part, validate=True).decode(errors="ignore")
        except ValueError:
            continue
    return text


def in_files(marks: Marks, folder: Path) -> list[Path]:
    raw = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return [file for file, said in raw.items() if any(mark.encode() in said for mark in marks)]


def worked_off() -> None:
    """What a worker does with the hints that wait in the broker."""
    with app.connection_for_read() as broker:
        queue = Queue(app.conf.task_default_queue, channel=broker.default_channel)
        queue.declare()
        while hint := queue.get(no_ack=True):
            _, kwargs, _ = json.loads(hint.body)
            app.tasks[hint.headers["task"]](**kwargs)


@pytest.fixture
def mail_files(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


# --- The proof ----------------------------------------------------------------------------------


def test_the_story_has_a_row_in_every_table_with_a_way_to_a_patient() -> None:
    patient = everything.lived("zqwhole", new_physician())
    assert everything.missing(patient) == set(), "let tests.everything make such rows"


def test_nothing_is_left_and_nobody_else_loses_anything(mail_files: Path) -> None:
    marks = {"zqsoughteverywhere"}
    doctor = new_physician(name="Dr. Ada")
    other = everything.lived("zqbystander", doctor)
    owe_message(other, level=0)
    _deliver_mails(other)
    worked_off()
    before = tables()

    patient = everything.lived(*marks, doctor)
    everything.mark_every_text(patient, *marks)
    token, refresh = _log_in_and_half_log_in(patient)
    owe_message(patient)
    _deliver_mails(patient)
    marks |= everything.known_ids(patient)
    assert len({name for name, _ in in_tables(marks)}) > 25
    assert in_files(marks, mail_files)

    phone = Phone(token)
    answer = phone.delete("me/")
    assert answer.status_code == 202, answer.content

    assert in_tables(marks) == []
    assert in_files(marks, mail_files) == []
    assert in_files({"zqbystander"}, mail_files)
    after = tables()
    (receipt,) = after.pop("diary_erasure")
    assert before.pop("diary_erasure") == []
    assert answer.json()["id"] in receipt
    for name in ("diary_tally", "cache", "django_content_type", "alerts_heartbeat"):
        del before[name], after[name]
    assert {name for name in before if before[name] != after[name]} == set()
    worked_off()
    assert in_broker(marks) == []
    _check_dead(phone, refresh)


def _log_in_and_half_log_in(patient: Patient) -> tuple[str, str]:
    """A token and a refresh token; and a reset of the password that is not finished."""
    User.objects.filter(pk=patient.user_id).update(password="")
    patient.user.set_password(PASSWORD)
    patient.user.save(update_fields=["password"])
    patient.user.authenticator_set.all().delete()
    account("POST", "auth/login", {"email": patient.user.email, "password": "a wrong password"})
    account("POST", "auth/password/request", {"email": patient.user.email})
    meta = logged_in(patient)
    cache.set(f"allauth:anything:user:{patient.user_id}", [1.0])
    everything._has_an_account(patient.user, patient.user.name)
    return meta["access_token"], meta["refresh_token"]


def _deliver_mails(patient: Patient) -> None:
    for owed in Delivery.objects.filter(recipient=patient.user, channel="email", state="owed"):
        delivery.deliver(owed.pk)


def _check_dead(phone: Phone, refresh: str) -> None:
    for method, path in (("DELETE", "me/"), ("GET", "me/"), ("GET", "export/"), ("GET", "alerts/")):
        answer = phone.send(method, path)
        assert (answer.status_code, code_of(answer)) == (401, "authentication_failed")
    assert phone.put(f"entries/{new_id()}/", ENTRY).status_code == 401
    assert account("POST", "tokens/refresh", {"refresh_token": refresh}).status_code == 400


def test_the_receipt_counts_rows_and_names_nobody() -> None:
    patient = everything.lived("zqcounted", new_physician())
    expected = {
        table._meta.db_table: everything.rows_of(table, patient).distinct().count()
        for table in belongings.everything()
    }
    receipt = erasure.erase(patient_id=patient.pk, at=datetime(2026, 11, 22, tzinfo=UTC))
    assert receipt.at == datetime(2026, 11, 22, tzinfo=UTC)
    assert receipt.counts == {name: count for name, count in expected.items() if count}
    assert str(patient.pk) not in str(vars(receipt))
    with pytest.raises(Patient.DoesNotExist):
        erasure.erase(patient_id=patient.pk)


def test_a_physician_finds_nothing_of_an_erased_patient() -> None:
    doctor = new_physician()
    from diary.accounts import physicians_group

    doctor.groups.add(physicians_group())
    patient = everything.lived("zqseenbystaff", doctor)
    pages = Client()
    pages.force_login(doctor, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page = f"/admin/diary/patient/{patient.pk}/change/"
    erasure.erase(patient_id=patient.pk)
    assert pages.get(page).status_code in (302, 404)
    for path in ("", "diary/patient/", "diary/entry/", "alerts/alert/"):
        assert b"zqseenbystaff" not in pages.get(f"/admin/{path}", follow=True).content


def test_a_physician_who_is_a_patient_too_keeps_the_account_and_is_logged_out() -> None:
    doctor, patient = new_physician(), enrolled()
    User.objects.filter(pk=patient.user_id).update(is_staff=True)
    of_doctor = everything.lived("zqofthedoctor", patient.user)
    token = access_token(patient.user)
    erasure.erase(patient_id=patient.pk)
    assert User.objects.filter(pk=patient.user_id).exists()
    assert of_doctor.care.get().physician_id == patient.user_id
    assert Phone(token).get("me/").status_code == 401
    assert doctor.pk


# --- The door -----------------------------------------------------------------------------------


def test_it_needs_a_log_in_of_the_last_five_minutes_or_the_password_again() -> None:
    patient = enrolled(consented=False)
    token = logged_in(patient)["access_token"]
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=True):
        stale = Phone(token).delete("me/")
        assert (stale.status_code, code_of(stale)) == (403, "reauthentication_required")
        assert "auth/reauthenticate" in stale.json()["detail"]
        wrong = account("POST", "auth/reauthenticate", {"password": "not the password"}, token)
        assert wrong.status_code == 400
        assert Phone(token).delete("me/").status_code == 403
        again = account("POST", "auth/reauthenticate", {"password": PASSWORD}, token)
        assert again.status_code == 200, again.content
        assert Phone(token).delete("me/").status_code == 202
    assert not User.objects.filter(pk=patient.user_id).exists()


def test_a_fresh_log_in_on_another_device_does_not_help() -> None:
    patient = enrolled()
    old = access_token(patient.user)  # of a session that nobody knows the log-in of
    logged_in(patient)
    assert Phone(old).delete("me/").status_code == 403
    assert Phone(logged_in(patient)["access_token"]).delete("me/").status_code == 202


def test_the_command_erases_by_address_and_again_after_a_restore() -> None:
    patient = everything.lived("zqrestored", new_physician())
    before = {table: rows for table, rows in tables().items() if "zqrestored" in str(rows)}
    said, ledger = io.StringIO(), io.StringIO()
    call_command("erase_patient", email="ZQrestored@example.org", stdout=said)
    receipt = Erasure.objects.get()
    assert said.getvalue() == f"Erased. Receipt {receipt.pk}.\n"
    with pytest.raises(CommandError):
        call_command("erase_patient", email="zqrestored@example.org")
    call_command("erasures", stdout=ledger)
    assert json.loads(ledger.getvalue())["digest"] == receipt.digest

    Erasure.objects.all().delete()  # as a backup of yesterday has it
    back = User.objects.create(email="zqrestored@example.org", password="!")
    Patient.objects.create(pk=patient.pk, user=back)
    kept = enrolled()
    with patch("sys.stdin", io.StringIO(ledger.getvalue())):
        call_command("erase_again", stdout=said)
    assert said.getvalue().endswith("Erased again: 1.\n")
    assert [*Patient.objects.values_list("pk", flat=True)] == [kept.pk]
    assert before
    assert in_tables({"zqrestored"}) == []


# --- At the same time ---------------------------------------------------------------------------


@pytest.fixture
def quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks._doorbell, "ring", lambda *_, **__: False)


@pytest.fixture
def committed() -> Iterator[list[datetime]]:
    """When each erasure was committed."""
    found: list[datetime] = []

    def note(**_: Any) -> None:
        transaction.on_commit(lambda: found.append(datetime.now(UTC)))

    patient_erasing.connect(note)
    yield found
    patient_erasing.disconnect(note)


@contextmanager
def workers(patient: Patient, stop: threading.Event) -> Iterator[list[BaseException]]:
    """Three workers who send and evaluate whatever they find of a patient."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.is_set():
                owed = Delivery.objects.filter(patient=patient, state="owed")
                for key in owed.order_by("?").values_list("pk", flat=True):
                    delivery.deliver(key)
                evaluation.evaluate(patient_id=patient.pk)
                time.sleep(0.005)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    yield failures
    stop.set()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_bell")
def test_no_message_arrives_after_the_erasure(
    push_service: PushSink, mail_server: SmtpSink, committed: list[datetime]
) -> None:
    doctor, sent_before = new_physician(), 0
    for _ in range(15):
        patient = enrolled(quiet_hours=NO_QUIET_HOURS)
        for name in ("phone", "tablet"):
            new_phone(patient, push_service, name)
        ids = everything.known_ids(patient)
        push_service.answer = PushAnswer(delay=random.uniform(0, 0.2))
        for _ in range(3):
            for device in patient.devices.all():
                owe_message(patient, channel="webpush", device=device)
            owe_message(patient)
            owe_message(patient, recipient=doctor)
        put_entry(patient, timezone.now(), red_flags={"bladder": "new_or_worse"})
        with workers(patient, threading.Event()) as failures:
            time.sleep(random.uniform(0, 0.3))
            erasure.erase(patient_id=patient.pk)
            time.sleep(0.1)
        assert failures == []
        late = [each.at for each in push_service.pushes if each.at > committed[-1]]
        late += [each.at for each in mail_server.mails if each.at > committed[-1]]
        assert late == []
        assert in_tables(ids) == []
        sent_before += len(push_service.pushes) + len(mail_server.mails)
        push_service.pushes.clear()
        mail_server.mails.clear()
    assert sent_before > 15
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("quiet_bell")
def test_an_erasure_waits_for_a_message_on_the_wire_but_not_for_ever(
    push_service: PushSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = enrolled(quiet_hours=NO_QUIET_HOURS)
    device = new_phone(patient, push_service)
    owed = owe_message(patient, channel="webpush", device=device)
    Delivery.objects.filter(pk=owed.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    monkeypatch.setattr(erasure, "WAITS_SECONDS", 0.3)
    began = time.monotonic()
    erasure.erase(patient_id=patient.pk)
    assert 0.3 <= time.monotonic() - began < 5
    assert not Patient.objects.filter(pk=patient.pk).exists()


@pytest.mark.usefixtures("quiet_bell")
def test_a_phone_that_writes_at_that_moment_is_before_or_after() -> None:
    for _ in range(6):
        patient = enrolled()
        gone, phone = Phone(logged_in(patient)["access_token"]), Phone.of(patient)
        writes = [lambda: phone.put(f"entries/{new_id()}/", ENTRY)] * 3
        others = [
            lambda: phone.get("export/"),
            lambda: phone.patch("me/", {"allergies": ["arnica"]}),
            lambda: phone.get("alerts/"),
        ]
        first, *answers = at_once(lambda: gone.delete("me/"), *writes, *others)
        assert first.status_code == 202, first.content
        assert {answer.status_code for answer in answers} <= {200, 201, 401, 404}
        for answer in answers:
            if answer.streaming:
                answer.getvalue()
        assert in_tables(everything.known_ids(patient)) == []


@pytest.mark.usefixtures("quiet_bell")
def test_two_erasures_at_once_are_one() -> None:
    patient = enrolled()
    phones = [Phone(logged_in(patient)["access_token"]) for _ in range(2)]
    answers = at_once(*[lambda phone=phone: phone.delete("me/") for phone in phones])
    assert sorted(answer.status_code for answer in answers) == [202, 401]
    assert Erasure.objects.count() == 1
