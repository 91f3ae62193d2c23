"""Writing versions of records: the new records in one statement, later versions in another.

The rows travel as one JSON text that PostgreSQL takes apart: a statement of a thousand rows costs
Python no more than the text. Triggers write the history and the place in the feed.
"""

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.db import connection
from psycopg import sql

from diary.models import Entry, Massage

Row = Entry | Massage
_NOT_OURS = {"id", "position"}  # the database's to fill


def store(versions: Sequence[Row]) -> None:
    """Write versions in the order in which they were made; a record may have several."""
    for kind in (Entry, Massage):
        own = [row for row in versions if isinstance(row, kind)]
        first = [row for row in own if row.version == 1]
        later = [row for row in own if row.version > 1]
        with connection.cursor() as cursor:
            if first:
                cursor.execute(_insert(kind), [_text(first)])
            if later:
                cursor.executemany(_update(kind), [[_text(round_)] for round_ in _rounds(later)])


def _rounds(rows: Sequence[Row]) -> list[list[Row]]:
    """The versions in rounds, in each of which a record comes once: a statement changes it once."""
    rounds: list[list[Row]] = []
    seen: Counter[UUID] = Counter()
    for row in rows:
        if seen[row.record_id] == len(rounds):
            rounds.append([])
        rounds[seen[row.record_id]].append(row)
        seen[row.record_id] += 1
    return rounds


def _text(rows: Sequence[Row]) -> str:
    names = _columns(type(rows[0]))
    said = [{n: v for n in names if (v := getattr(row, n)) is not None} for row in rows]
    return json.dumps(said, default=str)


@cache
def _columns(kind: type[Row]) -> tuple[str, ...]:
    names = (field.attname for field in kind._meta.concrete_fields)
    return tuple(name for name in names if name not in _NOT_OURS)


@cache
def _insert(kind: type[Row]) -> str:
    statement = """
        INSERT INTO {table} ({columns})
        SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)
    """
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(kind)))
    composed = sql.SQL(statement).format(table=sql.Identifier(kind._meta.db_table), columns=columns)
    return composed.as_string()


@cache
def _update(kind: type[Row]) -> str:
    statement = """
        UPDATE {table} AS old SET {changes}
        FROM json_populate_recordset(NULL::{table}, %s) AS new
        WHERE old.patient_id = new.patient_id AND old.record_id = new.record_id
    """
    changes = (sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name in _columns(kind))
    composed = sql.SQL(statement).format(
        table=sql.Identifier(kind._meta.db_table), changes=sql.SQL(", ").join(changes)
    )
    return composed.as_string()
