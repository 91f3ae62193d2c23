"""What a sync takes and answers, for the API document and for the view that reads it."""

from typing import Annotated, Any, Final, Literal

from drf_spectacular.utils import OpenApiParameter
from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from diary.api import examples
from diary.api.schemas import Answer, EntryBody, EntryRecord, MassageBody, MassageRecord
from diary.wire import Draft, Moment, RecordId

MOST_CHANGES: Final = 1000
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
IfVersion = Annotated[
    Version | None,
    Field(description="The version that the app knows, 0 for none. Left out, the last one wins."),
]
Outcome = Literal["created", "updated", "unchanged", "deleted", "invalid", "conflict"]
RecordType = Literal["entry", "massage"]


class SyncFrame(Draft):
    """The body of a sync; each item is read by itself."""

    since: str | None = None
    changes: list[Any] = Field(default=[], max_length=MOST_CHANGES)


class ItemFrame(Draft):
    """An item of a sync; its data are read by what it is about."""

    server_fields = frozenset({"changed_at"})

    type: RecordType
    op: Literal["put", "delete"]
    id: RecordId
    data: Any = None
    if_version: Version | None = None


class PutEntry(Draft):
    """Create or correct an entry, as `PUT /entries/{id}/` does."""

    type: Literal["entry"]
    op: Literal["put"]
    id: RecordId
    data: EntryBody
    if_version: IfVersion = None


class PutMassage(Draft):
    """Create or correct a massage, as `PUT /massages/{id}/` does."""

    type: Literal["massage"]
    op: Literal["put"]
    id: RecordId
    data: MassageBody
    if_version: IfVersion = None


class Withdraw(Draft):
    """Withdraw a record; one that is unknown is as it should be."""

    type: RecordType
    op: Literal["delete"]
    id: RecordId
    if_version: IfVersion = None


# By a name of its own, which generated clients take over.
SyncItem = TypeAliasType("SyncItem", PutEntry | PutMassage | Withdraw)


class SyncBody(Draft):
    """What an app has stored up, and how far it has heard."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SYNC]})

    since: str | None = Field(
        default=None, description="The `cursor` of the last answer; null gives everything."
    )
    changes: list[SyncItem] = Field(
        default=[],
        max_length=MOST_CHANGES,
        description="Applied in this order. An item that cannot be read stops no other.",
    )


class ItemError(Answer):
    """Why an item was not applied."""

    pointer: str = Field(description="A JSON pointer into the item, such as /data/pain.")
    code: str = Field(description="Stable; for programs.")
    detail: str = Field(description="For people.")


class SyncResult(Answer):
    """What became of one item."""

    type: RecordType | None = Field(description="Null when it cannot be read.")
    id: str | None = Field(description="As the item names it, in lower case.")
    status: Outcome
    errors: list[ItemError] = Field(description="Of invalid and conflict.")
    version: int | None = Field(description="The record's version now, for `if_version`.")


class EntryTold(Answer):
    """An entry as it is now."""

    type: Literal["entry"]
    op: Literal["put"]
    id: RecordId
    changed_at: Moment
    data: EntryRecord


class MassageTold(Answer):
    """A massage as it is now."""

    type: Literal["massage"]
    op: Literal["put"]
    id: RecordId
    changed_at: Moment
    data: MassageRecord


class Withdrawn(Answer):
    """A record that was withdrawn."""

    type: RecordType
    op: Literal["delete"]
    id: RecordId
    changed_at: Moment


class SyncAnswer(Answer):
    """How far the app has heard; the rest of the answer holds words of the alerts, too."""

    cursor: str = Field(description="Send it as `since` next time.")
    has_more: bool = Field(description="Ask again at once, with the new cursor.")


_DESCRIPTION: Final = """Send what was stored up offline, and hear what changed

All items are applied in one transaction, in the order given; the same id may come more than once.
Each has its own result. `invalid`: it cannot be read; it is kept for review, and a positive red
flag in it still raises its alert. `conflict`: the id belongs to a record of the other type
(`id_of_other_type`), or the record is no longer at `if_version` (`version_moved`). Withdrawing an
unknown record is `deleted`. More than 1,000 items are refused whole.

`changes` are this patient's records and alerts that changed after `since`, oldest first, at most
500: also those of other devices, and withdrawals, which a new device may ignore. What this very
request wrote is left out, unless an item of the same id was invalid or in conflict. After a lost
answer the next one holds it again: take each change as the record's state, in the order given.

A cursor belongs to its patient. One that cannot be read is a 400 (`invalid_cursor`): send null.

The same request may be sent again at any time; what is as wished is `unchanged`. With an
`Idempotency-Key` the first answer is repeated byte for byte for 30 days, with the header
`Idempotent-Replayed: true`; with another body the key is a 422."""
SYNC: Final[dict[str, Any]] = {
    "description": _DESCRIPTION,
    "parameters": [
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x20-\x7E]+$"},
            OpenApiParameter.HEADER,
            description="Printable ASCII; new for each new request.",
        )
    ],
    "request": SyncBody,
    "responses": {200: SyncAnswer, 422: None},
}
