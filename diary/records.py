"""Between a record's row and its wire form.

A member of a wire object lies in the column `<object>_<member>`; a time lies in UTC, with the
offset it was sent with beside it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
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
    objects: tuple[tuple[str, tuple[str, ...], slice], ...]  # name, members, their places
    columns: tuple[str, ...]


def _reading(draft: type[Draft]) -> _Reading:
    seen = [name for name in draft.model_fields if name not in UNSEEN_BY_RULES | {"id"}]
    fields = tuple(name for name in seen if name not in _OBJECTS)
    columns = [*fields]
    objects = []
    for name in (name for name in seen if name in _OBJECTS):
        members = tuple(_OBJECTS[name].model_fields)
        objects.append((name, members, slice(len(columns), len(columns) + len(members))))
        columns += [f"{name}_{member}" for member in members]
    return _Reading(fields, tuple(objects), ("record_id", "received_at", *columns))


_READINGS = {kind: _reading(draft) for kind, draft in _DRAFTS.items()}
_DIARIES = {
    kind: f"SELECT {', '.join(reading.columns)} FROM {kind._meta.db_table}"  # noqa: S608  our names
    " WHERE patient_id = %s AND deleted_at IS NULL"
    for kind, reading in _READINGS.items()
}


def whole_diary(
    patient_id: UUID, kind: type[Entry | Massage]
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """All standing records of a patient, like `wire` without what rules do not look at.

    Each with its receipt. A whole diary is read at every evaluation: rows as objects, with every
    column, cost several times what the rules do.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DIARIES[kind], [patient_id])
        return _seen(cursor.fetchall(), _READINGS[kind])


def seen_by_rules(
    rows: QuerySet[Any], kind: type[Entry | Massage]
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """The same of some records."""
    return _seen(rows.values_list(*_READINGS[kind].columns), _READINGS[kind])


def _seen(
    rows: Iterable[tuple[Any, ...]], reading: _Reading
) -> Iterator[tuple[dict[str, Any], datetime]]:
    fields, objects, _ = reading
    for record_id, received_at, *values in rows:
        data = {
            name: value for name, value in zip(fields, values, strict=False) if value is not None
        }
        data["id"] = str(record_id)
        for name, members, places in objects:
            answers = values[places]
            if answers.count(None) < len(answers):
                data[name] = _answers(zip(members, answers, strict=True))
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
