"""Two versions of the rules over the same diaries, in one pass, as a clinic compares them."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from alerts.core.rules import RuleSet
from alerts.replay import Report, line_by_line, transitions
from alerts.replay_lines import Line
from alerts.replay_matches import CHANGES, Match, Matches, Said
from alerts.replay_patient import EARLIEST, ReplayedPatient
from alerts.replay_patients import MOST_RECORDS, Patients

_WEEK = timedelta(weeks=1)
_EXAMPLES = 2  # of each kind of change, for each rule
Versions = tuple[RuleSet, RuleSet]


@dataclass(slots=True)
class Count:
    """How often each version spoke, and how many of these are new, lost or changed."""

    first: int = 0
    second: int = 0
    changes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHANGES, 0))

    def __add__(self, other: "Count") -> "Count":
        changes = {name: number + other.changes[name] for name, number in self.changes.items()}
        return Count(self.first + other.first, self.second + other.second, changes)


@dataclass(frozen=True, slots=True)
class Example:
    """One change, with the patient it was found in."""

    patient: str
    change: str
    match: Match


@dataclass(slots=True)
class Comparison:
    """What two versions said of the same diaries.

    Counts are by (what, rule, level): an alert of the first version is counted as `first` at its
    level there, one of the second as `second` at its own, a change at the level of the second
    version (a lost one: of the first). A pair is counted as one change, the gravest.
    """

    lines: int = 0
    patients: int = 0
    observed: timedelta = timedelta(0)  # from each patient's first to last line
    counts: dict[tuple[str, str, int], Count] = field(default_factory=dict)
    examples: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)

    @property
    def patient_weeks(self) -> float:
        return self.observed / _WEEK

    def take(self, patient: str, matches: Iterable[Match]) -> None:
        for match in matches:
            if match.first is not None:
                self._count(match.first).first += 1
            if match.second is not None:
                self._count(match.second).second += 1
            if match.change is not None:
                self._take_change(patient, match, match.change)

    def _count(self, said: Said) -> Count:
        return self.counts.setdefault((said.what, said.rule, said.level), Count())

    def _take_change(self, patient: str, match: Match, change: str) -> None:
        self._count(match.said).changes[change] += 1
        found = self.examples.setdefault((match.said.what, match.said.rule, change), [])
        if len(found) < _EXAMPLES:
            found.append(Example(patient, change, match))


class ComparedPatient:
    """One patient under both versions, and what is not settled between them."""

    def __init__(self, versions: Versions) -> None:
        self._first, self._second = (ReplayedPatient(rules) for rules in versions)
        self.matches = Matches()

    def waken(self, versions: Versions) -> None:
        self._first.waken(versions[0])
        self._second.waken(versions[1])

    @property
    def size(self) -> int:
        return self._first.size + self._second.size

    @property
    def clock(self) -> datetime:
        return self._first.clock

    def check(self, line: Line) -> None:
        self._first.check(line)

    def take(self, line: Line, *, number: int, report: Report) -> Iterator[Match]:
        """What is settled once both versions have taken the line."""
        first, second = (
            list(transitions(patient, line, number, report))
            for patient in (self._first, self._second)
        )
        return self.matches.found(first, second)


def compare(
    lines: Iterable[bytes], *, versions: Versions, report: Report, most: int = MOST_RECORDS
) -> Comparison:
    """Replay the lines under both versions; `report` and `most` are as for a replay."""
    comparison = Comparison()

    def waken(patient: ComparedPatient) -> None:
        patient.waken(versions)

    with closing(Patients(waken, most=most)) as patients:
        begin = partial(ComparedPatient, versions)
        for number, line, patient in line_by_line(lines, patients, begin, report):
            before = patient.clock
            comparison.take(line.patient, patient.take(line, number=number, report=report))
            comparison.lines += 1
            comparison.patients += before == EARLIEST
            comparison.observed += timedelta(0) if before == EARLIEST else patient.clock - before
        for name, patient in patients.all():
            comparison.take(name, patient.matches.rest())
    return comparison
