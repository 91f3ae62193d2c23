"""Statements that are written once, and what they find as objects.

Django puts a query together anew each time, which takes longer than to ask it. These are for what
every write and every evaluation asks.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Statement(Generic[M]):
    """A SELECT of rows of one table, called `found` in it; `{found}` stands for their columns.

    What is selected after them comes as attributes of the object.
    """

    def __init__(self, kind: type[M], sql: str) -> None:
        self._kind = kind
        self._template = sql

    def all(self, *values: Any) -> list[M]:
        """Every row, as an object of the model."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            names = [column.name for column in cursor.description[len(self._fields) :]]
            return [self._made(row, names) for row in cursor.fetchall()]

    def first(self, *values: Any) -> M | None:
        """The first row, None if there is none."""
        return next(iter(self.all(*values)), None)

    @cached_property
    def _sql(self) -> str:
        columns = (f'found."{field.column}"' for field in self._kind._meta.concrete_fields)
        return self._template.format(found=", ".join(columns))

    @cached_property
    def _fields(self) -> list[str]:
        return [field.attname for field in self._kind._meta.concrete_fields]

    @cached_property
    def _read(self) -> list[tuple[int, Callable[..., Any]]]:
        """Where in a row lies what a field makes its value of, such as JSON."""
        fields = enumerate(self._kind._meta.concrete_fields)
        return [(place, f.from_db_value) for place, f in fields if hasattr(f, "from_db_value")]

    def _made(self, row: tuple[Any, ...], names: list[str]) -> M:
        values = list(row)
        for place, read in self._read:
            values[place] = read(values[place], None, connection)
        made = self._kind.from_db(connection.alias, self._fields, values[: len(self._fields)])
        for name, value in zip(names, row[len(self._fields) :], strict=True):
            setattr(made, name, value)
        return made
