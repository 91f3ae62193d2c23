"""The function checks: heel and toe walk, grip, buttons; each `can`, `cannot` or no answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from alerts.core.records import Entry
from alerts.core.verdicts import Fact

CAN: Final = "can"
CANNOT: Final = "cannot"
_SIDES: Final = ("_left", "_right")


class Loss(NamedTuple):
    """An entry at which something could no longer be done, and what that rests on."""

    entry: Entry
    facts: tuple[Fact, ...]
    on_both_sides: tuple[Fact, ...]  # each last `cannot`, if there is one on either side


def losses(entries: Iterable[Entry]) -> Iterator[Loss]:
    """Each entry that says `cannot` where the last earlier answer to that check is `can`."""
    last: dict[str, Entry] = {}
    for entry in entries:
        if not entry.function_checks:
            continue
        given = answers(entry)
        lost = [c for c in given if given[c] == CANNOT and c in last and _said(last[c], c) == CAN]
        facts = tuple(_fact(said_in, check) for check in lost for said_in in (last[check], entry))
        last.update(dict.fromkeys(given, entry))
        if lost:
            yield Loss(entry, facts, _on_both_sides(last))


def answers(entry: Entry) -> Mapping[str, str]:
    """The checks an entry answers; `unknown` is no answer."""
    return {c: said for c, said in entry.function_checks.items() if said in (CAN, CANNOT)}


def _on_both_sides(last: Mapping[str, Entry]) -> tuple[Fact, ...]:
    lost = [check for check, entry in last.items() if _said(entry, check) == CANNOT]
    sided = [check for check in lost if check.endswith(_SIDES)]
    if not all(any(check.endswith(side) for check in sided) for side in _SIDES):
        return ()
    return tuple(_fact(last[check], check) for check in sided)


def _said(entry: Entry, check: str) -> str:
    return entry.function_checks[check]


def _fact(entry: Entry, check: str) -> Fact:
    return Fact(entry, f"function_checks.{check}", _said(entry, check))
