"""The answers that no single room knows: those to a write of a record, and to a sync."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from alerts.api import examples as of_alerts
from alerts.api.schemas import Alert, Consequences, Guidance
from diary.api import examples as of_diary
from diary.api.schemas import Answer, EntryRecord, MassageRecord
from diary.api.sync_schemas import EntryTold, MassageTold, SyncAnswer, SyncResult, Withdrawn
from diary.wire import Moment, RecordId


class EntryWritten(Consequences, EntryRecord):
    """The stored entry, the alerts that this write opened or raised, and what to do now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [of_diary.STORED_ENTRY | of_alerts.RED_FLAG]}
    )


class MassageWritten(Consequences, MassageRecord):
    """The stored massage, the alerts that this write opened or raised, and what to do now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [of_diary.STORED_MASSAGE | of_alerts.NOTHING]}
    )


class ItemResult(SyncResult):
    """What became of one item, and the alerts that it opened or raised."""

    alerts: list[Alert]


class AlertTold(Answer):
    """An alert as it is now, without its timeline."""

    type: Literal["alert"]
    op: Literal["put"]
    id: RecordId
    changed_at: Moment
    data: Alert


SyncChange = TypeAliasType("SyncChange", EntryTold | MassageTold | AlertTold | Withdrawn)


class Synced(SyncAnswer):
    """What became of each item, what else has changed, and what to do now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [of_diary.SYNCED | {"guidance": None}]}
    )

    results: list[ItemResult] = Field(description="One for each item, in the same order.")
    changes: list[SyncChange]
    guidance: Guidance | None = Field(description="Null when no alert is open.")


# The diary answers a write with the record; the listeners of its signal add theirs.
WRITTEN: dict[type[BaseModel], type[BaseModel]] = {
    EntryRecord: EntryWritten,
    MassageRecord: MassageWritten,
    SyncAnswer: Synced,
}
