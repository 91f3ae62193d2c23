"""Celery tasks: hints that something is due. Each may be lost, late or doubled without harm."""

import time
from typing import Any
from uuid import UUID

import structlog
from amqp.exceptions import ChannelError
from celery import Task, current_app, shared_task

from alerts import delivery, evaluation, heartbeats

# A worker takes the lowest number first; what is urgent must not wait behind a day's diaries.
_PRIORITY, _USUAL = {4: 0, 3: 3}, 6
log = structlog.get_logger("alerts.tasks")


@shared_task
def evaluate(*, patient_id: str, level: int = 0, **_: Any) -> None:
    """Evaluate one patient, and ring for each delivery that is owed."""
    _pulse.beat()
    for owed in evaluation.evaluate(patient_id=UUID(patient_id)):
        nudge_delivery(owed, level=level)


@shared_task
def deliver(*, delivery_id: str, **_: Any) -> None:
    """Send one delivery."""
    _pulse.beat()
    delivery.deliver(UUID(delivery_id))


def nudge_evaluation(patient_id: UUID, *, level: int = 0) -> bool:
    """Ask a worker to evaluate a patient; `level` is that of what the write has opened."""
    return _doorbell.ring(evaluate, level, patient_id=str(patient_id), level=level)


def nudge_delivery(delivery_id: UUID, *, level: int = 0) -> bool:
    """Ask a worker to send a delivery; False when the broker is away."""
    return _doorbell.ring(deliver, level, delivery_id=str(delivery_id))


def nothing_waits() -> bool:
    """Whether the broker has nothing left to tell a worker."""
    return _doorbell.nothing_waits()


class Doorbell:
    """Publishes once, without retries: what is not heard is found by the dispatcher.

    After a failure it rests, so that a broker that hangs costs a process one wait in a while.
    """

    REST_SECONDS = 5.0

    def __init__(self) -> None:
        self._rests_until = 0.0

    def ring(self, task: Task[Any, None], urgency: int, /, **ids: str | int) -> bool:
        if time.monotonic() < self._rests_until:
            return False
        try:
            task.apply_async(kwargs=ids, retry=False, priority=_PRIORITY.get(urgency, _USUAL))
        except Exception as error:  # each transport has errors of its own
            self._rests_until = time.monotonic() + self.REST_SECONDS
            log.warning("broker away", task=task.name, exc_info=error)
            return False
        return True

    def nothing_waits(self) -> bool:
        """Whether the broker holds no hint: it was heard, or forgotten."""
        if time.monotonic() < self._rests_until:
            return False
        try:
            with current_app.connection_for_write() as broker:
                channel: Any = broker.channel()
                queue = current_app.conf.task_default_queue
                return bool(channel.queue_declare(queue, passive=True).message_count == 0)
        except ChannelError:  # an empty queue does not exist
            return True
        except Exception:  # each transport has errors of its own; the next ring tells of it
            return False


_doorbell = Doorbell()


class Pulse:
    """Says that somebody works on what the broker takes, as seldom as that is enough."""

    EVERY_SECONDS = 5.0

    def __init__(self) -> None:
        self._beats_next = 0.0

    def beat(self) -> None:
        if time.monotonic() >= self._beats_next:
            heartbeats.beat(heartbeats.WORKER)
            self._beats_next = time.monotonic() + self.EVERY_SECONDS


_pulse = Pulse()
