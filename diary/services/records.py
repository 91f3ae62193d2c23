"""Writing records: each write is one durable transaction, whatever becomes of the rest."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from diary import records
from diary.drafts import EntryDraft, MassageDraft
from diary.failpoints import reached
from diary.locking import locked
from diary.models import Entry, Massage, Patient
from diary.signals import DiaryChange, Effect, announce

KIND_OF: dict[type[EntryDraft | MassageDraft], type[Entry | Massage]] = {
    EntryDraft: Entry,
    MassageDraft: Massage,
}


class Conflict(Exception):
    """The id is taken; `code` says by what."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(detail)


class NoSuchRecord(Exception):
    """The patient has no record of this id."""


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
    kind = KIND_OF[type(draft)]
    with transaction.atomic(durable=True):
        transaction.on_commit(partial(reached, "after_commit"))
        patient, clock = locked(patient_id)
        reached("before_store")
        now = at or clock
        row = _known(kind, patient, UUID(draft.id))
        if row is None:
            _check_free(kind, patient_id, draft.id)
            row = kind(patient=patient, record_id=UUID(draft.id), version=0)
        previous = records.wire(row, kind) if row.version and not row.deleted_at else None
        effect = _effect(row, records.columns(draft))
        if not correct and effect in ("corrected", "annotated", "restored"):
            raise Conflict("id_taken", "This id belongs to a record with another body.")
        if effect != "unchanged":
            _store(row, records.columns(draft), effect, now)
        change = DiaryChange(patient=patient, record=row, effect=effect, at=now, previous=previous)
        answers = announce(change)
        reached("before_commit")
        return Written(row, effect, answers)


def withdraw(
    *, kind: type[Entry | Massage], patient_id: UUID, record_id: UUID, at: datetime | None = None
) -> Written:
    """Withdraw a record; it stays as a tombstone. Raises NoSuchRecord for an unknown id."""
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        row = _known(kind, patient, record_id)
        if row is None:
            raise NoSuchRecord
        now = at or clock
        previous = None if row.deleted_at else records.wire(row, kind)
        effect: Effect = "unchanged" if row.deleted_at else "withdrawn"
        if effect == "withdrawn":
            _store(row, {"deleted_at": now}, effect, now)
        change = DiaryChange(patient=patient, record=row, effect=effect, at=now, previous=previous)
        return Written(row, effect, announce(change))


def _known(
    kind: type[Entry | Massage], patient: Patient, record_id: UUID
) -> Entry | Massage | None:
    row = kind.objects.filter(patient=patient, record_id=record_id).first()
    if row is not None:
        row.patient = patient  # the one that is locked, and no second look at it
    return row


def _check_free(kind: type[Entry | Massage], patient_id: UUID, record_id: str) -> None:
    other = Massage if kind is Entry else Entry
    if other.objects.filter(patient_id=patient_id, record_id=record_id).exists():
        raise Conflict("id_of_other_type", "This id belongs to a record of the other type.")


def _effect(row: Entry | Massage, wanted: dict[str, Any]) -> Effect:
    if not row.version:
        return "created"
    if row.deleted_at:
        return "restored"
    differing = {name for name, value in wanted.items() if getattr(row, name) != value}
    differing.discard("utc_offsets")  # the same instant, said in another zone
    if not differing:
        return "unchanged"
    return "annotated" if differing <= records.UNSEEN_BY_RULES else "corrected"


def _store(row: Entry | Massage, wanted: dict[str, Any], effect: Effect, now: datetime) -> None:
    changes = {"deleted_at": None, **wanted, "version": row.version + 1, "changed_at": now}
    changes["changed_by_id"] = row.patient.user_id
    if effect != "annotated":
        changes["received_at"] = now
    for name, value in changes.items():
        setattr(row, name, value)
    if effect == "created":
        row.save(force_insert=True)
    else:
        row.save(update_fields=list(changes))
