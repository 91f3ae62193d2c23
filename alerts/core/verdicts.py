"""What a rule says: triggered, not triggered, or not evaluable because of something missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from operator import attrgetter
from typing import NamedTuple

from alerts.core.records import Arrival, Massage, Position, Record

Value = str | int | float | bool | None


class Fact(NamedTuple):
    """A record a trigger rests on, and the answer in it that met the condition."""

    record: Record
    field: str
    value: Value | datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact as it is stored and shown: plain values, and the moment of the record."""

    type: str  # "entry" or "massage"
    id: str
    at: datetime
    field: str
    value: Value


class Effect(Enum):
    """What a trigger does to the episode of its identity."""

    OPENS = auto()  # opens one, or renews and perhaps raises the one that is open
    RENEWS = auto()  # makes the open one newer, opens none
    RAISES = auto()  # raises the open one, is no trigger of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A moment at which a rule's condition holds, and what it rests on.

    `reference` is the value the clearing condition of the rule compares with, if it has one.
    """

    position: Position
    level: int
    text_key: str
    facts: tuple[Fact, ...]
    subject: str | None = None
    reference: float | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    effect: Effect = Effect.OPENS

    @property
    def received(self) -> Arrival:
        """When the last record it rests on reached us."""
        return max(fact.record.received for fact in self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEvaluable:
    """The condition could not be judged; it neither triggers nor clears."""

    because: str
    position: Position
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class NotTriggered:
    """The condition was judged and does not hold."""


NOT_TRIGGERED = NotTriggered()
Verdict = Trigger | NotTriggered | NotEvaluable


def as_evidence(facts: Iterable[Fact]) -> tuple[Evidence, ...]:
    """The facts in walk order, each once."""
    distinct = {(fact.record.id, fact.field): fact for fact in facts}
    ordered = sorted(distinct.values(), key=lambda fact: (fact.record.position, fact.field))
    return tuple(
        Evidence(
            type="massage" if isinstance(fact.record, Massage) else "entry",
            id=fact.record.id,
            at=fact.record.moment,
            field=fact.field,
            value=_plain(fact.value),
        )
        for fact in ordered
    )


def _plain(value: Value | datetime) -> Value:
    return value.isoformat() if isinstance(value, datetime) else value


def record_ids(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The ids of the records, in the order of the evidence, each once."""
    return tuple(dict.fromkeys(map(attrgetter("id"), evidence)))
