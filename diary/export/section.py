"""One kind of thing in an export: where its rows come from, and how each is shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from diary.belongings import Table
from diary.models import Patient, User

Row = dict[str, Any]
Shown = Callable[[Any, Patient], Any]
_AT_ONCE = 500  # rows in memory


@dataclass(frozen=True, kw_only=True)
class Section:
    """A list in the JSON document, and a table in the zip; both say the same."""

    name: str
    table: Table
    columns: tuple[str, ...]  # `a.b` is the member `b` of an object `a`
    found: Callable[[Patient], QuerySet[Any]]
    shown: Callable[[Any, Patient], Row]

    def rows(self, patient: Patient) -> Iterator[Row]:
        """What is held, one row at a time, as values that JSON has."""
        for row in self.found(patient).iterator(chunk_size=_AT_ONCE):
            yield {name: _plain(value) for name, value in self.shown(row, patient).items()}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Rows shown by their columns, under the same names, and by what is made of them."""

    plain: tuple[str, ...] = ()
    made: dict[str, Shown] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        return (*self.plain, *self.made)

    def __call__(self, row: Any, patient: Patient) -> Row:
        plain = {name: getattr(row, name) for name in self.plain}
        return plain | {name: made(row, patient) for name, made in self.made.items()}


def listed(
    name: str,
    table: Table,
    *plain: str,
    order: tuple[str, ...],
    ways: tuple[str, ...] = ("patient",),
    others: tuple[str, ...] = (),
    **made: Shown,
) -> Section:
    """A section with a row for each row of a table.

    Any of the `ways` leads to the patient; `others` are what each row needs of other tables.
    """
    columns = Columns(plain=plain, made=made)

    def found(patient: Patient) -> QuerySet[Any]:
        theirs = reduce(or_, (Q(**{way: patient.pk}) for way in ways))
        rows = table._base_manager.filter(theirs)  # noqa: SLF001  no manager may hide rows
        return rows.select_related(*others).order_by(*order) if others else rows.order_by(*order)

    return Section(name=name, table=table, columns=columns.names(), found=found, shown=columns)


def who(user: User | None, patient: Patient) -> str:
    """An account as the patient knows it."""
    if user is None:
        return "the service"
    if user.pk == patient.user_id:
        return "you"
    return (user.name if user.is_staff else "") or "a physician"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date() | UUID():
            return str(value)
        case dict():
            return {name: _plain(member) for name, member in value.items()}
        case list() | tuple():
            return [_plain(member) for member in value]
        case _:
            return value
