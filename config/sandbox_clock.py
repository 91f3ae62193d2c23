"""Letting time pass for one patient: from one due moment to the next, as if it were waited for."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from alerts import delivery
from alerts.evaluation import evaluate
from alerts.models import AlertEvent, Delivery, DeliveryState, Watch
from config.sandbox_shift import Gone, pass_time
from diary.locking import database_now
from diary.models import Patient

MOST: Final = timedelta(days=366)
_LEAST_STEP: Final = timedelta(seconds=1)
# A worker may have taken something: how long its end is waited for.
_PATIENCE_SECONDS: Final = 20.0
_LOOKS_EVERY: Final = 0.05


@dataclass(frozen=True)
class Passed:
    """What came of it: the rows are as they are now, with their times put back."""

    events: list[AlertEvent]
    waiting: list[Delivery]


def advance(patient: Patient, by: timedelta) -> Passed:
    """Move a patient's clock forward; what falls due on the way is done at its own moment."""
    known = set(AlertEvent.objects.filter(patient=patient).values_list("pk", flat=True))
    evaluate(patient_id=patient.pk)
    _settle(patient.pk)
    begun_at, zone, gone = database_now(), ZoneInfo(patient.timezone), Gone()
    while gone.by < by:
        step = min(max(_next_due(patient.pk, after=begun_at), _LEAST_STEP), by - gone.by)
        at = begun_at + gone.by + step
        there = Gone(gone.by + step, _day(at, zone) - _day(begun_at, zone))
        pass_time(patient_id=patient.pk, before=gone, now=there, at=at)
        gone = there
        _settle(patient.pk)
    events = AlertEvent.objects.filter(patient=patient).exclude(pk__in=known)
    told = events.select_related("alert").prefetch_related("deliveries__recipient")
    return Passed(list(told.order_by("at", "rule")), list(_owed(patient.pk).order_by("due_at")))


def _day(moment: datetime, zone: ZoneInfo) -> int:
    """The number of its local day."""
    return moment.astimezone(zone).toordinal()


def _next_due(patient_id: UUID, *, after: datetime) -> timedelta:
    """How long until something falls due; a year when nothing does.

    From the moment at which we began: the time that we take ourselves is not the patient's.
    """
    watch = Watch.objects.filter(patient=patient_id).first()
    moments = [watch.due_at] if watch and watch.due_at else []
    # What waits for a far end that is down falls due when that works again.
    moments += _owed(patient_id).filter(waits_for="").values_list("due_at", flat=True)
    return min((moment - after for moment in moments), default=MOST)


def _settle(patient_id: UUID) -> None:
    """Send all that is due, with whatever workers send of it meanwhile."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        due = list(_due(patient_id))
        if not due:
            return
        for key in due:
            delivery.deliver(key)
        if any(True for _ in _due(patient_id)):
            time.sleep(_LOOKS_EVERY)


def _due(patient_id: UUID) -> Iterator[UUID]:
    ripe = _owed(patient_id).filter(waits_for="", due_at__lte=database_now())
    return iter(ripe.order_by("-level", "due_at").values_list("pk", flat=True))


def _owed(patient_id: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(patient=patient_id, state=DeliveryState.OWED)
