"""A broker that is away, or hangs, must cost a patient who writes next to nothing."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from alerts import tasks
from alerts.heartbeats import DISPATCHER, beat
from alerts.models import Watch
from config.celery import app
from diary.models import Patient
from tests.alerts import diaries

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = 20


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """It accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server


def milliseconds_of_writes(patient: Patient) -> list[float]:
    took = []
    for _ in range(WRITES):
        began = time.perf_counter()
        diaries.put_entry(patient, diaries.at(), pain=3)
        took.append(1000 * (time.perf_counter() - began))
    return took


def test_writes_stay_fast_whatever_the_broker_does(
    patient: Patient, silent_server: socket.socket, tmp_path: Path
) -> None:
    tasks.nudge_evaluation(patient.pk)  # the first call of a process loads the transport
    brokers = {
        "live": settings.CELERY_BROKER_URL,
        "dead port": "redis://127.0.0.1:1/0",
        "dead socket": f"redis+socket://{tmp_path}/none.sock",
        "hanging": f"redis://127.0.0.1:{silent_server.getsockname()[1]}/0",
    }
    usual = 0.0
    for name, url in brokers.items():
        with diaries.broker_at(url):
            took = milliseconds_of_writes(patient)
        usual = usual or median(took)
        print(f"{name}: p50 {median(took):.1f} ms, slowest {max(took):.0f} ms")
        assert median(took) < usual + 100
        assert max(took) < 2000
    assert len(Watch.objects.get().arrived) == 4 * WRITES


def test_a_broker_that_hangs_is_asked_once_in_a_while(
    silent_server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent_server.settimeout(0.1)

    def is_asked() -> bool:
        assert tasks.nudge_evaluation(uuid4()) is False
        try:
            silent_server.accept()[0].close()
        except TimeoutError:
            return False
        return True

    with diaries.broker_at(f"redis://127.0.0.1:{silent_server.getsockname()[1]}/0"):
        assert [is_asked(), is_asked()] == [True, False]
        monkeypatch.setattr(tasks._doorbell, "_rests_until", 0.0)
        assert is_asked()


def rung(patient: Patient, *, level: int = 0) -> bool:
    """Ring until it is heard: on a busy machine the broker may need longer than a write waits."""
    for _ in range(50):
        tasks._doorbell._rests_until = 0.0
        if tasks.nudge_evaluation(patient.pk, level=level):
            return True
    return False


def test_what_is_published_can_be_taken_from_the_queue(patient: Patient) -> None:
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
        assert rung(patient)
        message = queue.get(timeout=5)
        message.ack()
    assert (message.headers["task"], message.payload[1]) == (
        "alerts.tasks.evaluate",
        {"patient_id": str(patient.pk), "level": 0},
    )


def test_what_is_urgent_is_taken_first(patient: Patient) -> None:
    levels = [0, 3, 4, 2]
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
        assert all(rung(patient, level=level) for level in levels)
        taken = [queue.get(timeout=5) for _ in levels]
        for message in taken:
            message.ack()
    assert [message.payload[1]["level"] for message in taken] == [4, 3, 0, 2]


def test_whether_something_waits_at_the_broker_is_known(patient: Patient) -> None:
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        queue.clear()
        assert tasks.nothing_waits()
        assert rung(patient, level=3)
        assert not tasks.nothing_waits()
        queue.get(timeout=5).ack()
        assert tasks.nothing_waits()


def test_readiness_says_within_a_second_that_the_broker_hangs(
    client: Client, silent_server: socket.socket
) -> None:
    beat(DISPATCHER)
    assert client.get("/readyz").status_code == 200
    with diaries.broker_at(f"redis://127.0.0.1:{silent_server.getsockname()[1]}/0"):
        began = time.perf_counter()
        response = client.get("/readyz")
        took = time.perf_counter() - began
    assert (response.status_code, list(response.json()["causes"])) == (503, ["broker"])
    assert took < 2
