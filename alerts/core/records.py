"""What a patient recorded, as the rules see it: entries and massages in the order of the walk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple, Self

from alerts.core.parameters import CLOCK_AHEAD


class Rank(IntEnum):
    """What comes first among things of the same moment."""

    MASSAGE = 0
    ENTRY = 1
    DUE = 2  # a moment that is reached by time alone: a due moment, a receipt, an act
    CLOSE = 3
    AGAIN = 4  # a trigger that counts again after a close


class Position(NamedTuple):
    """A place in the walk; positions compare in walk order."""

    at: datetime
    rank: Rank
    id: str = ""

    def is_reached(self, now: datetime) -> bool:
        """Whether it lies behind: a record does once it is known, the rest once its time is."""
        return self.rank < Rank.DUE or self.at <= now


class Arrival(NamedTuple):
    """When something reached us; `seq` orders what shares an instant."""

    at: datetime
    seq: int = 0


def _set(items: Iterable[str] | None) -> frozenset[str] | None:
    return None if items is None else frozenset(items)


@dataclass(frozen=True, slots=True)
class AfterMassage:
    """The answers to the follow-up question after a massage."""

    massage: str | None = None
    soreness: int | None = None
    global_change: str | None = None
    new_neuro: bool | None = None


NO_ANSWERS = AfterMassage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One diary entry, its newest version; scores 0-10; None = not answered."""

    id: str
    moment: datetime
    received: Arrival
    pain: int | None = None
    numbness: int | None = None
    weakness: int | None = None
    limb_pain: int | None = None
    numb_regions: frozenset[str] | None = None
    weak_regions: frozenset[str] | None = None
    red_flags: Mapping[str, str] = field(default_factory=dict)
    function_checks: Mapping[str, str] = field(default_factory=dict)
    muscle_wasting: bool | None = None
    flare_today: bool | None = None
    activities_limited: bool | None = None
    fall_or_injury: bool | None = None
    fever_unwell: bool | None = None
    skin_problem_sites: frozenset[str] | None = None
    after_massage: AfterMassage = NO_ANSWERS

    @classmethod
    def of(cls, data: Mapping[str, Any], *, received_at: datetime, seq: int = 0) -> Self:
        """Take validated wire fields (times in UTC); a clock far ahead counts as the receipt."""
        symptom_at: datetime = data["symptom_at"]
        follow_up = data.get("after_massage")
        return cls(
            id=data["id"],
            moment=received_at if symptom_at - received_at > CLOCK_AHEAD else symptom_at,
            received=Arrival(received_at, seq),
            numb_regions=_set(data.get("numb_regions")),
            weak_regions=_set(data.get("weak_regions")),
            skin_problem_sites=_set(data.get("skin_problem_sites")),
            red_flags=data.get("red_flags") or {},
            function_checks=data.get("function_checks") or {},
            after_massage=AfterMassage(**follow_up) if follow_up else NO_ANSWERS,
            **{name: data.get(name) for name in _ENTRY_FIELDS},
        )

    @property
    def position(self) -> Position:
        return Position(self.moment, Rank.ENTRY, self.id)


_ENTRY_FIELDS = (
    "pain",
    "numbness",
    "weakness",
    "limb_pain",
    "muscle_wasting",
    "flare_today",
    "activities_limited",
    "fall_or_injury",
    "fever_unwell",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Massage:
    """One massage, its newest version; `ended_at` is the T0 of the rules."""

    id: str
    started_at: datetime
    ended_at: datetime
    received: Arrival
    setting: str
    provider: str | None = None
    techniques: frozenset[str] | None = None
    pressure: str | None = None
    sites: frozenset[str] | None = None
    over_disc: bool | None = None
    neutral_position: bool | None = None
    stopped_early: bool | None = None
    exercise_same_day: bool | None = None
    product: str | None = None
    pain_before: int | None = None
    pain_during_max: int | None = None
    neuro_during: frozenset[str] | None = None
    heavy_lifting_ended_at: datetime | None = None
    sitting_minutes: int | None = None
    sitting_ended_at: datetime | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any], *, received_at: datetime, seq: int = 0) -> Self:
        """Take validated wire fields; an end far ahead of the receipt moves both times back."""
        ahead = data["ended_at"] - received_at
        shift = ahead if ahead > CLOCK_AHEAD else ahead * 0
        return cls(
            id=data["id"],
            started_at=data["started_at"] - shift,
            ended_at=data["ended_at"] - shift,
            received=Arrival(received_at, seq),
            setting=data["setting"],
            techniques=_set(data.get("techniques")),
            sites=_set(data.get("sites")),
            neuro_during=_set(data.get("neuro_during")),
            **{name: data.get(name) for name in _MASSAGE_FIELDS},
        )

    @property
    def moment(self) -> datetime:
        return self.ended_at

    @property
    def position(self) -> Position:
        return Position(self.ended_at, Rank.MASSAGE, self.id)


_MASSAGE_FIELDS = (
    "provider",
    "pressure",
    "over_disc",
    "neutral_position",
    "stopped_early",
    "exercise_same_day",
    "product",
    "pain_before",
    "pain_during_max",
    "heavy_lifting_ended_at",
    "sitting_minutes",
    "sitting_ended_at",
)

Record = Entry | Massage


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has read the open alerts of a rule; `by` is "patient" or "physician"."""

    rule: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """A physician has closed a rule's alerts; it answers every trigger that had arrived."""

    rule: str
    at: datetime
    seq: int = 0

    @property
    def position(self) -> Position:
        return Position(self.at, Rank.CLOSE)

    @property
    def arrival(self) -> Arrival:
        return Arrival(self.at, self.seq)
