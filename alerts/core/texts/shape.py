"""What a catalogue of texts consists of; one language is one `Catalogue`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

UNREVIEWED = "not yet reviewed by a clinician"


@dataclass(frozen=True)
class Text:
    """What is said for one finding. Raise `version` whenever a word changes.

    `advice` may hold {emergency_number}. `why` may hold parameters of the rule; `why_plain` says
    the same without them. `phrases` words the codes of a parameter: {"what": {"code": "..."}}.
    """

    key: str
    version: int
    level: int
    title: str
    advice: str
    why: str
    reviewer: str = UNREVIEWED
    why_plain: str = ""
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    between: str = ", "  # several phrases of one parameter
    for_staff: bool = False


@dataclass(frozen=True)
class Mail:
    """A mail that says nothing but: open the app."""

    subject: str
    body: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that is said in one language. The tuples by level have an item for 0 to 4."""

    language: str
    tags: tuple[str, ...]  # other language tags that this catalogue serves, in lower case
    texts: Mapping[str, Text]
    safety_net: str
    safety_net_neck: str  # what a neck adds to it
    if_still_so: str  # before the advice on a record that is older than 48 hours
    number_unknown: str  # in place of an emergency number that nobody configured
    headlines: tuple[str, ...]
    push_lines: tuple[str, ...]
    mails: tuple[Mail, ...]


def by_key(*texts: Text) -> dict[str, Text]:
    """The texts under their keys; a key that comes twice is a mistake."""
    catalogue = {each.key: each for each in texts}
    if len(catalogue) != len(texts):
        raise ValueError("a text key comes twice")
    return catalogue
