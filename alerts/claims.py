"""The sole right to send one message, until the lease ends.

A message is all that goes out together: the rows of one endpoint that were due when the first of
them was claimed. They stay together, under one id, until each has its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from alerts import breaker, ends, schedule, senders
from alerts.breaker import Way
from alerts.models import Delivery, DeliveryAttempt, DeliveryState, EventKind
from alerts.pauses import after_crash
from alerts.wanted import no_longer_wanted

LEASE = timedelta(seconds=30)  # longer than a task may take
# The longest that a channel may take to send; who has less left of the lease is too late.
LONGEST_SEND = timedelta(seconds=16)


@dataclass(frozen=True, slots=True)
class Claim:
    """One message that is ours to send."""

    token: UUID
    rows: Sequence[Delivery]  # the leading one first: the highest level, then the oldest
    at: datetime  # by the database's clock
    tried_since: datetime
    host: str  # the far end; "" where there is none
    way: Way

    @property
    def leading(self) -> Delivery:
        """The row that words the message."""
        return self.rows[0]


def take(delivery_id: UUID) -> Claim | None:
    """Take the lease of the message a delivery belongs to, and write the attempts before the send.

    None when there is nothing to send now: it is not due, somebody else has it, nobody wants it
    any more, or it must wait.
    """
    with transaction.atomic(durable=True):
        rows = _in_time(_wanted(_locked(delivery_id)))
        if not rows:
            return None
        rows.sort(key=lambda row: (-row.level, row.created_at, row.pk))
        host = senders.far_end(rows[0])
        way = breaker.way_to(host, within=LEASE)
        if way is Way.BARRED:
            _hold(rows, host)
            return None
        token = _leased(rows)
        since = min(row.tried_since for row in rows)
        return Claim(token, rows, rows[0].clock, since, host, way)


def is_ours(claim: Claim) -> bool:
    """Whether there is time to send: a process that was stopped must not send late."""
    left = Delivery.objects.filter(lease_token=claim.token, lease_until__gt=Now() + LONGEST_SEND)
    return left.filter(state=DeliveryState.OWED).exists()


def still_held(claim: Claim) -> list[Delivery]:
    """Lock the rows of which the claim may still say what became of them."""
    held = Delivery.objects.filter(lease_token=claim.token, state=DeliveryState.OWED)
    # In the order of their ids: whoever takes over locks them too.
    keys = set(held.select_for_update().order_by("pk").values_list("pk", flat=True))
    return [row for row in claim.rows if row.pk in keys]


def attempt_id(token: UUID, row: Delivery) -> UUID:
    """Each row of a message has an attempt of its own under the one token."""
    return uuid5(token, str(row.pk))


def _locked(delivery_id: UUID) -> list[Any]:
    """Lock what goes out together with a delivery, in the order of the ids."""
    owed = Delivery.objects.filter(state=DeliveryState.OWED)
    asked = owed.filter(pk=delivery_id).select_related("event", "incident").first()
    if asked is None:
        return []
    # Two workers may race; the second finds that the rows were claimed while it waited.
    free = owed.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), due_at__lte=Now())
    rows = list(_with_all_about(free.filter(_goes_with(asked))))
    return rows if any(row.pk == delivery_id for row in rows) else []


def _with_all_about(rows: QuerySet[Delivery]) -> QuerySet[Any, Any]:
    about = ("event__alert", "incident", "recipient", "device", "patient__user")
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    return ends.with_story(locked.select_related(*about))


def _goes_with(asked: Delivery) -> Q:
    """The rows of the same message, or those that will be."""
    if asked.message:
        return Q(message=asked.message)
    same = Q(
        message=None, recipient=asked.recipient_id, channel=asked.channel, device=asked.device_id
    )
    if asked.event is None:  # incidents of a kind read the same
        return same & Q(incident__kind=asked.incident.kind if asked.incident else None)
    same &= Q(patient=asked.patient_id)
    if asked.event.kind == EventKind.NOTICE:  # what it says stands nowhere else
        return same & Q(event__kind=EventKind.NOTICE, event__text_key=asked.event.text_key)
    return same & Q(event__isnull=False) & ~Q(event__kind=EventKind.NOTICE)


def _wanted(rows: list[Any]) -> list[Any]:
    """End the rows that nobody needs any more, or that die at each try; the others come back."""
    wanted = []
    for row in rows:
        if reason := no_longer_wanted(row):
            ends.cancel(row, because=reason, at=row.clock)
        elif row.has_lost_try and row.clock - row.tried_since > ends.GIVE_UP_AFTER:
            ends.die([row], because="no_known_end", at=row.clock)
        else:
            wanted.append(row)
    return wanted


def _in_time(rows: list[Any]) -> list[Any]:
    """Put off the rows that must not ring now; no attempt is counted."""
    if not rows:
        return []
    waits = schedule.waits(rows, at=rows[0].clock)
    for until in set(waits.values()):
        put_off = [key for key, its_until in waits.items() if its_until == until]
        Delivery.objects.filter(pk__in=put_off).update(due_at=until, nudged_at=None)
    return [row for row in rows if row.pk not in waits]


def _hold(rows: Sequence[Delivery], host: str) -> None:
    """Let the rows wait for a far end that is down; those that do so already are not touched."""
    new = [row.pk for row in rows if row.waits_for != host]
    if new:
        Delivery.objects.filter(pk__in=new).update(waits_for=host)


def _leased(rows: Sequence[Any]) -> UUID:
    """Give the rows one lease and, at the first time, one message; write an attempt for each."""
    token, message = uuid4(), rows[0].message or rows[0].pk
    attempts = max(row.attempts for row in rows) + 1
    lost = [row.pk for row in rows if row.has_lost_try]
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        message=message,
        lease_token=token,
        lease_until=Now() + LEASE,
        due_at=Now() + after_crash(attempts),
        waits_for="",
        attempts=F("attempts") + 1,
        maybe_duplicate=Q(maybe_duplicate=True) | Q(pk__in=lost),
    )
    for row in rows:
        row.message, row.attempts = message, row.attempts + 1
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(pk=attempt_id(token, row), delivery=row, began_at=Now()) for row in rows
    )
    return token
