"""The texts that people read: looked up by key and language, put together in one place."""

import math
import string
from collections.abc import Mapping, Sequence
from datetime import date
from numbers import Real

from alerts.core.texts import en, zh_hans
from alerts.core.texts.shape import Card, Catalogue, Grammar, Mail, Text

__all__ = [
    "LANGUAGES",
    "Card",
    "Mail",
    "Text",
    "advice",
    "cards",
    "catalogue",
    "clinic_mail",
    "failure",
    "headline",
    "keys",
    "language",
    "mail",
    "push_line",
    "safety_net",
    "text",
    "to_do",
    "why",
]

_CATALOGUES = {each.language: each for each in (en.CATALOGUE, zh_hans.CATALOGUE)}
_HIGHEST_LEVEL = 4

LANGUAGES = tuple(_CATALOGUES)


def keys() -> frozenset[str]:
    """Every text key that there is."""
    return frozenset(en.CATALOGUE.texts)


def language(locale: str) -> str:
    """The language that a locale ("en-GB", "zh_Hans_CN") is served in."""
    return catalogue(locale).language


def catalogue(locale: str) -> Catalogue:
    """The catalogue for a locale, else English."""
    serving = (each for each in _CATALOGUES.values() if each.serves(locale))
    return next(serving, en.CATALOGUE)


def text(key: str, locale: str) -> Text:
    """The text for a key, in English where the language lacks it; raise KeyError."""
    return catalogue(locale).texts.get(key) or en.CATALOGUE.texts[key]


def cards(locale: str) -> tuple[Card, ...]:
    """What the app may show at any time, in a sensible order."""
    return tuple(catalogue(locale).cards.values())


def advice(
    said: Text, *, locale: str, region: str, emergency_number: str, late: bool = False
) -> str:
    """What to do: the advice, for late records under "if this is still so", and the safety net.

    `region` is `lumbar`, `cervical` or `both`.
    """
    parts = [to_do(said, locale=locale, emergency_number=emergency_number)]
    if late:
        parts = [f"{catalogue(locale).if_still_so}\n{parts[0]}"]
    # In an emergency there is one thing to do, and staff need no telling.
    if said.level < _HIGHEST_LEVEL and not said.for_staff:
        parts.append(safety_net(locale=locale, region=region))
    return "\n\n".join(parts)


def to_do(said: Text, *, locale: str, emergency_number: str) -> str:
    """The advice alone, without the safety net."""
    number = emergency_number or catalogue(locale).number_unknown
    return said.advice.format(emergency_number=number)


def safety_net(*, locale: str, region: str) -> str:
    """When to go to emergency care whatever else is said; an unknown region gets all of it."""
    words = catalogue(locale)
    if region == "lumbar":
        return words.safety_net
    return words.grammar.between_sentences.join((words.safety_net, words.safety_net_neck))


def why(said: Text, parameters: Mapping[str, object]) -> str:
    """What was found, with the patient's numbers; without them where one is missing or odd."""
    own_sentence = said.why_for.get(str(parameters.get("what")))
    for sentence in (own_sentence, said.why):
        filled = _filled(said, sentence, parameters) if sentence else None
        if filled is not None:
            return filled
    return said.why_plain


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


def clinic_mail(kind: str, locale: str, **details: object) -> Mail:
    """Subject and body of a mail to a physician, or to whoever is on call.

    `details` are the `link`, and what the kind asks for: `minutes`, `hours`, `failure`.
    """
    found = catalogue(locale).clinic_mails[kind]
    return Mail(found.subject, found.body.format(**details))


def failure(kind: str, locale: str) -> str:
    """What went wrong in the service; at least that something did."""
    words = catalogue(locale).failures
    return words.get(kind, words["unknown"])


def _filled(said: Text, sentence: str, parameters: Mapping[str, object]) -> str | None:
    """A sentence with its parameters; None where one is missing or odd."""
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    try:
        worded = {name: _worded(said, name, parameters[name]) for name in names}
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return sentence.format(**worded)


def _worded(said: Text, name: str, value: object) -> str:
    """A value as it is read; nothing but numbers, dates and phrases of the catalogue."""
    grammar = _CATALOGUES[said.language].grammar
    if name in said.phrases:
        codes = value if isinstance(value, list | tuple) else [value]
        # A code that is no text cannot be in the catalogue either.
        return _listed(grammar, [said.phrases[name][str(code)] for code in codes])
    if isinstance(value, bool):
        raise TypeError("neither number nor date")
    if isinstance(value, Real):
        return _number(float(value))
    return _date(grammar, value if isinstance(value, date) else date.fromisoformat(str(value)))


def _listed(grammar: Grammar, phrases: Sequence[str]) -> str:
    """The phrases as one reads them: "a, b and c"."""
    if not phrases:
        raise ValueError("nothing to name")
    *others, last = phrases
    return grammar.before_last.join(filter(None, (grammar.between.join(others), last)))


def _date(grammar: Grammar, day: date) -> str:
    return grammar.date.format(day=day.day, month=grammar.months[day.month - 1], year=day.year)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("not a number")
    return f"{value:.1f}".removesuffix(".0")


def _known(level: int) -> int:
    """A level out of range must not cost the message."""
    return min(max(level, 0), _HIGHEST_LEVEL)
