"""Requests that were named by an Idempotency-Key: the first answer is kept, and repeated."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from diary.models import KeptAnswer, Patient

KEPT_FOR: Final = timedelta(days=30)


class KeyReused(ValueError):
    """The key belongs to a request with another body."""


@dataclass(frozen=True, slots=True)
class Named:
    """The name that a client gave to a request, and the digest of what it sent."""

    key: str
    digest: bytes


def recall(patient: Patient, named: Named, *, at: datetime) -> bytes | None:
    """The answer that was given before, if it is still kept; raise KeyReused for another body."""
    answers = KeptAnswer.objects.filter(patient=patient)
    answers.filter(answered_at__lt=at - KEPT_FOR).delete()
    kept = answers.filter(key=named.key).first()
    if kept is None:
        return None
    if bytes(kept.digest) != named.digest:
        raise KeyReused
    return bytes(kept.body)


def keep(patient: Patient, named: Named, body: bytes, *, at: datetime) -> None:
    """Keep an answer, in the transaction of what it tells of."""
    KeptAnswer.objects.create(
        patient=patient, key=named.key, digest=named.digest, body=body, answered_at=at
    )
