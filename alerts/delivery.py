"""Sending what is owed: claim, send outside any transaction, record by token.

A process may die at any line. Before the claim nothing happened; after it the lease ends and
another takes over; between the provider's yes and our record of it the message is sent again,
with the same id, so that it replaces the first and does not ring twice.
"""

import random
from collections.abc import Sequence
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from alerts import breaker, claims, ends, messages, senders
from alerts.breaker import Way
from alerts.channels.outcome import NotAccepted
from alerts.claims import Claim
from alerts.models import AttemptOutcome, Delivery, DeliveryAttempt, PushDevice
from alerts.pauses import JITTER, pause
from diary.failpoints import reached

_TOO_LATE = "too_late"
log = structlog.get_logger("alerts.delivery")


class _OurFault(NotAccepted):
    """Something failed on this side: it says nothing about the far end."""


def deliver(delivery_id: UUID) -> None:
    """Send the message of one delivery if it is due and nobody else is at it."""
    claim = _taken(delivery_id)
    if claim is None:
        return
    reached("claimed")
    if not claims.is_ours(claim):
        _leave(claim)
        return
    answer = _sent(claim)
    reached("sent")
    if _record(claim, answer):
        breaker.release(claim.host)
    reached("recorded")


def _taken(delivery_id: UUID) -> Claim | None:
    """The claim, if there is one; what cannot even be claimed must come to an end all the same."""
    try:
        return claims.take(delivery_id)
    except Error:  # no fault of this delivery
        raise
    except Exception as error:
        log.exception("could not be claimed")
        ends.stumble(delivery_id, because=f"failed_{type(error).__name__}"[:64])
        return None


def _sent(claim: Claim) -> str | NotAccepted:
    """What the far end answered: its id of the message, or why it did not take it."""
    try:
        return senders.send(claim.leading, level=claim.leading.level)
    except NotAccepted as refusal:
        return refusal
    except SoftTimeLimitExceeded:  # a far end that outwits the deadline of its channel
        return NotAccepted("took_too_long", permanent=False, far_end_down=True)
    except Exception as error:  # it must come to an end all the same
        log.exception("could not be sent", channel=claim.leading.channel)
        return _OurFault(f"failed_{type(error).__name__}"[:64], permanent=False)


def _leave(claim: Claim) -> None:
    """We were stopped for too long to send in time: nothing was sent, and somebody else may."""
    with transaction.atomic(durable=True):
        rows = claims.still_held(claim)
        _rows(rows).update(lease_until=None, due_at=Now())
        _attempts(claim, claim.rows).update(
            outcome=AttemptOutcome.RETRY, because=_TOO_LATE, ended_at=Now()
        )
        if rows:
            breaker.let_go(claim.host, claim.way)


def _record(claim: Claim, answer: str | NotAccepted) -> bool:
    """Write what became of the message; answer whether its far end works again.

    A worker that comes late finds none of the rows its own, and changes nothing.
    """
    with transaction.atomic(durable=True):
        rows = claims.still_held(claim)
        if not rows:
            return False
        if isinstance(answer, str):
            ends.accept(rows, provider_id=answer)
            outcome, because = AttemptOutcome.ACCEPTED, ""
        else:
            outcome, because = _refused(claim, rows, answer), answer.because
        _attempts(claim, rows).update(outcome=outcome, because=because, ended_at=Now())
        return _far_end_works(claim, answer) and claim.way is Way.ALONE


def _refused(claim: Claim, rows: Sequence[Delivery], refusal: NotAccepted) -> AttemptOutcome:
    if refusal.endpoint_gone and claim.leading.device:
        _retire(claim, claim.leading.device, because=refusal.because)
    expired = claim.at - claim.tried_since > ends.GIVE_UP_AFTER
    if refusal.permanent or expired:
        is_gone = refusal.endpoint_gone and claim.leading.device is not None
        ends.die(rows, because=refusal.because, at=claim.at, is_told=is_gone)
        return AttemptOutcome.DEAD
    _try_again(claim, rows, refusal)
    return AttemptOutcome.RETRY


def _try_again(claim: Claim, rows: Sequence[Delivery], refusal: NotAccepted) -> None:
    wait = pause(
        attempts=claim.leading.attempts,
        level=claim.leading.level,
        retry_after=refusal.retry_after,
        jitter=_jitter(),
    )
    # What failed together with its far end goes as soon as that works, unless it asked for time.
    is_held = refusal.far_end_down and refusal.retry_after is None
    _rows(rows).update(
        because=refusal.because,
        due_at=Now() + wait,
        lease_until=None,
        waits_for=claim.host if is_held else "",
    )


def _far_end_works(claim: Claim, answer: str | NotAccepted) -> bool:
    """Tell the breaker what was found; any answer that is the far end's own shows that it works."""
    if isinstance(answer, _OurFault):
        breaker.let_go(claim.host, claim.way)
        return False
    if isinstance(answer, NotAccepted) and answer.far_end_down:
        breaker.failed(claim.host, claim.way, retry_after=answer.retry_after, jitter=_jitter())
        return False
    breaker.answered(claim.host, claim.way)
    return True


def _retire(claim: Claim, device: PushDevice, *, because: str) -> None:
    """Stop using an endpoint that its provider says is gone; the other channels go on."""
    # The phone may have subscribed anew since: only the endpoint that was tried is gone.
    tried = PushDevice.objects.filter(
        pk=device.pk, endpoint_digest=device.endpoint_digest, retired_at=None
    )
    if tried.update(retired_at=Now(), retired_because=because[:32]):
        messages.tell_push_off(device, at=claim.at)


def _rows(rows: Sequence[Delivery]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[row.pk for row in rows])


def _attempts(claim: Claim, rows: Sequence[Delivery]) -> QuerySet[DeliveryAttempt]:
    return DeliveryAttempt.objects.filter(
        pk__in=[claims.attempt_id(claim.token, row) for row in rows]
    )


def _jitter() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, guards nothing
