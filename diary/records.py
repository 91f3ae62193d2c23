"""Between a record's row and its wire form.

A member of a wire object lies in the column `<object>_<member>`; a time lies in UTC, with the
offset it was sent with beside it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from diary.drafts import AfterMassage, EntryDraft, FunctionChecks, MassageDraft, RedFlags
from diary.models import Entry, Massage
from diary.wire import Draft

# A correction of nothing but these changes nothing for the rules.
UNSEEN_BY_RULES = frozenset({"note", "recorded_at"})
_OBJECTS: dict[str, type[Draft]] = {
    "red_flags": RedFlags,
    "function_checks": FunctionChecks,
    "after_massage": AfterMassage,
}
_DRAFTS: dict[type[Entry | Massage], type[Draft]] = {Entry: EntryDraft, Massage: MassageDraft}


def columns(draft: EntryDraft | MassageDraft) -> dict[str, Any]:
    """The columns of a draft, every one of them: what was not sent is null."""
    values = dict(_flat(draft))
    offsets = {
        name: int(offset.total_seconds()) // 60
        for name, value in values.items()
        if isinstance(value, datetime) and (offset := value.utcoffset())
    }
    utc = {n: v.astimezone(UTC) if isinstance(v, datetime) else v for n, v in values.items()}
    return {**utc, "utc_offsets": offsets}


def _flat(draft: EntryDraft | MassageDraft) -> Iterator[tuple[str, Any]]:
    for name in type(draft).model_fields:
        value = getattr(draft, name)
        if name == "id":
            continue
        if name not in _OBJECTS:
            yield name, value
            continue
        for member in _OBJECTS[name].model_fields:
            answer = getattr(value, member, None)
            # As the column has it: a body that comes again must compare as the same.
            yield f"{name}_{member}", UUID(answer) if answer and member == "massage" else answer


def differing(row: Any, wanted: dict[str, Any]) -> set[str]:
    """The columns in which a row, or a version of it, is not as wanted."""
    found = {name for name, value in wanted.items() if getattr(row, name) != value}
    found.discard("utc_offsets")  # the same instant, said in another zone
    return found


def wire(row: Any, kind: type[Entry | Massage]) -> dict[str, Any]:
    """The wire fields of a row of `kind` or of its history; times in UTC, unanswered left out."""
    values = {name: _value(row, name) for name in _DRAFTS[kind].model_fields}
    return {name: value for name, value in values.items() if value is not None}


def _value(row: Any, name: str) -> Any:
    if name == "id":
        return str(row.record_id)
    return _members(row, name) if name in _OBJECTS else getattr(row, name)


def _members(row: Any, name: str) -> dict[str, Any] | None:
    answers = ((member, getattr(row, f"{name}_{member}")) for member in _OBJECTS[name].model_fields)
    return {
        member: str(value) if member == "massage" else value
        for member, value in answers
        if value is not None
    } or None


def as_sent(row: Any, kind: type[Entry | Massage]) -> dict[str, Any]:
    """The JSON form of a row: every field, null where unanswered, times with the offset sent."""
    fields = wire(row, kind)
    return {name: _text(fields.get(name), row, name) for name in _DRAFTS[kind].model_fields}


def shown(row: Entry | Massage) -> dict[str, Any]:
    """A record as a client sees it: what was sent, and what the server adds."""
    return {
        **as_sent(row, type(row)),
        "received_at": row.received_at,
        "clock_suspect": row.clock_suspect,
        "version": row.version,
    }


def _text(value: Any, row: Any, name: str) -> Any:
    if not isinstance(value, datetime):
        return value
    zone = timezone(timedelta(minutes=row.utc_offsets.get(name, 0)))
    return value.astimezone(zone).isoformat().replace("+00:00", "Z")
