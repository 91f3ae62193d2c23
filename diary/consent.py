"""The consent texts: one folder a version, one file a language; the newest is required."""

from functools import cache
from pathlib import Path
from typing import Final

_TEXTS = Path(__file__).parent / "consents"
_ENGLISH: Final = "en"
_SIMPLIFIED: Final = "zh-Hans"
# By the first part of a language tag.
_LANGUAGES: Final = {"en": _ENGLISH, "zh": _SIMPLIFIED, "cmn": _SIMPLIFIED}
# Parts that mean another way of writing than `hans`, by name or by place.
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo", "yue"})


@cache
def required_version() -> str:
    """The version that a patient must have agreed to."""
    return max(folder.name for folder in _TEXTS.iterdir())


def text(*, version: str, locale: str) -> str:
    """The text of a version in the language of a locale ("en-GB", "zh-CN"), else in English."""
    return _read(version, language(locale))


def language(locale: str) -> str:
    """The language that a locale is served in: the same as that of all other texts."""
    first, *rest = locale.lower().replace("_", "-").split("-")
    found = _LANGUAGES.get(first, _ENGLISH)
    is_other_script = "hans" not in rest and not _TRADITIONAL.isdisjoint(rest)
    return _ENGLISH if found == _SIMPLIFIED and is_other_script else found


@cache
def _read(version: str, language: str) -> str:
    wanted = _TEXTS / version / f"{language}.txt"
    found = wanted if wanted.exists() else _TEXTS / version / f"{_ENGLISH}.txt"
    return found.read_text(encoding="utf-8")
