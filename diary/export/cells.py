"""Cells of a table that a spreadsheet opens: no text in them is ever taken for a formula."""

import json
import re
import unicodedata
from typing import Any

_LINES = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BEGINS_FORMULA = frozenset("=+-@;\u2212")  # the last is the sign for minus
_GUARD = "'"


def cell(value: Any) -> str | int | float | None:
    """A JSON value as a cell: numbers stay numbers, lists and objects are JSON.

    A text that a spreadsheet could take for a formula gets an apostrophe in front, and so does one
    that has it already: whoever reads the file takes the first one away again.
    """
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case str():
            return _GUARD + value if _needs_guard(value) else value
    return cell(json.dumps(value, ensure_ascii=False))


def _needs_guard(text: str) -> bool:
    if text.startswith((_GUARD, "\r")):
        return True
    return any(_could_be_formula(line) for line in _LINES.split(text))


def _could_be_formula(line: str) -> bool:
    """Whether a line begins like a formula, whatever cannot be seen in front of it."""
    if line.startswith("\t"):
        return True
    first = next((sign for sign in line if unicodedata.category(sign)[0] not in "ZC"), "")
    # Full-width and small forms too: some spreadsheets read them as the plain ones.
    return unicodedata.normalize("NFKC", first)[:1] in _BEGINS_FORMULA if first else False
