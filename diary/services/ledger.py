"""What clients want of a patient's records: decided in memory, in order, and then written."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from diary import records
from diary.models import Entry, Massage, Patient
from diary.services import repeats, storing
from diary.services.wishes import Conflict, NoSuchRecord, Row, Wish
from diary.signals import DiaryChange, Effect
from diary.statements import Statement


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a wish cannot be had; `record` is what has this id."""

    reason: Conflict | NoSuchRecord
    record: Row | None


class Ledger:
    """The records of one request as they will be, wish after wish.

    The caller holds the patient's lock, and calls `write` at the end.
    """

    def __init__(self, patient: Patient, wishes: Sequence[Wish]) -> None:
        self._patient = patient
        self._rows = {row.record_id: row for row in _known(patient, wishes)}
        self._repeated = repeats.repeated(wishes, self._rows)
        self._versions: list[Row] = []

    def take(self, wish: Wish, *, at: datetime) -> DiaryChange | Refused:
        """Decide one wish on what the wishes before it have left."""
        row = self._rows.get(wish.record_id)
        if refusal := wish.refusal(row):
            return Refused(refusal, row)
        wanted = records.columns(wish.draft) if wish.draft else None
        effect = self._effect(wish, row, wanted)
        if effect != "unchanged" and (refusal := wish.objection(row)):
            return Refused(refusal, row)
        previous = records.wire(row, wish.kind) if row and not row.deleted_at else None
        if row is None or effect != "unchanged":
            row = self._next(wish, row, wanted, effect, at)
        return DiaryChange(row, effect, at, previous)

    def write(self) -> None:
        """Write every version that was made."""
        storing.store(self._versions)

    def _effect(self, wish: Wish, row: Row | None, wanted: dict[str, Any] | None) -> Effect:
        if row is None:
            return "created"
        if wish.record_id in self._repeated:
            return "unchanged"
        if wanted is None:
            return "unchanged" if row.deleted_at else "withdrawn"
        if row.deleted_at:
            return "restored"
        differing = records.differing(row, wanted)
        if not differing:
            return "unchanged"
        return "annotated" if differing <= records.UNSEEN_BY_RULES else "corrected"

    def _next(
        self,
        wish: Wish,
        row: Row | None,
        wanted: dict[str, Any] | None,
        effect: Effect,
        at: datetime,
    ) -> Row:
        """The next version of a record; the versions before it stay as they are."""
        changes = {"deleted_at": at} if wanted is None else {**wanted, "deleted_at": None}
        changes |= {"changed_at": at, "changed_by_id": self._patient.user_id}
        if effect != "annotated":
            changes["received_at"] = at
        if row is None:
            row = wish.kind(patient=self._patient, record_id=wish.record_id, version=1, **changes)
        else:
            row = copy(row)
            row.version += 1
            for name, value in changes.items():
                setattr(row, name, value)
        self._rows[wish.record_id] = row
        self._versions.append(row)
        return row


def _known(patient: Patient, wishes: Sequence[Wish]) -> Iterable[Row]:
    """The records that the wishes name: of the kind wished for, or else of the other."""
    held = _held(patient, {wish.record_id for wish in wishes})
    for kind, other in ((Entry, Massage), (Massage, Entry)):
        wished_for = {wish.record_id for wish in wishes if wish.kind is kind}
        wanted = held[kind] & (wished_for | held[kind] - held[other])
        if wanted:
            yield from _ROWS[kind].all(patient.pk, list(wanted))


def _held(patient: Patient, named: set[UUID]) -> dict[type[Row], set[UUID]]:
    """Which of these ids are taken, by records of which kind: most records are new."""
    held: dict[type[Row], set[UUID]] = {Entry: set(), Massage: set()}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, {"patient": patient.pk, "named": list(named)})
        for is_entry, record_id in cursor.fetchall():
            held[Entry if is_entry else Massage].add(record_id)
    return held


_TAKEN = """
    SELECT true, record_id FROM diary_entry
    WHERE patient_id = %(patient)s AND record_id = ANY(%(named)s)
    UNION ALL
    SELECT false, record_id FROM diary_massage
    WHERE patient_id = %(patient)s AND record_id = ANY(%(named)s)
"""


def _rows_of(kind: type[Row]) -> Statement[Any]:
    rows = f"FROM {kind._meta.db_table} AS found WHERE patient_id = %s AND record_id = ANY(%s)"
    return Statement(kind, "SELECT {found} " + rows)


_ROWS = {kind: _rows_of(kind) for kind in (Entry, Massage)}
