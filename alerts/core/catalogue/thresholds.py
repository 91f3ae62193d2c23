"""The thresholds of a rule, and how they read in a sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from alerts.core.catalogue.shape import Catalogue, Description, Shared
from alerts.core.parameters import Declaration, Parameters, declarations
from alerts.core.parameters.limits import LENGTHS

_PLACE: Final = re.compile(r"\{(\w+\.\w+)\}")
_WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


def worded(prose: str, parameters: Parameters) -> str:
    """A sentence with its thresholds filled in; raise KeyError for one that is not declared."""
    return _PLACE.sub(lambda place: in_words(_by_name(parameters)[place[1]]), prose)


@lru_cache(maxsize=4)
def _by_name(parameters: Parameters) -> Mapping[str, Declaration]:
    return {f"{each.group}.{each.name}": each for each in declarations(parameters)}


def named_in(prose: str) -> frozenset[str]:
    """The thresholds that a sentence names, as "group.name"."""
    return frozenset(_PLACE.findall(prose))


def in_words(threshold: Declaration) -> str:
    """A figure as it reads in a sentence: spans with their unit, others without."""
    if isinstance(threshold.value, timedelta):
        return f"{figure(threshold)} {_unit(threshold)}"
    if threshold.source.unit.startswith("weekday"):
        return _WEEKDAYS.split()[int(threshold.value)]
    if threshold.source.unit.startswith("hour of"):
        return f"{threshold.value}:00"
    return figure(threshold)


def figure(threshold: Declaration) -> str:
    """A figure in its declared unit."""
    value = threshold.value
    if isinstance(value, timedelta):
        value = value / LENGTHS[threshold.source.unit]
    return f"{value:g}"


def _unit(threshold: Declaration) -> str:
    unit = threshold.source.unit
    return unit.removesuffix("s") if figure(threshold) == "1" else unit


def of_groups(groups: Sequence[str], parameters: Parameters) -> Iterator[Declaration]:
    """The thresholds of some groups, in the order of the groups."""
    declared = _by_name(parameters).values()
    return (each for group in groups for each in declared if each.group == group)


def groups_of(rule: Description, catalogue: Catalogue) -> tuple[str, ...]:
    """The groups of a rule: its own, then those of the rules and shared parts it uses."""
    parts: list[Shared | Description] = [*catalogue.shared, *catalogue.rules]
    used = (group for part in parts if part.id in rule.uses for group in part.parameters)
    return tuple(dict.fromkeys([*rule.parameters, *used]))
