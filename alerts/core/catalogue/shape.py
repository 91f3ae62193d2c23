"""What the catalogue consists of: documents, their rows, conflicts, hazards, and the rules."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A document that requirements were taken from."""

    id: str
    what: str
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One statement of the documents, and what in the product carries it.

    `where` holds places as "S3:199". A row is carried by rules, by texts (keys, or parts of the
    catalogue such as the safety net), by education cards (`education`: a card names the row), or
    there is a `reason` why by none.
    """

    number: int
    where: tuple[str, ...]
    statement: str
    advice: str
    rules: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    education: bool = False
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


class Side(NamedTuple):
    """What one side of a conflict says; no place: it is said outside the documents."""

    where: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Where documents disagree, what was decided, and the tests ("path::function") that show it."""

    id: str
    sides: tuple[Side, ...]
    resolution: str
    tests: tuple[str, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """What could harm a patient, the control against it, and the tests that show it."""

    id: str
    hazard: str
    cause: str
    harm: str
    control: str
    tests: tuple[str, ...]
    rules: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of advice, what the patient is told, and who is told."""

    level: int
    name: str
    patient: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Something that several rules rest on; `parameters` are the groups it takes."""

    id: str
    title: str
    what: str
    parameters: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A rule in words. In its prose {group.name} stands for a threshold of the parameters.

    `texts` are its text keys; one that ends in "*" stands for all that begin so. `parameters` are
    the groups of its own, `uses` the ids of rules and shared parts whose terms it takes up.
    """

    id: str
    name: str
    title: str
    looks_at: str
    what: str
    why: str
    triggers: tuple[str, ...]
    clears: str
    texts: tuple[str, ...]
    evidence: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def says(self, key: str) -> bool:
        """Whether a text key is one of this rule's."""
        return any(
            key.startswith(own.removesuffix("*")) if own.endswith("*") else key == own
            for own in self.texts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceText:
    """A text that belongs to no rule, and why it is there."""

    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of it."""

    seeds: tuple[Seed, ...]
    sections: tuple[Section, ...]
    conflicts: tuple[Conflict, ...]
    hazards: tuple[Hazard, ...]
    levels: tuple[Level, ...]
    shared: tuple[Shared, ...]
    rules: tuple[Description, ...]
    service_texts: tuple[ServiceText, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    def rows_of(self, rule: str) -> tuple[Row, ...]:
        """The statements that a rule carries."""
        return tuple(row for row in self.rows if rule in row.rules)
