"""Thresholds for one massage, and for how often there may be one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, SEED, Source


@dataclass(frozen=True, slots=True)
class Findings:
    """What R10, R11, R13, R14 and R15 find on one massage."""

    clear_after: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=7)
    massages_before: Annotated[int, Source("massages", ASSUMPTION, (66, 77))] = 2


@dataclass(frozen=True, slots=True)
class Contraindicated:
    """R10: a massage that should not have been."""

    trauma_days: Annotated[int, Source("local days", ASSUMPTION, (27,))] = 42
    skin_window: Annotated[timedelta, Source("days", ASSUMPTION, (26,))] = timedelta(days=14)
    reaction_window: Annotated[timedelta, Source("hours", ASSUMPTION, (25,))] = timedelta(hours=72)
    fever_window: Annotated[timedelta, Source("hours", ASSUMPTION, (22,))] = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class AcutePhase:
    """R11: a massage in the acute phase."""

    weakness: Annotated[int, Source("points", ASSUMPTION, (8, 9))] = 3
    numbness: Annotated[int, Source("points", ASSUMPTION, (8, 9))] = 5
    limb_pain: Annotated[int, Source("points", EVIDENCE, (9,))] = 7
    window: Annotated[timedelta, Source("hours", ASSUMPTION, (8,))] = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Frequency:
    """R12: how many massages a week or a month."""

    acute_per_7_days: Annotated[int, Source("massages", SEED, (42,))] = 2
    healing_per_7_days: Annotated[int, Source("massages", SEED, (42,))] = 3
    chronic_per_30_days: Annotated[int, Source("massages", SEED, (42,))] = 2
    hold_beyond_limit: Annotated[int, Source("massages", ASSUMPTION, (75,))] = 2


@dataclass(frozen=True, slots=True)
class SessionLength:
    """R13: a massage that is too long."""

    acute_below: Annotated[timedelta, Source("minutes", SEED, (43,))] = timedelta(minutes=30)
    healing: Annotated[timedelta, Source("minutes", SEED, (43,))] = timedelta(minutes=60)
    chronic: Annotated[timedelta, Source("minutes", ASSUMPTION, (43,))] = timedelta(minutes=60)
    first: Annotated[timedelta, Source("minutes", SEED, (44,))] = timedelta(minutes=20)
    first_massages: Annotated[int, Source("massages", ASSUMPTION, (44,))] = 2
    gap: Annotated[timedelta, Source("days", ASSUMPTION, (44,))] = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Timing:
    """R15: a massage at the wrong time of the day."""

    lifting_within: Annotated[timedelta, Source("minutes", ASSUMPTION, (64, 65))] = timedelta(
        minutes=120
    )
    sitting_at_least: Annotated[int, Source("minutes", ASSUMPTION, (64, 65))] = 120
    sitting_within: Annotated[timedelta, Source("minutes", ASSUMPTION, (64, 65))] = timedelta(
        minutes=60
    )
    refractory: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=14)
