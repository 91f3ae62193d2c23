"""How a body is read: strict types, and errors in the words of the contract.

A score is a JSON integer, a time carries its offset, and a field nobody knows is refused.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_MOST_ERRORS = 100  # a body of a megabyte may hold a hundred thousand
# The library's error types, in the words of the contract.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "greater_than_equal": "min_value",
    "less_than_equal": "max_value",
    "literal_error": "invalid_choice",
    "string_too_long": "max_length",
    "string_too_short": "min_length",
    "too_long": "max_items",
    "string_pattern_mismatch": "invalid_format",
}


class Invalid(ValueError):
    """A body that cannot become a record; `errors` are dicts of pointer, code and detail."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{e['pointer'] or '/'}: {e['detail']}" for e in errors))


def _moment(value: object) -> datetime:
    """Parse an RFC 3339 time; its offset is kept in the tzinfo."""
    if not isinstance(value, str) or not (shape := _RFC_3339.fullmatch(value)):
        raise PydanticCustomError("invalid_time", "A time reads like 2026-11-20T08:30:00+01:00.")
    if not shape[2]:
        raise PydanticCustomError("time_without_offset", "A time needs its offset or Z.")
    try:
        moment = datetime.fromisoformat(value.upper())
        in_range = EARLIEST <= moment.astimezone(UTC) < LATEST
    except (ValueError, OverflowError):
        in_range = False
    if not in_range:
        raise PydanticCustomError("time_out_of_range", "There is no such time after 1999.")
    return moment


def _date(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise PydanticCustomError("invalid_date", "A date reads like 2026-11-20.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("invalid_date", "There is no such date.") from error


def _zone(value: str) -> str:
    if value not in _zones():
        raise PydanticCustomError("unknown_timezone", "This is no IANA time zone name.")
    return value


@cache  # it reads a folder of 600 files
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_moment(text: str, *, pointer: str) -> datetime:
    """Parse a time of a query string, in which an unescaped + arrived as a space."""
    try:
        return _moment(text.replace(" ", "+"))
    except PydanticCustomError as error:
        raise Invalid(
            [{"pointer": pointer, "code": error.type, "detail": error.message()}]
        ) from error


def _record_id(value: str, info: ValidationInfo) -> str:
    """Over HTTP an id is a UUID, in one spelling; in replay any text will do."""
    if not info.context:
        return value
    try:
        return str(UUID(value))
    except ValueError as error:
        raise PydanticCustomError("invalid_uuid", "An id is a UUID.") from error


def _text(form: str) -> WithJsonSchema:
    """What the API document says of a text that we read ourselves."""
    return WithJsonSchema({"type": "string", "format": form})


Score = Annotated[int, Field(ge=0, le=10)]
Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]
Count = Annotated[int, Field(ge=0, le=366)]
Moment = Annotated[datetime, BeforeValidator(_moment), _text("date-time")]
Day = Annotated[date, BeforeValidator(_date), _text("date")]
Zone = Annotated[str, AfterValidator(_zone)]
RecordId = Annotated[
    str, Field(min_length=1, max_length=64), AfterValidator(_record_id), _text("uuid")
]
Note = Annotated[str, Field(max_length=4000)]
Phrase = Annotated[str, Field(max_length=200)]
Hour = Annotated[int, Field(ge=0, le=23)]


class Draft(BaseModel):
    """A frozen body: unknown fields are refused, fields of the server are ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    server_fields: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _without_server_fields(cls, body: object) -> object:
        if not isinstance(body, Mapping):
            raise PydanticCustomError("not_an_object", "A JSON object is needed here.")
        return {key: value for key, value in body.items() if key not in cls.server_fields}

    @classmethod
    def parse(cls, body: object, *, uuids: bool = False) -> Self:
        """Validate a body; raise Invalid with one error for each field that cannot be read.

        `uuids` demands that ids are UUIDs, as they are over HTTP.
        """
        try:
            return cls.model_validate(body, context=uuids)
        except ValidationError as error:
            found = error.errors(include_url=False)[:_MOST_ERRORS]
            raise Invalid([_problem(each) for each in found]) from error

    def wire(self) -> dict[str, Any]:
        """What was sent, under its wire names; times in UTC, null and left out both absent."""
        sent: dict[str, Any] = in_utc(self.model_dump(exclude_none=True))
        return sent


def _problem(found: Any) -> dict[str, str]:
    pointer = "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in found["loc"]
    )
    kind = found["type"]
    code = _CODES.get(kind) or ("invalid_type" if kind.endswith("_type") else kind)
    return {"pointer": pointer, "code": code, "detail": found["msg"]}


def in_utc(value: Any) -> Any:
    """The same value with every time in it, at any depth, in UTC."""
    match value:
        case datetime():
            return value.astimezone(UTC)
        case dict():
            return {key: in_utc(member) for key, member in value.items()}
        case _:
            return value
