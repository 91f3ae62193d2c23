"""Markdown as a code host shows it: tables, links, lists."""

import re
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by `manage.py rule_book`. Change the catalogue, the parameters or the texts. -->"


def table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines: list[Iterable[str]] = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def link(words: str, heading: str) -> str:
    """A link to a heading of the same document."""
    return f"[{words}](#{anchor(heading)})"


def anchor(heading: str) -> str:
    """The anchor that a code host gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def document(*parts: str) -> str:
    """Parts with an empty line between them; empty parts are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
