"""Thresholds for weakness and numbness, R01 to R05."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, Source


@dataclass(frozen=True, slots=True)
class Neurology:
    """The reference of a weakness or numbness score, and the jumps that R03 and R05 share."""

    window: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=14)
    enough_values: Annotated[int, Source("values", ASSUMPTION)] = 3
    single_rise: Annotated[int, Source("points", ASSUMPTION, (4,))] = 3
    pair_rise: Annotated[int, Source("points", ASSUMPTION, (4,))] = 2
    pair_within: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=72)
    severe: Annotated[int, Source("points", EVIDENCE, (17,))] = 7
    calm_rise: Annotated[int, Source("points", ASSUMPTION)] = 1
    calm_without_reference: Annotated[int, Source("points", ASSUMPTION, (17,))] = 6
    pending_for: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class RedFlags:
    """R01 and R02."""

    remind_after: Annotated[timedelta, Source("hours", ASSUMPTION, (1, 2))] = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Weakness:
    """R03; the jumps themselves stand under Neurology."""

    rising_entries: Annotated[int, Source("entries", ASSUMPTION, (4,))] = 3
    rising_total: Annotated[int, Source("points", ASSUMPTION, (4,))] = 3
    rising_within: Annotated[timedelta, Source("days", ASSUMPTION, (4,))] = timedelta(days=7)
    calm_days: Annotated[int, Source("recorded days", ASSUMPTION)] = 5
    prompt_every: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PersistentWeakness:
    """R04: weakness on most days of a week."""

    at_least: Annotated[int, Source("points", ASSUMPTION, (5,))] = 3
    window_days: Annotated[int, Source("local days", ASSUMPTION, (5,))] = 7
    days_at_least: Annotated[int, Source("recorded days", ASSUMPTION, (5,))] = 5
    span_days: Annotated[int, Source("days", ASSUMPTION, (5,))] = 6
    quiet_after_review: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=30)
    rise_since_review: Annotated[int, Source("points", ASSUMPTION)] = 2
    calm_days: Annotated[int, Source("recorded days", ASSUMPTION)] = 5


@dataclass(frozen=True, slots=True)
class Numbness:
    """R05; the jumps themselves stand under Neurology."""

    new_region_window: Annotated[timedelta, Source("days", EVIDENCE, (4,))] = timedelta(days=14)
    calm_days: Annotated[int, Source("recorded days", ASSUMPTION)] = 3
