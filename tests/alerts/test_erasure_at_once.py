"""An erasure while others send, write and read: before or after, and nothing in between."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from alerts import delivery, evaluation, senders, tasks
from alerts.models import Delivery, PushDevice
from diary.models import Erasure, Patient, User
from diary.services import erasure
from diary.signals import patient_erasing
from tests import everything
from tests.alerts.diaries import NO_QUIET_HOURS, new_phone, new_physician, owe_message, put_entry
from tests.counts import forget_counts
from tests.diary.bodies import ENTRY, new_id
from tests.left_behind import in_tables
from tests.log_ins import account, logged_in
from tests.phones import PASSWORD, Answer, Phone, at_once, enrolled
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_bell")]


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(transactional_db: None) -> None:
    forget_counts()


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


def work(patient: Patient, stop: threading.Event) -> None:
    """Send and evaluate whatever is found of a patient, as a worker does."""
    while not stop.is_set():
        owed = Delivery.objects.filter(patient=patient, state="owed")
        for key in owed.order_by("?").values_list("pk", flat=True):
            delivery.deliver(key)
        evaluation.evaluate(patient_id=patient.pk)
        time.sleep(0.005)


def closing(piece: Callable[[], None]) -> None:
    try:
        piece()
    finally:
        connections.close_all()


@contextmanager
def workers(patient: Patient) -> Iterator[None]:
    """Three workers at it; what one of them raises is raised here."""
    stop = threading.Event()
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(closing, partial(work, patient, stop)) for _ in range(3)]
        yield
        stop.set()
        for each in running:
            each.result(30)


@pytest.fixture
def slow_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a while until a message that is being sent arrives."""
    send = senders.send

    def sent(*args: Any, **named: Any) -> str:
        time.sleep(random.uniform(0.2, 0.8))
        return send(*args, **named)

    monkeypatch.setattr(senders, "send", sent)


def _owe_much(patient: Patient, service: PushSink, doctor: User) -> None:
    for name in ("phone", "tablet"):
        new_phone(patient, service, name)
    for _ in range(3):
        for device in PushDevice.objects.filter(patient=patient):
            owe_message(patient, channel="webpush", device=device)
        owe_message(patient)
        owe_message(patient, recipient=doctor)
    put_entry(patient, timezone.now(), red_flags={"bladder": "new_or_worse"})


@pytest.mark.slow
@pytest.mark.usefixtures("slow_wire")
def test_no_message_arrives_after_the_erasure(
    push_service: PushSink, mail_server: SmtpSink, committed: list[datetime]
) -> None:
    doctor, arrived = new_physician(), 0
    for _ in range(10):
        patient = enrolled(quiet_hours=NO_QUIET_HOURS)
        _owe_much(patient, push_service, doctor)
        ids = everything.known_ids(patient)
        push_service.pushes.clear()
        mail_server.mails.clear()
        with workers(patient):
            time.sleep(random.uniform(0, 0.2))
            erasure.erase(patient_id=patient.pk)
            time.sleep(0.8)
        sent: list[Any] = [*push_service.pushes, *mail_server.mails]
        assert [each for each in sent if each.at > committed[-1]] == []
        assert in_tables(ids) == []
        arrived += len(sent)
    assert arrived > 10
    assert not Delivery.objects.exists()


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


def everything_at_once(phone: Phone, entries: list[str]) -> list[Callable[[], Answer]]:
    return [
        *(partial(phone.put, f"entries/{name}/", ENTRY) for name in entries),
        partial(phone.patch, "me/", {"allergies": ["arnica"]}),
        partial(phone.post, "sync/", {"since": None, "changes": []}),
        lambda: read(phone.get("export/")),
        partial(phone.get, "alerts/"),
    ]


def read(answer: Answer) -> Answer:
    answer.getvalue()
    return answer


@pytest.mark.slow
def test_a_phone_that_writes_at_that_moment_is_before_or_after() -> None:
    seen: set[int] = set()
    for _ in range(12):
        patient, entries = enrolled(), [new_id() for _ in range(3)]
        ids = {*entries, *everything.known_ids(patient)}
        gone, phone = Phone(logged_in(patient)["access_token"]), Phone.of(patient)
        first, *answers = at_once(partial(gone.delete, "me/"), *everything_at_once(phone, entries))
        assert first.status_code == 202, first.content
        seen |= {answer.status_code for answer in answers}
        assert in_tables(ids) == []
    assert seen <= {200, 201, 401, 404}


def test_a_log_in_at_that_moment_is_before_or_after() -> None:
    for _ in range(3):
        forget_counts()
        patient = enrolled()
        ids = {str(patient.pk), str(patient.user_id), patient.user.email}
        phone, other = Phone(logged_in(patient)["access_token"]), logged_in(patient)
        said = {"email": patient.user.email, "password": PASSWORD}
        first, *answers = at_once(
            partial(phone.delete, "me/"),
            partial(account, "POST", "auth/login", said),
            partial(account, "POST", "tokens/refresh", {"refresh_token": other["refresh_token"]}),
        )
        assert first.status_code == 202, first.content
        assert {answer.status_code for answer in answers} <= {200, 400, 401}
        assert in_tables(ids) == []


def test_two_erasures_at_once_are_one() -> None:
    patient = enrolled()
    phones = [Phone(logged_in(patient)["access_token"]) for _ in range(2)]
    answers = at_once(*[partial(phone.delete, "me/") for phone in phones])
    assert sorted(answer.status_code for answer in answers) == [202, 401]
    assert Erasure.objects.count() == 1
