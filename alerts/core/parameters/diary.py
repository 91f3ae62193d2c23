"""Thresholds of the diary itself: how late, compared with what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, Source


@dataclass(frozen=True, slots=True)
class Recording:
    """How late records and answers are treated, in every rule."""

    stale_after: Annotated[timedelta, Source("hours", EVIDENCE)] = timedelta(hours=72)
    late_after: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The clean pain baseline B."""

    window: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=28)
    newest_values: Annotated[int, Source("values", EVIDENCE)] = 14
    enough_values: Annotated[int, Source("values", EVIDENCE)] = 5
    unclean_after_massage: Annotated[timedelta, Source("hours", EVIDENCE)] = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class SilentDiary:
    """R21: no entry for some local days."""

    first_after: Annotated[int, Source("days", ASSUMPTION)] = 3
    daily_until: Annotated[int, Source("days", ASSUMPTION)] = 5
    then_every: Annotated[int, Source("days", ASSUMPTION)] = 7


@dataclass(frozen=True, slots=True)
class Chase:
    """R22: an urgent alert that nobody has acknowledged."""

    emergency_first: Annotated[timedelta, Source("minutes", ASSUMPTION, (14,))] = timedelta(
        minutes=5
    )
    emergency_second: Annotated[timedelta, Source("minutes", ASSUMPTION, (14,))] = timedelta(
        minutes=15
    )
    emergency_third: Annotated[timedelta, Source("minutes", ASSUMPTION, (14,))] = timedelta(
        minutes=30
    )
    emergency_backup: Annotated[timedelta, Source("minutes", ASSUMPTION, (14,))] = timedelta(
        minutes=30
    )
    doctor_again: Annotated[timedelta, Source("hours", ASSUMPTION, (14,))] = timedelta(hours=4)
    doctor_backup: Annotated[timedelta, Source("hours", ASSUMPTION, (14,))] = timedelta(hours=24)
