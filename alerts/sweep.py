"""Finding what is due in PostgreSQL: the only scheduler, as often and as many as one likes."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from alerts import delivery, evaluation, tasks
from alerts.models import Delivery, DeliveryState, Watch

# A worker that was asked gets this long before it is asked again.
PATIENCE = timedelta(seconds=10)
# What is overdue by more than this is not waited for: nobody seems to listen.
OVERDUE = timedelta(seconds=20)
# What a sweep does itself takes at most this long: a far end that hangs must not stop the rest,
# which is taken again when the patience has ended.
INLINE_SECONDS = 5.0
_AT_ONCE = 200
log = structlog.get_logger("alerts.sweep")


def sweep() -> int:
    """Ask workers for everything that is due, or do it here if nobody hears; answer how much."""
    watches = Watch.objects.order_by("due_at")
    deliveries = Delivery.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()), state=DeliveryState.OWED
    ).order_by("-level", "due_at")
    return _see_to(watches, tasks.nudge_evaluation, _evaluate) + _see_to(
        deliveries, tasks.nudge_delivery, delivery.deliver
    )


def _see_to(
    rows: models.QuerySet[Any], nudge: Callable[[UUID], bool], do: Callable[[UUID], None]
) -> int:
    taken = _taken(rows)
    # Who is overdue is rung for too: workers that have come back take what this cannot do.
    unheard = [key for key, is_overdue in taken if not nudge(key) or is_overdue]
    until = time.monotonic() + INLINE_SECONDS
    for key in unheard:
        if time.monotonic() > until:
            break
        try:
            do(key)
        except Exception:  # one that is poisoned must not stop the others
            log.exception("could not be done")
    return len(taken)


def _taken(rows: models.QuerySet[Any]) -> list[tuple[UUID, bool]]:
    """Take what is due and was not asked for lately: (key, whether it is long overdue)."""
    unasked = Q(nudged_at=None) | Q(nudged_at__lt=Now() - PATIENCE)
    with transaction.atomic():
        found = list(
            rows.filter(unasked, due_at__lte=Now())
            .select_for_update(skip_locked=True, of=("self",))
            .annotate(
                is_overdue=models.Case(
                    models.When(due_at__lt=Now() - OVERDUE, then=True), default=False
                )
            )
            .values_list("pk", "is_overdue")[:_AT_ONCE]
        )
        rows.model.objects.filter(pk__in=[key for key, _ in found]).update(nudged_at=Now())
    return found


def _evaluate(patient_id: UUID) -> None:
    evaluation.evaluate(patient_id=patient_id)  # what it owes is asked for next, like the rest
