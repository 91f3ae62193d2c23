"""The end of a delivery: accepted, cancelled with a reason, or dead with an incident.

Everything here is for the transaction of a caller who has locked the rows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from alerts import incidents, messages
from alerts.breaker import held
from alerts.models import (
    AlertEvent,
    AttemptOutcome,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    EventKind,
    IncidentKind,
)
from alerts.pauses import pause
from alerts.wanted import NO_WAY

GIVE_UP_AFTER = timedelta(hours=24)
FAR_END_DOWN = "far_end_down"
_AT_ONCE = 200


def accept(rows: Iterable[Delivery], *, provider_id: str) -> None:
    """The provider has taken the message."""
    rows = list(rows)
    _end(rows, DeliveryState.ACCEPTED, because="", provider_id=provider_id[:255])
    # The patient's timeline: that the clinic was told stands in its deliveries. Two rows of a
    # message may speak for one alert, which was delivered once.
    theirs = [row for row in rows if row.patient and row.recipient_id == row.patient.user_id]
    events = {event.alert_id: event for row in theirs if (event := row.event) and event.alert_id}
    AlertEvent.objects.bulk_create(
        AlertEvent(
            patient_id=event.patient_id,
            alert_id=event.alert_id,
            kind=EventKind.DELIVERED,
            at=Now(),
            rule=event.rule,
            subject=event.subject,
            level=event.level,
        )
        for event in events.values()
    )


def cancel(row: Delivery, *, because: str, at: datetime) -> None:
    """The message need not go out any more, or nobody can be reached this way."""
    _end([row], DeliveryState.CANCELLED, because=because)
    if because in NO_WAY:
        messages.pass_on(row, at=at)


def die(rows: Sequence[Delivery], *, because: str, at: datetime, is_told: bool = False) -> None:
    """The message will not arrive: whoever comes next is told, and those who run the service.

    `is_told`: its owner knows, as of a phone that was retired; nobody on call is mailed for that.
    """
    _end(rows, DeliveryState.DEAD, because=because)
    # The events in one order: the end of another message about them may come at the same time.
    for row in sorted(rows, key=lambda row: str(row.event_id)):
        messages.pass_on(row, at=at)
    cause = f"{rows[0].channel} {because}"
    kind, patient = IncidentKind.DELIVERY_DEAD, rows[0].patient
    incidents.report(patient=patient, kind=kind, cause=cause, at=at, is_told=is_told)


def with_story(rows: QuerySet[Delivery]) -> QuerySet[Any, Any]:
    """The rows with the clock, since when they are tried, and whether a try has no known end."""
    tries = DeliveryAttempt.objects.filter(delivery=OuterRef("pk"))
    first = tries.order_by("began_at").values("began_at")[:1]
    return rows.annotate(
        clock=Now(),
        tried_since=Coalesce(Subquery(first), F("due_at")),
        has_lost_try=Exists(tries.filter(outcome=AttemptOutcome.UNKNOWN)),
    )


def end_held() -> int:
    """End what has waited for a far end for too long; answer how much."""
    too_long = Now() - GIVE_UP_AFTER
    waiting = with_story(held().filter(created_at__lt=too_long)).filter(tried_since__lt=too_long)
    with transaction.atomic(durable=True):
        lost = list(
            waiting.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
            .select_related("event", "patient")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:_AT_ONCE]
        )
        for row in lost:
            die([row], because=FAR_END_DOWN, at=row.clock)
    return len(lost)


def stumble(delivery_id: UUID, *, because: str) -> None:
    """Put off a delivery that fails before it can be sent, or end it after a day of that."""
    with transaction.atomic(durable=True):
        owed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.OWED)
        row = with_story(owed).select_for_update(of=("self",)).first()
        if row is None:
            return
        if row.clock - row.created_at > GIVE_UP_AFTER:
            die([row], because=because, at=row.clock)
            return
        wait = pause(attempts=row.attempts + 1, level=row.level, retry_after=None, jitter=1)
        owed.update(attempts=F("attempts") + 1, because=because, due_at=Now() + wait)


def _end(rows: Iterable[Delivery], state: DeliveryState, **changes: object) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, ended_at=Now(), lease_until=None, waits_for="", **changes
    )
