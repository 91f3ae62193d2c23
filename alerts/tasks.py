"""Celery tasks: hints that something is due. Each may be lost, late or doubled without harm."""

import time
from typing import Any
from uuid import UUID

import structlog
from celery import Task, shared_task

from alerts import delivery, evaluation

log = structlog.get_logger("alerts.tasks")


@shared_task
def evaluate(*, patient_id: str, **_: Any) -> None:
    """Evaluate one patient, and ring for each delivery that is owed."""
    for owed in evaluation.evaluate(patient_id=UUID(patient_id)):
        nudge_delivery(owed)


@shared_task
def deliver(*, delivery_id: str, **_: Any) -> None:
    """Send one delivery."""
    delivery.deliver(UUID(delivery_id))


def nudge_evaluation(patient_id: UUID) -> bool:
    """Ask a worker to evaluate a patient; False when the broker is away."""
    return _doorbell.ring(evaluate, patient_id=str(patient_id))


def nudge_delivery(delivery_id: UUID) -> bool:
    """Ask a worker to send a delivery; False when the broker is away."""
    return _doorbell.ring(deliver, delivery_id=str(delivery_id))


class Doorbell:
    """Publishes once, without retries: what is not heard is found by the dispatcher.

    After a failure it rests, so that a broker that hangs costs a process one wait in a while.
    """

    REST_SECONDS = 5.0

    def __init__(self) -> None:
        self._rests_until = 0.0

    def ring(self, task: Task[Any, None], **ids: str) -> bool:
        if time.monotonic() < self._rests_until:
            return False
        try:
            task.apply_async(kwargs=ids, retry=False)
        except Exception as error:  # each transport has errors of its own
            self._rests_until = time.monotonic() + self.REST_SECONDS
            log.warning("broker away", task=task.name, exc_info=error)
            return False
        return True


_doorbell = Doorbell()
