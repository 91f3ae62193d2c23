"""Writing one record: a durable transaction, whatever becomes of the rest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from diary.drafts import EntryDraft, MassageDraft
from diary.locking import locked
from diary.models import Entry, Massage
from diary.services.ledger import Ledger, Refused
from diary.services.wishes import Conflict, NoSuchRecord, Wish
from diary.signals import Effect, announce

__all__ = ["Conflict", "NoSuchRecord", "Written", "put", "withdraw"]


@dataclass(frozen=True, slots=True)
class Written:
    """A stored record, what the write did, and what the listeners answered."""

    record: Entry | Massage
    effect: Effect
    answers: dict[str, Any]


def put(
    *,
    patient_id: UUID,
    draft: EntryDraft | MassageDraft,
    correct: bool = True,
    at: datetime | None = None,
) -> Written:
    """Store a draft: create, correct, restore, or leave as it is when nothing differs.

    `correct=False` raises Conflict instead of changing a record. `at` is the time of receipt;
    left out, it is the database's clock under the patient's lock.
    """
    return _written(patient_id, Wish.of(draft, may_correct=correct), at)


def withdraw(
    *, kind: type[Entry | Massage], patient_id: UUID, record_id: UUID, at: datetime | None = None
) -> Written:
    """Withdraw a record; it stays as a tombstone. Raises NoSuchRecord for an unknown id."""
    try:
        return _written(patient_id, Wish.withdrawal(kind, record_id), at)
    except Conflict as error:  # there is a record of the other type
        raise NoSuchRecord from error


def _written(patient_id: UUID, wish: Wish, at: datetime | None) -> Written:
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        ledger = Ledger(patient, [wish])
        done = ledger.take(wish, at=at or clock)
        if isinstance(done, Refused):
            raise done.reason
        ledger.write()
        answers = announce(patient, [done])
        return Written(done.record, done.effect, {**answers.each[0], **answers.whole})
