"""Every threshold of the rules, in one place: value, unit, mark and source rows.

A mark says where a figure comes from: a seed document, the published evidence, or an assumption
that a clinical lead must confirm. Rules receive a `Parameters` as an argument, so an older
version can be run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final, NamedTuple, get_type_hints


class Mark(StrEnum):
    SEED = "seed"
    EVIDENCE = "evidence"
    ASSUMPTION = "assumption"


SEED, EVIDENCE, ASSUMPTION = Mark


# A phone's clock may run this far ahead before its time is replaced by ours.
CLOCK_AHEAD: Final = timedelta(minutes=10)


class Source(NamedTuple):
    """The unit of a threshold, where its figure comes from, and the source rows behind it."""

    unit: str
    mark: Mark
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """How late records and answers are treated, in every rule."""

    stale_after: Annotated[timedelta, Source("hours", EVIDENCE)] = timedelta(hours=72)
    late_after: Annotated[timedelta, Source("hours", ASSUMPTION)] = timedelta(hours=48)


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


@dataclass(frozen=True, slots=True)
class Baseline:
    """The clean pain baseline B."""

    window: Annotated[timedelta, Source("days", ASSUMPTION)] = timedelta(days=28)
    newest_values: Annotated[int, Source("values", EVIDENCE)] = 14
    enough_values: Annotated[int, Source("values", EVIDENCE)] = 5
    unclean_after_massage: Annotated[timedelta, Source("hours", EVIDENCE)] = timedelta(hours=72)


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
class Numbness:
    """R05; the jumps themselves stand under Neurology."""

    new_region_window: Annotated[timedelta, Source("days", EVIDENCE, (4,))] = timedelta(days=14)


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
class Frequency:
    """R12: how many massages a week or a month."""

    acute_per_7_days: Annotated[int, Source("massages", SEED, (42,))] = 2
    healing_per_7_days: Annotated[int, Source("massages", SEED, (42,))] = 3
    chronic_per_30_days: Annotated[int, Source("massages", SEED, (42,))] = 2
    hold_beyond_limit: Annotated[int, Source("massages", ASSUMPTION, (75,))] = 2


@dataclass(frozen=True, slots=True)
class Flare:
    """R16: when a flare begins, and when it is over."""

    pair_within: Annotated[timedelta, Source("hours", ASSUMPTION, (12,))] = timedelta(hours=72)
    steady_below: Annotated[float, Source("points", EVIDENCE, (12,))] = 1.0
    steady_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 2
    unsteady_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 3
    reported_rise: Annotated[int, Source("points", EVIDENCE, (12,))] = 2
    calm_rise: Annotated[int, Source("points", ASSUMPTION, (12,))] = 1


@dataclass(frozen=True, slots=True)
class FollowUp:
    """R20: reminders to answer the question after a massage."""

    first_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=26)
    first_at_latest: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(
        hours=36
    )
    second_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=44)
    missing_after: Annotated[timedelta, Source("hours", ASSUMPTION, (69, 70))] = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Parameters:
    """One version of all thresholds; a later version is another instance of this class."""

    version: str
    recording: Recording = field(default_factory=Recording)
    neurology: Neurology = field(default_factory=Neurology)
    baseline: Baseline = field(default_factory=Baseline)
    red_flags: RedFlags = field(default_factory=RedFlags)
    weakness: Weakness = field(default_factory=Weakness)
    numbness: Numbness = field(default_factory=Numbness)
    after_massage: AfterMassage = field(default_factory=AfterMassage)
    frequency: Frequency = field(default_factory=Frequency)
    flare: Flare = field(default_factory=Flare)
    follow_up: FollowUp = field(default_factory=FollowUp)


CURRENT: Final = Parameters(version="1.0.0")


class Declaration(NamedTuple):
    """One threshold as the catalogue shows it."""

    group: str
    name: str
    value: int | float | timedelta
    source: Source


def declarations(parameters: Parameters) -> Iterator[Declaration]:
    """Every threshold of a version, with its unit, mark and source rows."""
    for group in fields(parameters)[1:]:
        thresholds = getattr(parameters, group.name)
        for name, hint in get_type_hints(type(thresholds), include_extras=True).items():
            yield Declaration(group.name, name, getattr(thresholds, name), hint.__metadata__[0])
