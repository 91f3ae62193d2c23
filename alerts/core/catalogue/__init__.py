"""Why there is each rule: documents, rows, conflicts, hazards, and what the rules do in words.

The data stands in TOML beside this module, so that a clinician can read and correct it.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from alerts.core.catalogue.shape import (
    Catalogue,
    Conflict,
    Description,
    Hazard,
    Level,
    Row,
    Section,
    Seed,
    ServiceText,
    Shared,
    Side,
)

__all__ = ["Catalogue", "Conflict", "Description", "Hazard", "Row", "Section", "Shared", "read"]

_FOLDER: Final = Path(__file__).parent
_Table = dict[str, Any]


@cache
def read() -> Catalogue:
    """The catalogue of this release; a field that nobody knows is an error."""
    general = _table("general.toml")
    return Catalogue(
        seeds=tuple(Seed(**each) for each in _table("seeds.toml")["seed"]),
        sections=tuple(map(_section, _tables("rows"))),
        conflicts=tuple(map(_conflict, _table("conflicts.toml")["conflict"])),
        hazards=tuple(Hazard(**_frozen(each)) for each in _table("hazards.toml")["hazard"]),
        levels=tuple(Level(**each) for each in general["level"]),
        shared=tuple(Shared(**_frozen(each)) for each in general["shared"]),
        rules=tuple(sorted(map(_rule, _all_rules()), key=lambda rule: rule.id)),
        service_texts=tuple(ServiceText(**each) for each in _table("service_texts.toml")["text"]),
    )


def _table(name: str) -> _Table:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _tables(folder: str) -> list[_Table]:
    """The files of a folder, in the order of their names."""
    return [_table(f"{folder}/{path.name}") for path in sorted((_FOLDER / folder).glob("*.toml"))]


def _all_rules() -> Iterable[_Table]:
    return (rule for family in _tables("rules") for rule in family["rule"])


def _section(table: _Table) -> Section:
    return Section(table["title"], tuple(Row(**_frozen(each)) for each in table["row"]))


def _conflict(table: _Table) -> Conflict:
    sides = tuple(Side(**_frozen(side)) for side in table["sides"])
    return Conflict(**_frozen(table) | {"sides": sides})


def _rule(table: _Table) -> Description:
    return Description(**_frozen(table))


def _frozen(table: _Table) -> _Table:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
