"""A version of the thresholds as a TOML file, which a clinic can read, edit and try.

    version = "1.1.0-draft"

    [frequency]
    healing_per_7_days = 2 # massages

Each table is a group, each number is in the unit its threshold declares. A file may hold all
thresholds or only those that differ from another version.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from math import isfinite
from operator import attrgetter
from typing import Any

from alerts.core.parameters import CURRENT, Declaration, Parameters, declarations
from alerts.core.parameters.limits import LENGTHS, Number, beyond_limits, out_of_order

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}", re.ASCII)


class Refused(ValueError):
    """A file that is no version of the thresholds; the message has a line for each problem."""


def read(text: str, *, others: Parameters = CURRENT) -> Parameters:
    """The version a file describes; a threshold it does not name is that of `others`.

    Raise Refused, naming every table and threshold that is unknown or has no sense.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The file is not TOML: {error}.") from error
    version = tables.pop("version", None)
    problems = [] if _is_name(version) else ['version: a name such as "1.1.0-draft" is needed.']
    known = {(each.group, each.name): each for each in declarations(others)}
    problems += _strangers(tables, {group for group, _ in known})
    changed: dict[str, dict[str, Number]] = {}
    for group, name, value in _thresholds(tables):
        threshold, problem = _threshold(known.get((group, name)), value)
        if threshold is None:
            problems.append(f"{group}.{name}: {problem}")
        else:
            changed.setdefault(group, {})[name] = threshold
    if problems:
        raise Refused("\n".join(problems))
    return _in_order(_changed(others, str(version), changed))


def _is_name(version: object) -> bool:
    return isinstance(version, str) and bool(_VERSION.fullmatch(version))


def _strangers(tables: Mapping[str, Any], groups: Collection[str]) -> Iterator[str]:
    """A problem for everything that is no table of a known group."""
    for group, thresholds in tables.items():
        if group not in groups:
            yield f"{group}: there is no such group of thresholds."
        elif not isinstance(thresholds, dict):
            yield f"{group}: a table of thresholds, [{group}], is needed here."


def _thresholds(tables: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    """Group, name and value of everything in the tables."""
    for group, thresholds in tables.items():
        if isinstance(thresholds, dict):
            yield from ((group, name, value) for name, value in thresholds.items())


def _threshold(
    declared: Declaration | None, value: object
) -> tuple[Number, None] | tuple[None, str]:
    """The value of a threshold, or why it is refused."""
    if declared is None:
        return None, "there is no such threshold."
    number = _number(declared, value)
    if number is None:
        return None, f"{_form(declared)} is needed here, not {value!r}."
    limits = beyond_limits(declared.source.unit, number)
    return (None, f"{value} has no sense; {limits} is possible.") if limits else (number, None)


def _number(declared: Declaration, value: object) -> Number | None:
    """The value in the type of its threshold; None for one of another type."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    match declared.value:
        case timedelta():
            return _length(value, LENGTHS[declared.source.unit])
        case float():
            return float(value)
        case _:
            return value if isinstance(value, int) else None


def _length(value: float, unit: timedelta) -> timedelta:
    try:
        return value * unit
    except OverflowError:
        return timedelta.max if value > 0 else timedelta.min


def _form(declared: Declaration) -> str:
    if isinstance(declared.value, timedelta):
        return f"a number of {declared.source.unit}"
    kind = "a number" if isinstance(declared.value, float) else "a whole number"
    return f"{kind} ({declared.source.unit})"


def _changed(
    others: Parameters, version: str, changed: Mapping[str, Mapping[str, Number]]
) -> Parameters:
    groups = {group: replace(getattr(others, group), **values) for group, values in changed.items()}
    named: dict[str, Any] = {"version": version, **groups}
    return replace(others, **named)


def _in_order(parameters: Parameters) -> Parameters:
    problems = [
        f"{group}.{name}: it may not be less than {group}.{before}."
        for group, name, before in out_of_order(parameters)
    ]
    if problems:
        raise Refused("\n".join(problems))
    return parameters


def written(parameters: Parameters) -> str:
    """A complete file of a version; reading it gives the same version."""
    tables = groupby(declarations(parameters), attrgetter("group"))
    return "\n".join(
        [
            f'version = "{parameters.version}"',
            *(_table(parameters, group, thresholds) for group, thresholds in tables),
            "",
        ]
    )


def _table(parameters: Parameters, group: str, thresholds: Iterable[Declaration]) -> str:
    about = type(getattr(parameters, group)).__doc__
    return "\n".join(["", f"# {about}", f"[{group}]", *map(_line, thresholds)])


def _line(threshold: Declaration) -> str:
    unit, mark, rows = threshold.source
    sources = f"; {', '.join(f'#{row}' for row in rows)}" if rows else ""
    return f"{threshold.name} = {_figure(threshold)} # {unit}; {mark}{sources}"


def _figure(threshold: Declaration) -> str:
    value = threshold.value
    if not isinstance(value, timedelta):
        return repr(value)
    return repr(value / LENGTHS[threshold.source.unit]).removesuffix(".0")
