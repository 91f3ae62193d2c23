"""What belongs to a patient, found from the foreign keys, so that a new table is never forgotten.

A way is a lookup that leads from a row to its patient, or to the account: `delivery__patient`.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import PROTECT, Model

from diary.models import Patient, User

Table = type[Model]
Ways = dict[Table, tuple[str, ...]]


def of_patient() -> Ways:
    """Every table with a way to a patient, those first that refer to others; without Patient."""
    return _referring_first(_tables(Patient))


def of_account() -> Ways:
    """Every further table with a way to an account; without User."""
    of_patients = _tables(Patient)
    found = _tables(User)
    return _referring_first(
        {table: ways for table, ways in found.items() if table not in {Patient, *of_patients}}
    )


def everything() -> set[Table]:
    """Every table that holds something of a patient or of the account behind."""
    return {Patient, User, *of_patient(), *of_account()}


def naming_an_account() -> list[tuple[Table, str]]:
    """The columns that name an account which must not go while they do."""
    columns: list[tuple[Table, Any]] = [
        (table, field) for table in _stored() for field in table._meta.concrete_fields
    ]
    return [
        (table, field.name)
        for table, field in columns
        if field.related_model is User and field.remote_field.on_delete is PROTECT
    ]


def needed(table: Table, ways: tuple[str, ...]) -> tuple[str, ...]:
    """The ways that together lead from every row: one that no row is without is enough."""
    sure = [way for way in ways if "__" not in way and not _field(table, way).null]
    return (sure[0],) if sure else ways


def _tables(goal: Table) -> Ways:
    found = {table: tuple(_ways(table, goal, seen={table})) for table in _stored()}
    return {table: ways for table, ways in found.items() if ways and table is not goal}


def _stored() -> list[Table]:
    """Every model that has a table of its own."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def _ways(table: Table, goal: Table, *, seen: set[Table]) -> Iterator[str]:
    for field in table._meta.get_fields():
        related: Any = field.related_model
        if not field.concrete or not (field.many_to_one or field.one_to_one) or related in seen:
            continue
        if related is goal:
            yield field.name
        else:
            further = _ways(related, goal, seen={*seen, related})
            yield from (f"{field.name}__{way}" for way in further)


def _referring_first(tables: Ways) -> Ways:
    """In an order in which rows can go: whoever refers to a table has a longer way than it."""
    return dict(sorted(tables.items(), key=lambda item: (-_longest(item[1]), item[0]._meta.label)))


def _longest(ways: tuple[str, ...]) -> int:
    return max(way.count("__") for way in ways)


def _field(table: Table, name: str) -> Any:
    return table._meta.get_field(name)
