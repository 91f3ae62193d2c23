"""The lines of a replay: one JSON object each, read as strictly as a body of the API."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, BinaryIO, Final, Literal

from pydantic import Field

from diary import strict_json
from diary.drafts import EntryDraft, MassageDraft, Profile
from diary.wire import Draft, Invalid, Moment, Note, RecordId, in_utc

RuleId = Annotated[str, Field(pattern=r"^R(0[1-9]|1\d|2[0-2])$")]
_LONGEST: Final = 1 << 20  # bytes, without the end of the line
Name = Annotated[str, Field(min_length=1)]


class Unreadable(ValueError):
    """A line that has no effect; the message says why."""


class _ReceivedLine(Draft):
    patient: Name
    received_at: Moment

    @property
    def moment(self) -> datetime:
        return _utc(self.received_at)


class _DatedLine(Draft):
    patient: Name
    at: Moment

    @property
    def moment(self) -> datetime:
        return _utc(self.at)


class EntryLine(_ReceivedLine):
    type: Literal["entry"]
    data: EntryDraft


class MassageLine(_ReceivedLine):
    type: Literal["massage"]
    data: MassageDraft


class RecordName(Draft):
    id: RecordId


class DeleteLine(_ReceivedLine):
    type: Literal["delete"]
    data: RecordName


class ProfileLine(_DatedLine):
    type: Literal["profile"]
    data: Profile


class Acknowledged(Draft):
    rule: RuleId
    by: Literal["patient", "physician"]


class AcknowledgeLine(_DatedLine):
    type: Literal["acknowledge"]
    data: Acknowledged


class Closed(Draft):
    rule: RuleId
    reason: Note


class CloseLine(_DatedLine):
    type: Literal["close"]
    data: Closed


class ClockLine(_DatedLine):
    type: Literal["clock"]


Line = EntryLine | MassageLine | DeleteLine | ProfileLine | AcknowledgeLine | CloseLine | ClockLine

_FORMS: dict[object, type[Line]] = {
    "entry": EntryLine,
    "massage": MassageLine,
    "delete": DeleteLine,
    "profile": ProfileLine,
    "acknowledge": AcknowledgeLine,
    "close": CloseLine,
    "clock": ClockLine,
}


def lines_of(source: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long only as much as shows that it is."""
    while line := source.readline(_LONGEST + len(b"\n") + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = source.readline(_LONGEST)


def read(raw: bytes) -> Line:
    """Read one line; raise Unreadable with the reason."""
    if len(raw.removesuffix(b"\n")) > _LONGEST:
        raise Unreadable("The line is longer than 1 MiB.")
    try:
        body = strict_json.loads(raw)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if not isinstance(body, dict):
        raise Unreadable("A JSON object is needed here.")
    kind = body.get("type")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise Unreadable(f"/type: There is no such type: {kind!r}.")
    try:
        return form.parse(body)
    except Invalid as error:
        raise Unreadable(str(error)) from error


def _utc(moment: datetime) -> datetime:
    value: datetime = in_utc(moment)
    return value
