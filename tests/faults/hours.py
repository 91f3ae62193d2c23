"""Time that passes quickly: what is waited for comes nearer, the schedule stays as it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from alerts import outages, sweep
from alerts.models import Delivery, DeliveryState, FarEnd, Heartbeat, Watch
from diary.locking import database_now
from tests.faults import stories
from tests.faults.races import crew

_OWED = Delivery.objects.filter(state=DeliveryState.OWED)
WORKERS = 2
_PAUSE = timedelta(seconds=1)  # of the dispatcher
_LONGEST_STEP = timedelta(minutes=5)


def pass_time(span: timedelta) -> None:
    """Move all that is owed or waited for back by `span`, as if that time had passed."""
    _move_back(_OWED, span, "created_at", "due_at", "nudged_at", "lease_until")
    _move_back(Watch.objects.filter(due_at__lte=Now()), span, "due_at", "nudged_at")
    _move_back(FarEnd.objects.all(), span, "open_until", "probe_until")
    _move_back(Heartbeat.objects.all(), span, "at")


def _move_back(rows: QuerySet[Any], span: timedelta, *names: str) -> None:
    rows.update(**{name: F(name) - span for name in names})


def next_due() -> timedelta | None:
    """How long until something is due or asked for again, or a far end may be tried again."""
    now = database_now()
    if _OWED.filter(due_at__lte=now, nudged_at=None, waits_for="").exists():
        return _PAUSE
    closed = FarEnd.objects.filter(open_until__gt=now)
    asked = _OWED.filter(nudged_at__gt=now - sweep.PATIENCE)
    moments = [
        *_OWED.filter(due_at__gt=now).order_by("due_at").values_list("due_at", flat=True)[:1],
        *closed.order_by("open_until").values_list("open_until", flat=True)[:1],
        *(at + sweep.PATIENCE for at in asked.values_list("nudged_at", flat=True)[:1] if at),
    ]
    return min((at - now for at in moments if at), default=None)


class Shift:
    """A dispatcher and some workers, whose time passes as quickly as it is told to."""

    def __init__(self, workers: Callable[[], None]) -> None:
        self.passed = timedelta(0)
        self._workers = workers

    def work(self) -> None:
        """One sweep, and what the workers hear of it."""
        sweep.sweep()
        self._workers()

    def go_on(self, span: timedelta, *, until: Callable[[], bool] = lambda: False) -> timedelta:
        """Work for a span, or until something holds; answer how long that was."""
        left = span
        while True:
            self.work()
            if until() or left <= timedelta(0):
                break
            step = min(left, _LONGEST_STEP, next_due() or left) + timedelta(milliseconds=1)
            self.wait(step)
            left -= step
        return span - left

    def wait(self, span: timedelta) -> None:
        """Let time pass in which nobody works."""
        pass_time(span)
        self.passed += span


@contextmanager
def shift() -> Iterator[Shift]:
    """Workers and a dispatcher of a service that has just been started."""
    with stories.doorbell() as bell, crew(WORKERS) as at_once:

        def hear() -> None:
            while bell.rung:
                at_once(stories.nudged(bell))

        with dispatcher(hear) as on_duty:
            yield on_duty


@contextmanager
def dispatcher(workers: Callable[[], None] = lambda: None) -> Iterator[Shift]:
    """A dispatcher that has just been started, with these workers or with none."""
    on_duty = Shift(workers)

    def monotonic() -> float:
        return on_duty.passed.total_seconds()

    clock = SimpleNamespace(monotonic=monotonic)
    with patch.object(outages, "time", clock), patch.object(sweep, "_ear", outages.Ear()):
        yield on_duty
