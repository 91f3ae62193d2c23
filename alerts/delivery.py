"""Sending what is owed: claim, send outside any transaction, record by token.

A process may die at any line. Before the claim nothing happened; after it the lease ends and
another takes over; between the provider's yes and our record of it the message is sent again,
with the same id, so that it replaces the first and does not ring twice.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from alerts import incidents, senders
from alerts.channels.outcome import NotAccepted
from alerts.models import (
    AlertEvent,
    AttemptOutcome,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    EventKind,
    IncidentKind,
    PushDevice,
)

LEASE = timedelta(seconds=30)  # longer than a task may take
GIVE_UP_AFTER = timedelta(hours=24)
_URGENT = 3
log = structlog.get_logger("alerts.delivery")


@dataclass(frozen=True, slots=True)
class Claim:
    """The sole right to send one delivery, until the lease ends."""

    token: UUID
    delivery: Delivery

    @property
    def until(self) -> datetime:
        """The end of the lease, by the database's clock."""
        return cast("datetime", self.delivery.lease_until)


def deliver(delivery_id: UUID) -> None:
    """Send one delivery if it is owed and nobody else is at it."""
    claim = _claimed(delivery_id)
    if claim is None:
        return
    try:
        provider_id = senders.send(claim.delivery)
    except NotAccepted as refusal:
        _refused(claim, refusal)
    except Exception as error:  # ours, not the provider's: it must come to an end all the same
        log.exception("could not be sent", channel=claim.delivery.channel)
        _refused(claim, NotAccepted(f"failed_{type(error).__name__}"[:64], permanent=False))
    else:
        _end(claim, DeliveryState.ACCEPTED, provider_id=provider_id)


def _claimed(delivery_id: UUID) -> Claim | None:
    """Take the lease by one conditional update, and write the attempt before it is made."""
    token = uuid4()
    with transaction.atomic(durable=True):
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        # Two workers may race; the row lets one of them through.
        won = Delivery.objects.filter(
            free, pk=delivery_id, state=DeliveryState.OWED, due_at__lte=Now()
        ).update(lease_until=Now() + LEASE, lease_token=token, attempts=F("attempts") + 1)
        if not won:
            return None
        delivery = Delivery.objects.select_related(
            "event__alert", "recipient", "device", "patient"
        ).get(pk=delivery_id)
        if reason := senders.no_longer_wanted(delivery):
            _cancel(delivery, because=reason)
            return None
        DeliveryAttempt.objects.create(pk=token, delivery_id=delivery_id, began_at=Now())
    return Claim(token, delivery)


def _cancel(delivery: Delivery, *, because: str) -> None:
    """End a delivery that was claimed, but must not go out: no attempt was made."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.CANCELLED,
        because=because,
        ended_at=Now(),
        lease_until=None,
        attempts=F("attempts") - 1,
    )


def _refused(claim: Claim, refusal: NotAccepted) -> None:
    if refusal.endpoint_gone and claim.delivery.device:
        _retire(claim.delivery.device, because=refusal.because)
    expired = claim.until - claim.delivery.created_at > GIVE_UP_AFTER
    if refusal.permanent or expired:
        _end(claim, DeliveryState.DEAD, because=refusal.because)
    else:
        _try_again(claim, refusal)


def _end(claim: Claim, state: DeliveryState, *, because: str = "", provider_id: str = "") -> None:
    """Record that a delivery was accepted or is dead, if the lease is still ours."""
    with transaction.atomic(durable=True):
        held = _record(
            claim,
            state=state,
            because=because,
            provider_id=provider_id[:255],
            ended_at=Now(),
            lease_until=None,
        )
        if not held:
            return
        _end_attempt(claim, AttemptOutcome(state), because)
        if state == DeliveryState.ACCEPTED:
            _note_delivered(claim.delivery)
        if state == DeliveryState.DEAD:
            incidents.report(
                patient=claim.delivery.patient,
                kind=IncidentKind.DELIVERY_DEAD,
                cause=f"{claim.delivery.channel} {because}",
                at=claim.until,
            )


def _try_again(claim: Claim, refusal: NotAccepted) -> None:
    wait = pause(
        attempts=claim.delivery.attempts,
        level=claim.delivery.level,
        retry_after=refusal.retry_after,
        jitter=random.uniform(0.75, 1.25),  # noqa: S311  spreads load, guards nothing
    )
    with transaction.atomic(durable=True):
        if _record(claim, because=refusal.because, due_at=Now() + wait, lease_until=None):
            _end_attempt(claim, AttemptOutcome.RETRY, refusal.because)


def pause(*, attempts: int, level: int, retry_after: timedelta | None, jitter: float) -> timedelta:
    """How long to wait before the next try: doubling, and at least what the provider asks.

    The first wait is at most 12.5 s for levels 3-4 and 50 s for the others; none is over an hour.
    """
    first, longest = (10, 300) if level >= _URGENT else (40, 3600)
    seconds = min(first * 2 ** min(attempts - 1, 12), longest) * jitter
    asked = min(retry_after or timedelta(0), timedelta(seconds=longest))
    return max(timedelta(seconds=seconds), asked)


def _record(claim: Claim, **changes: object) -> bool:
    """Write what became of the send; False when the lease ended and another took over."""
    mine = Delivery.objects.filter(
        pk=claim.delivery.pk, lease_token=claim.token, state=DeliveryState.OWED
    )
    return bool(mine.update(**changes))


def _end_attempt(claim: Claim, outcome: AttemptOutcome, because: str) -> None:
    DeliveryAttempt.objects.filter(pk=claim.token).update(
        outcome=outcome, because=because, ended_at=Now()
    )


def _note_delivered(delivery: Delivery) -> None:
    event = delivery.event
    if event.alert_id:
        AlertEvent.objects.create(
            patient_id=delivery.patient_id,
            alert_id=event.alert_id,
            kind=EventKind.DELIVERED,
            at=Now(),
            rule=event.rule,
            subject=event.subject,
            level=event.level,
        )


def _retire(device: PushDevice, *, because: str) -> None:
    """Stop using an endpoint that its provider says is gone; the other channels go on."""
    # The phone may have subscribed anew since: only the endpoint that was tried is gone.
    tried = PushDevice.objects.filter(
        pk=device.pk, endpoint_digest=device.endpoint_digest, retired_at=None
    )
    tried.update(retired_at=Now(), retired_because=because[:32])
