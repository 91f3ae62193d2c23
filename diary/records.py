"""Between a record's row and its wire form.

A member of a wire object lies in the column `<object>_<member>`; a time lies in UTC, with the
offset it was sent with beside it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

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


class _Reading(NamedTuple):
    """The columns that rules look at, and where in a row of them each wire field lies."""

    fields: tuple[str, ...]  # the first ones
    objects: tuple[tuple[str, tuple[str, ...], int], ...]  # name, members, place of the first
    columns: tuple[str, ...]


def _reading(draft: type[Draft]) -> _Reading:
    seen = [name for name in draft.model_fields if name not in UNSEEN_BY_RULES | {"id"}]
    fields = tuple(name for name in seen if name not in _OBJECTS)
    columns = [*fields]
    objects = []
    for name in (name for name in seen if name in _OBJECTS):
        members = tuple(_OBJECTS[name].model_fields)
        objects.append((name, members, len(columns)))
        columns += [f"{name}_{member}" for member in members]
    return _Reading(fields, tuple(objects), tuple(columns))


_READINGS = {kind: _reading(draft) for kind, draft in _DRAFTS.items()}


def seen_by_rules(
    rows: QuerySet[Any], kind: type[Entry | Massage]
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Like `wire` for many rows, without what rules do not look at; each with its receipt.

    A whole diary is read at every evaluation: rows as objects, with every column, cost several
    times what the rules do.
    """
    fields, objects, columns = _READINGS[kind]
    for record_id, received_at, *values in rows.values_list("record_id", "received_at", *columns):
        data = {
            name: value for name, value in zip(fields, values, strict=False) if value is not None
        }
        data["id"] = str(record_id)
        for name, members, first in objects:
            answers = _answers(zip(members, values[first:], strict=False))
            if answers:
                data[name] = answers
        yield data, received_at


def _answers(members: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {
        member: str(value) if member == "massage" else value
        for member, value in members
        if value is not None
    }


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
    members = _OBJECTS[name].model_fields
    return _answers((member, getattr(row, f"{name}_{member}")) for member in members) or None


def as_sent(row: Any, kind: type[Entry | Massage]) -> dict[str, Any]:
    """The JSON form of a row: every field, null where unanswered, times with the offset sent."""
    fields = wire(row, kind)
    return {name: _text(fields.get(name), row, name) for name in _DRAFTS[kind].model_fields}


def names(kind: type[Entry | Massage]) -> tuple[str, ...]:
    """The wire fields of a kind of record; a member of an object as `object.member`."""
    found: list[str] = []
    for name in _DRAFTS[kind].model_fields:
        members = _OBJECTS[name].model_fields if name in _OBJECTS else ()
        found += [f"{name}.{member}" for member in members] or [name]
    return tuple(found)


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
