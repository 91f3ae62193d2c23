"""The answers that no single room knows: those to a write of a record."""

from pydantic import BaseModel, ConfigDict

from alerts.api import examples as of_alerts
from alerts.api.schemas import Consequences
from diary.api import examples as of_diary
from diary.api.schemas import EntryRecord, MassageRecord


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


# The diary answers a write with the record; the listeners of its signal add theirs.
WRITTEN: dict[type[BaseModel], type[BaseModel]] = {
    EntryRecord: EntryWritten,
    MassageRecord: MassageWritten,
}
