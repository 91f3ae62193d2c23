"""Thresholds for pain and slow trends: R06, R16 and R17."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, Source


@dataclass(frozen=True, slots=True)
class AcuteWorsening:
    """R06: pain that is suddenly severe."""

    severe: Annotated[int, Source("points", EVIDENCE, (8, 9))] = 8
    rise: Annotated[int, Source("points", EVIDENCE, (8, 12))] = 3
    pair_baseline: Annotated[int, Source("points", ASSUMPTION, (8,))] = 6
    calm: Annotated[int, Source("points", ASSUMPTION, (10,))] = 6
    calm_rise: Annotated[int, Source("points", ASSUMPTION, (10,))] = 1
    quiet_for: Annotated[timedelta, Source("days", ASSUMPTION, (10,))] = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Flare:
    """R16: when a flare begins, when it grows, and when it is over."""

    pair_within: Annotated[timedelta, Source("hours", ASSUMPTION, (12,))] = timedelta(hours=72)
    steady_below: Annotated[float, Source("points", EVIDENCE, (12,))] = 1.0
    steady_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 2
    unsteady_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 3
    reported_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 2
    calm_rise: Annotated[int, Source("points", ASSUMPTION, (12,))] = 1
    hold_entries: Annotated[int, Source("entries", ASSUMPTION, (33,))] = 4
    doctor_after: Annotated[timedelta, Source("days", ASSUMPTION, (12,))] = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trend:
    """R17: a slow rise over two weeks, looked at once a week."""

    weekday: Annotated[int, Source("weekday, 0 is Monday", ASSUMPTION)] = 0
    hour: Annotated[int, Source("hour of the local day", ASSUMPTION)] = 9
    window_days: Annotated[int, Source("local days", EVIDENCE, (74,))] = 14
    enough_values: Annotated[int, Source("recorded days", EVIDENCE, (74,))] = 7
    span_days: Annotated[int, Source("days", EVIDENCE, (74,))] = 9
    chance_pain: Annotated[float, Source("probability", EVIDENCE, (74,))] = 0.01
    chance_nerves: Annotated[float, Source("probability", ASSUMPTION, (4,))] = 0.05
    rise: Annotated[int, Source("points", EVIDENCE, (74,))] = 2
    calm_values: Annotated[int, Source("recorded days", ASSUMPTION)] = 3
    calm_rise: Annotated[int, Source("points", ASSUMPTION)] = 1
    refractory: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=14)
