"""Several at once: one send, one alert, nothing lost, nobody stuck."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from alerts import delivery, evaluation, sweep, tasks
from alerts.core import engine
from alerts.models import Alert, AlertEvent, Delivery, DeliveryAttempt, Watch
from diary.locking import locked
from diary.models import Entry
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER, at, owe_message, put_entry, put_massage
from tests.sinks.smtp import SmtpSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_bell")]
THREADS = 8


@pytest.fixture
def quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker: whoever is in the race does the work itself."""
    monkeypatch.setattr(tasks._doorbell, "ring", lambda *_, **__: False)


def at_once(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run each piece of work in a thread; what one raises is raised here."""

    def closing(piece: Callable[[], Any]) -> Any:
        try:
            return piece()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result(60) for future in [pool.submit(closing, each) for each in work]]


def test_eight_workers_send_a_hundred_messages_once_each(mail_server: SmtpSink) -> None:
    owed = [owe_message(diaries.new_patient()).pk for _ in range(100)]

    def deliver_all() -> None:
        for key in random.sample(owed, len(owed)):
            delivery.deliver(key)

    at_once([deliver_all] * THREADS)
    sent = Counter(mail.message["Message-ID"] for mail in mail_server.mails)
    assert (len(sent), max(sent.values())) == (100, 1)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("accepted", 1)}
    assert DeliveryAttempt.objects.count() == 100


def test_evaluations_of_one_patient_at_once_open_one_alert() -> None:
    for _ in range(3):
        patient = diaries.new_patient()
        put_massage(patient, at(), pain_before=3)
        put_entry(patient, at(hours=30), pain=7)
        evaluate = [lambda key=patient.pk: evaluation.evaluate(patient_id=key)] * THREADS
        owed = at_once(evaluate)
        assert Alert.objects.filter(patient=patient, rule="R08").count() == 1
        assert Delivery.objects.filter(patient=patient, level=2).count() == 1
        assert len({frozenset(each) for each in owed}) == 1, "each gives back what is owed"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each record was news to an evaluation."""
    found: Counter[str] = Counter()
    step = engine.step

    def witnessed(*args: Any, **named: Any) -> Any:
        found.update(named["news"].arrived if "news" in named else ())
        return step(*args, **named)

    monkeypatch.setattr(engine, "step", witnessed)
    return found


def test_no_arrival_is_lost_between_writes_and_evaluations(seen: Counter[str]) -> None:
    patient = diaries.new_patient()
    names = [uuid4() for _ in range(24)]

    def write(part: list[UUID]) -> None:
        for name in part:
            put_entry(patient, at(), name=name, pain=3)

    def evaluate() -> None:
        for _ in names:
            evaluation.evaluate(patient_id=patient.pk)

    writes = [partial(write, names[first::3]) for first in range(3)]
    at_once([*writes, evaluate, evaluate])
    evaluate()
    assert seen == Counter(map(str, names))
    assert Watch.objects.get().arrived == []


def test_one_body_sent_eight_times_at_once_is_one_entry_and_one_alert() -> None:
    for _ in range(3):
        patient, name = diaries.new_patient(), uuid4()
        put = [lambda p=patient, n=name: put_entry(p, at(), name=n, red_flags=BLADDER)] * THREADS
        written = at_once(put)
        assert sorted(each.effect for each in written) == ["created"] + ["unchanged"] * 7
        assert all(each.answers["guidance"]["level"] == 4 for each in written)
        assert Entry.objects.filter(patient=patient).count() == 1
        assert AlertEvent.objects.filter(patient=patient, kind="opened").count() == 1


def test_four_sweeps_at_once_do_everything_once(mail_server: SmtpSink) -> None:
    patients = [diaries.new_patient() for _ in range(10)]
    for patient in patients:
        put_massage(patient, at(), pain_before=3)
        put_entry(patient, at(hours=30), pain=7)
        owe_message(patient, level=4)
    at_once([sweep.sweep] * 4)
    sweep.sweep()
    assert Alert.objects.count() == len(patients)
    sent = Counter(mail.message["Message-ID"] for mail in mail_server.mails)
    messages = Delivery.objects.values("message").distinct().count()
    assert (len(sent), max(sent.values())) == (messages, 1)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}


def test_whoever_waited_for_a_patient_is_later_than_those_they_waited_for() -> None:
    patient = diaries.new_patient()
    clocks: list[datetime] = []

    def hold() -> None:
        for _ in range(25):
            with transaction.atomic():
                clocks.append(locked(patient.pk)[1])

    at_once([hold] * THREADS)
    assert clocks == sorted(clocks)
