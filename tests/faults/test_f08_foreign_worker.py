"""F08: a worker that is not ours empties our queue; the dispatcher notices, and does the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import redis
from django.conf import settings

from alerts import tasks
from alerts.models import Alert, Delivery, Incident, IncidentKind, Watch
from diary.locking import database_now
from tests.faults import stories
from tests.faults.figures import report, size
from tests.faults.hours import Shift, dispatcher
from tests.faults.races import meanwhile, wait_until

pytestmark = stories.FAULT
SECOND = timedelta(seconds=1)
TOLD_WITHIN = DONE_WITHIN = timedelta(seconds=60)


@contextmanager
def foreign_worker() -> Iterator[list[bytes]]:
    """What it has taken from the queue, to do something else with it."""
    taken: list[bytes] = []
    queue = settings.CELERY_TASK_DEFAULT_QUEUE
    # The transport keeps a list for each step of urgency.
    queues = [queue, *(f"{queue}\x06\x16{step}" for step in (3, 6, 9))]
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete(*queues)

        def take() -> None:
            if found := broker.brpop(queues, timeout=0.1):
                taken.append(found[1])

        with meanwhile(take):
            yield taken


def is_known() -> bool:
    standing = Incident.objects.filter(kind=IncidentKind.WORKERS_SILENT, resolved_at=None)
    return standing.exists()


def is_done() -> bool:
    owed = Delivery.objects.filter(state="owed").exists()
    return not owed and not Watch.objects.filter(due_at__lte=database_now()).exists()


def seconds_until(on_duty: Shift) -> dict[str, timedelta]:
    """When it was noticed and when all was done, within a minute and a half."""
    found: dict[str, timedelta] = {}
    while len(found) < 2 and on_duty.passed < 1.5 * DONE_WITHIN:
        on_duty.work()
        if is_known():
            found.setdefault("told", on_duty.passed)
        if is_done() and "told" in found:
            found.setdefault("done", on_duty.passed)
        on_duty.wait(SECOND)
    return found


def test_f08_a_foreign_worker_empties_the_queue() -> None:
    count = size(ci=20, full=200)
    with (
        stories.mail_server() as mails,
        patch.object(tasks, "_doorbell", tasks.Doorbell()),
        foreign_worker() as taken,
        dispatcher() as on_duty,
    ):
        for _ in range(count):
            patient = stories.new_patient()
            stories.massaged(patient, ago=stories.YESTERDAY)
            stories.write(patient, stories.entry(pain=8, **stories.RED))
        wait_until(lambda: len(taken) >= 2 * count, seconds=10)
        found = seconds_until(on_duty)
    report(
        "F08",
        f"{count} red flags, every message of the broker taken by a stranger",
        taken=len(taken),
        **{f"{what}_after": f"{at.total_seconds():.0f} s" for what, at in found.items()},
        mails=len(mails.mails),
    )
    assert found["told"] <= TOLD_WITHIN
    assert found["done"] <= DONE_WITHIN
    assert Alert.objects.filter(rule__in=["R01", "R08"]).count() == 2 * count
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    assert Delivery.objects.filter(incident__kind=IncidentKind.WORKERS_SILENT).exists()
