"""What a catalogue of texts consists of; one language is one `Catalogue`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

UNREVIEWED = "not yet reviewed by a clinician"


@dataclass(frozen=True)
class Text:
    """What is said for one finding. Raise `version`, in every language, whenever a word changes.

    `advice` may hold {emergency_number}. `why` may hold parameters of the rule; `why_for` has
    sentences of their own for some codes of the parameter `what`; `why_plain` says it without
    parameters. `phrases` words the codes of a parameter: {"what": {"code": "..."}}.
    """

    key: str
    version: int
    level: int
    title: str
    advice: str
    why: str
    reviewer: str = UNREVIEWED
    why_plain: str = ""
    why_for: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    for_staff: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Card:
    """Something to know that no finding calls for; `rows` are the statements it rests on."""

    key: str
    version: int
    title: str
    text: str
    rows: tuple[int, ...]
    reviewer: str = UNREVIEWED


@dataclass(frozen=True)
class Mail:
    """A mail that says nothing but what to open."""

    subject: str
    body: str


@dataclass(frozen=True)
class Grammar:
    """How a language puts parts together."""

    between: str  # several phrases of one parameter
    before_last: str
    date: str  # with {day}, {month} and {year}
    months: tuple[str, ...]
    between_sentences: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that is said in one language. The tuples by level have an item for 0 to 4.

    `speaks` are the first parts of the language tags that it serves. A tag with a part of
    `other_script` means another way of writing, unless it also names `script`.
    """

    language: str
    speaks: frozenset[str]
    texts: Mapping[str, Text]
    cards: Mapping[str, Card]
    grammar: Grammar
    safety_net: str
    safety_net_neck: str  # what a neck adds to it
    if_still_so: str  # before the advice on a record that is older than 48 hours
    number_unknown: str  # in place of an emergency number that nobody configured
    headlines: tuple[str, ...]
    push_lines: tuple[str, ...]
    mails: tuple[Mail, ...]
    clinic_mails: Mapping[str, Mail]  # for physicians and whoever is on call, by what they are for
    questions: Mapping[str, str]  # about each warning sign
    failures: Mapping[str, str]  # what went wrong in the service, by kind of incident
    script: str = ""
    other_script: frozenset[str] = frozenset()

    def serves(self, locale: str) -> bool:
        """Whether who asks for this locale ("en-GB", "zh_Hans_CN") reads this language."""
        first, *rest = locale.lower().replace("_", "-").split("-")
        return first in self.speaks and (self.script in rest or self.other_script.isdisjoint(rest))


Keyed = TypeVar("Keyed", Text, Card)


def by_key(*members: Keyed) -> dict[str, Keyed]:
    """The texts or cards under their keys; a key that comes twice is a mistake."""
    catalogue = {each.key: each for each in members}
    if len(catalogue) != len(members):
        raise ValueError("a key comes twice")
    return catalogue
