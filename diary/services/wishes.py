"""What a client wants of one record, and when it cannot have it."""

from dataclasses import dataclass
from uuid import UUID

from diary.drafts import EntryDraft, MassageDraft
from diary.models import Entry, Massage

Row = Entry | Massage
KIND_OF: dict[type[EntryDraft | MassageDraft], type[Row]] = {
    EntryDraft: Entry,
    MassageDraft: Massage,
}


class Conflict(Exception):
    """The record is not what the client takes it for; `code` says how."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(detail)


class NoSuchRecord(Exception):
    """The patient has no record of this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A record is to be as the draft says, or, without a draft, to be withdrawn.

    `if_version` is the version that the client knows, 0 for none; `may_correct` is whether a
    record with another body may be changed.
    """

    kind: type[Row]
    record_id: UUID
    draft: EntryDraft | MassageDraft | None = None
    if_version: int | None = None
    may_correct: bool = True

    @classmethod
    def of(
        cls,
        draft: EntryDraft | MassageDraft,
        *,
        if_version: int | None = None,
        may_correct: bool = True,
    ) -> "Wish":
        """The wish that a record be as the draft says."""
        return cls(
            kind=KIND_OF[type(draft)],
            record_id=UUID(draft.id),
            draft=draft,
            if_version=if_version,
            may_correct=may_correct,
        )

    @classmethod
    def withdrawal(
        cls, kind: type[Row], record_id: UUID, *, if_version: int | None = None
    ) -> "Wish":
        """The wish that a record be withdrawn."""
        return cls(kind=kind, record_id=record_id, if_version=if_version)

    def refusal(self, row: Row | None) -> Conflict | NoSuchRecord | None:
        """Why this cannot be done with such a record at all."""
        if row is None:
            return None if self.draft else NoSuchRecord()
        if not isinstance(row, self.kind):
            return Conflict("id_of_other_type", "This id belongs to a record of the other type.")
        return None

    def objection(self, row: Row | None) -> Conflict | None:
        """Why such a record must not be changed: the client knows another body or version."""
        if row is not None and not self.may_correct:
            return Conflict("id_taken", "This id belongs to a record with another body.")
        version = row.version if row else 0
        if self.if_version is not None and self.if_version != version:
            return Conflict("version_moved", f"The record is at version {version}.")
        return None
