"""Thresholds for what follows a massage: R07, R08, R09, R18, R19 and R20."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, SEED, Source


@dataclass(frozen=True, slots=True)
class DuringMassage:
    """R07: symptoms while the massage was given."""

    pain_rise: Annotated[int, Source("points", EVIDENCE, (61,))] = 2
    massages_before: Annotated[int, Source("massages", ASSUMPTION, (61,))] = 2
    answers_within: Annotated[timedelta, Source("days", ASSUMPTION, (61,))] = timedelta(days=7)
    clear_answer_after: Annotated[timedelta, Source("hours", SEED, (61, 70))] = timedelta(hours=24)
    hold_at_least: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=48)
    adjust_clears_after: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AfterMassage:
    """R08: pain after a massage."""

    window_1: Annotated[timedelta, Source("hours", SEED, (70,))] = timedelta(hours=24)
    window_2: Annotated[timedelta, Source("hours", SEED, (69, 70))] = timedelta(hours=48)
    window_3: Annotated[timedelta, Source("hours", ASSUMPTION, (70,))] = timedelta(hours=72)
    rise: Annotated[int, Source("points", EVIDENCE, (70,))] = 2
    rise_when_worse: Annotated[int, Source("points", ASSUMPTION, (70,))] = 1
    ceiling: Annotated[int, Source("points", ASSUMPTION, (70,))] = 9
    highest_pain: Annotated[int, Source("points", EVIDENCE, (70,))] = 10
    calm_rise: Annotated[int, Source("points", ASSUMPTION, (30,))] = 1
    stand_in_window: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=36)
    baseline_window: Annotated[timedelta, Source("days", EVIDENCE)] = timedelta(days=14)
    baseline_values: Annotated[int, Source("values", ASSUMPTION)] = 3


@dataclass(frozen=True, slots=True)
class Soreness:
    """R09: sore muscles after a massage."""

    common_within: Annotated[timedelta, Source("hours", SEED, (69,))] = timedelta(hours=48)
    lingers_until: Annotated[timedelta, Source("days", ASSUMPTION, (69,))] = timedelta(days=7)
    lingers_from: Annotated[int, Source("points", ASSUMPTION, (69,))] = 1
    strong_above: Annotated[int, Source("points", EVIDENCE, (69,))] = 3
    strong_from: Annotated[timedelta, Source("hours", EVIDENCE, (69,))] = timedelta(hours=24)
    info_clears_after: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=72)
    hold_clears_after: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WorseAfter:
    """R18: massage after massage makes it worse."""

    within: Annotated[timedelta, Source("days", EVIDENCE, (74,))] = timedelta(days=60)
    reduce_at: Annotated[int, Source("massages of the last 3", EVIDENCE, (74,))] = 2
    hold_at: Annotated[int, Source("massages of the last 3", EVIDENCE, (74,))] = 3
    refractory: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Relief:
    """R19: massage after massage makes it better."""

    massages: Annotated[int, Source("massages", SEED, (78,))] = 3
    within: Annotated[timedelta, Source("days", ASSUMPTION, (73, 78))] = timedelta(days=42)
    drop: Annotated[int, Source("points", EVIDENCE, (73,))] = 2
    drop_to: Annotated[int, Source("percent of B", EVIDENCE, (73,))] = 70
    quiet_for: Annotated[timedelta, Source("days", ASSUMPTION, (73,))] = timedelta(days=28)
    diary_days: Annotated[int, Source("local days", ASSUMPTION)] = 28
    least_days: Annotated[int, Source("local days", ASSUMPTION)] = 21
    completeness: Annotated[int, Source("percent of days", EVIDENCE)] = 70
    checked_within: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=28)
    lasts: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """R20: reminders to answer the question after a massage."""

    first_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=26)
    first_at_latest: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(
        hours=36
    )
    second_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=44)
    missing_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=72)
