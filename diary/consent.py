"""The consent texts: one folder a version, one file a language; the newest is required."""

from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).parent / "consents"


@cache
def required_version() -> str:
    """The version that a patient must have agreed to."""
    return max(folder.name for folder in _TEXTS.iterdir())


@cache
def text(*, version: str, locale: str) -> str:
    """The text of a version in the caller's language, else in English."""
    folder = _TEXTS / version
    wanted = folder / f"{locale}.txt"
    # Compared against what is there: the locale comes from outside and is no path.
    found = wanted if wanted in folder.iterdir() else folder / "en.txt"
    return found.read_text(encoding="utf-8")
