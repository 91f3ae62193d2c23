"""The texts that people read: looked up by key and language, put together in one place."""

import math
import string
from collections.abc import Mapping, Sequence
from datetime import date
from numbers import Real

from alerts.core.texts import en
from alerts.core.texts.shape import Catalogue, Mail, Text

__all__ = [
    "LANGUAGES",
    "Mail",
    "Text",
    "advice",
    "catalogue",
    "headline",
    "keys",
    "language",
    "mail",
    "push_line",
    "safety_net",
    "text",
    "why",
]

_CATALOGUES = {each.language: each for each in (en.CATALOGUE,)}
_BY_TAG = {tag: each for each in _CATALOGUES.values() for tag in (each.language, *each.tags)}
_HIGHEST_LEVEL = 4

LANGUAGES = tuple(_CATALOGUES)


def keys() -> frozenset[str]:
    """Every text key that there is."""
    return frozenset(en.CATALOGUE.texts)


def language(locale: str) -> str:
    """The language that a locale ("en-GB", "zh_Hans_CN") is served in."""
    return catalogue(locale).language


def catalogue(locale: str) -> Catalogue:
    """The catalogue for a locale: the longest tag that fits, else English."""
    tag = locale.lower().replace("_", "-")
    while tag:
        if tag in _BY_TAG:
            return _BY_TAG[tag]
        tag = tag.rpartition("-")[0]
    return en.CATALOGUE


def text(key: str, locale: str) -> Text:
    """The text for a key, in English where the language lacks it; raise KeyError."""
    return catalogue(locale).texts.get(key) or en.CATALOGUE.texts[key]


def advice(
    said: Text, *, locale: str, region: str, emergency_number: str, late: bool = False
) -> str:
    """What to do: the advice, for late records under "if this is still so", and the safety net.

    `region` is `lumbar`, `cervical` or `both`.
    """
    words = catalogue(locale)
    parts = [said.advice.format(emergency_number=emergency_number or words.number_unknown)]
    if late:
        parts = [f"{words.if_still_so}\n{parts[0]}"]
    # In an emergency there is one thing to do, and staff need no telling.
    if said.level < _HIGHEST_LEVEL and not said.for_staff:
        parts.append(safety_net(locale=locale, region=region))
    return "\n\n".join(parts)


def safety_net(*, locale: str, region: str) -> str:
    """When to go to emergency care whatever else is said; an unknown region gets all of it."""
    words = catalogue(locale)
    if region == "lumbar":
        return words.safety_net
    return f"{words.safety_net} {words.safety_net_neck}"


def why(said: Text, parameters: Mapping[str, object]) -> str:
    """What was found, with the patient's numbers; without them where one is missing or odd."""
    try:
        worded = {
            name: _worded(said, name, parameters[name])
            for _, name, _, _ in string.Formatter().parse(said.why)
            if name
        }
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return said.why_plain
    return said.why.format(**worded)


def headline(level: int, locale: str) -> str:
    """The one line above the guidance."""
    return catalogue(locale).headlines[_known(level)]


def push_line(level: int, locale: str) -> str:
    """What may stand on a locked screen."""
    return catalogue(locale).push_lines[_known(level)]


def mail(level: int, locale: str, *, emergency_number: str) -> Mail:
    """Subject and body of the mail that goes with an alert."""
    words = catalogue(locale)
    found = words.mails[_known(level)]
    number = emergency_number or words.number_unknown
    return Mail(found.subject, found.body.format(emergency_number=number))


def _worded(said: Text, name: str, value: object) -> str:
    """A value as it is read; nothing but numbers, dates and phrases of the catalogue."""
    if name in said.phrases:
        return _phrased(said, name, value if isinstance(value, list | tuple) else [value])
    if isinstance(value, bool):
        raise TypeError("neither number nor date")
    if isinstance(value, Real):
        return _number(float(value))
    return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]


def _phrased(said: Text, name: str, codes: Sequence[object]) -> str:
    if not codes:
        raise ValueError("nothing to name")
    # A code that is no text cannot be in the catalogue either.
    return said.between.join(said.phrases[name][str(code)] for code in codes)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("not a number")
    return f"{value:.1f}".removesuffix(".0")


def _known(level: int) -> int:
    """A level out of range must not cost the message."""
    return min(max(level, 0), _HIGHEST_LEVEL)
