"""Every threshold of the rules, in one place: value, unit, mark and source rows.

A mark says where a figure comes from: a seed document, the published evidence, or an assumption
that a clinical lead must confirm. Rules receive a `Parameters` as an argument, so an older
version can be run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Final, NamedTuple, get_type_hints

from alerts.core.parameters.after_massage import (
    AfterMassage,
    DuringMassage,
    FollowUp,
    Relief,
    Soreness,
    WorseAfter,
)
from alerts.core.parameters.diary import Baseline, Chase, Recording, SilentDiary
from alerts.core.parameters.massages import (
    AcutePhase,
    Contraindicated,
    Findings,
    Frequency,
    SessionLength,
    Timing,
)
from alerts.core.parameters.nerves import (
    Neurology,
    Numbness,
    PersistentWeakness,
    RedFlags,
    Weakness,
)
from alerts.core.parameters.pain import AcuteWorsening, Flare, Trend
from alerts.core.parameters.source import ASSUMPTION, EVIDENCE, SEED, Mark, Source

__all__ = [
    "ASSUMPTION",
    "CLOCK_AHEAD",
    "CURRENT",
    "EVIDENCE",
    "SEED",
    "AcutePhase",
    "AcuteWorsening",
    "AfterMassage",
    "Baseline",
    "Chase",
    "Contraindicated",
    "Declaration",
    "DuringMassage",
    "Findings",
    "Flare",
    "FollowUp",
    "Frequency",
    "Mark",
    "Neurology",
    "Numbness",
    "Parameters",
    "PersistentWeakness",
    "Recording",
    "RedFlags",
    "Relief",
    "SessionLength",
    "SilentDiary",
    "Soreness",
    "Source",
    "Timing",
    "Trend",
    "Weakness",
    "WorseAfter",
    "declarations",
]

# A phone's clock may run this far ahead before its time is replaced by ours.
CLOCK_AHEAD: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Parameters:
    """One version of all thresholds; a later version is another instance of this class."""

    version: str
    recording: Recording = field(default_factory=Recording)
    baseline: Baseline = field(default_factory=Baseline)
    red_flags: RedFlags = field(default_factory=RedFlags)
    neurology: Neurology = field(default_factory=Neurology)
    weakness: Weakness = field(default_factory=Weakness)
    persistent_weakness: PersistentWeakness = field(default_factory=PersistentWeakness)
    numbness: Numbness = field(default_factory=Numbness)
    acute_worsening: AcuteWorsening = field(default_factory=AcuteWorsening)
    during_massage: DuringMassage = field(default_factory=DuringMassage)
    after_massage: AfterMassage = field(default_factory=AfterMassage)
    soreness: Soreness = field(default_factory=Soreness)
    findings: Findings = field(default_factory=Findings)
    contraindicated: Contraindicated = field(default_factory=Contraindicated)
    acute_phase: AcutePhase = field(default_factory=AcutePhase)
    frequency: Frequency = field(default_factory=Frequency)
    session_length: SessionLength = field(default_factory=SessionLength)
    timing: Timing = field(default_factory=Timing)
    flare: Flare = field(default_factory=Flare)
    trend: Trend = field(default_factory=Trend)
    worse_after: WorseAfter = field(default_factory=WorseAfter)
    relief: Relief = field(default_factory=Relief)
    follow_up: FollowUp = field(default_factory=FollowUp)
    silent_diary: SilentDiary = field(default_factory=SilentDiary)
    chase: Chase = field(default_factory=Chase)


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
