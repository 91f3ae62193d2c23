"""The rule book and the hazard table: written from the catalogue, the parameters and the texts.

What a clinician reads cannot differ from what runs: figures, texts and rows are taken from where
the rules take them, and a check notices when the written files are older than that.
"""

from collections.abc import Mapping
from pathlib import Path

from alerts.core.catalogue import read
from alerts.core.parameters import CURRENT
from alerts.rule_book.book import rule_book
from alerts.rule_book.hazards import hazard_table


def documents() -> Mapping[str, str]:
    """What the files are to hold, by their names in docs/."""
    catalogue = read()
    return {
        "rules.md": rule_book(catalogue, CURRENT),
        "hazards.md": hazard_table(catalogue),
    }


def write(folder: Path) -> list[str]:
    """Write the files that have changed; give their names."""
    changed = stale(folder)
    for name in changed:
        (folder / name).write_text(documents()[name], encoding="utf-8")
    return changed


def stale(folder: Path) -> list[str]:
    """The files that are missing or not what they should be."""
    return [name for name, words in documents().items() if _held(folder / name) != words]


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
