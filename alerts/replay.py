"""Replay: what the rules would have said for a diary that is read line by line.

It needs no database, broker or secret. Memory holds the patients heard of last, whatever the number
of lines and patients; a patient's own state grows with the records of that patient.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Protocol, TypeVar

from alerts.core.rules import RuleSet
from alerts.core.standing import Transition
from alerts.replay_lines import Line, Unreadable, read
from alerts.replay_patient import ReplayedPatient
from alerts.replay_patients import MOST_RECORDS, Patients, State

Report = Callable[[str], None]


def replay(
    lines: Iterable[bytes], *, rules: RuleSet, report: Report, most: int = MOST_RECORDS
) -> Iterator[str]:
    """Yield a JSON line for each transition; `report` gets what could not be read or judged.

    `most` is how many records stay in memory.
    """

    def waken(patient: ReplayedPatient) -> None:
        patient.waken(rules)

    with closing(Patients(waken, most=most)) as patients:
        begin = partial(ReplayedPatient, rules)
        for number, line, patient in line_by_line(lines, patients, begin, report):
            for transition in transitions(patient, line, number, report):
                yield _as_json(line.patient, transition)


class Checked(State, Protocol):
    """A patient's state that can refuse a line."""

    def check(self, line: Line) -> None: ...


C = TypeVar("C", bound=Checked)


def line_by_line(
    lines: Iterable[bytes], patients: Patients[C], begin: Callable[[], C], report: Report
) -> Iterator[tuple[int, Line, C]]:
    """The number, the line and its patient, for each line that can be read.

    The patient is kept again when the next line is asked for.
    """
    for number, raw in enumerate(lines, start=1):
        try:
            line = read(raw)
            patient = patients.get(line.patient) or begin()
            patient.check(line)
        except Unreadable as error:
            report(f"line {number}: {error}")
            continue
        yield number, line, patient
        patients.keep(line.patient, patient)


def transitions(
    patient: ReplayedPatient, line: Line, number: int, report: Report
) -> Iterator[Transition]:
    """What a line and all that falls due before it change; rules that fail are reported."""
    for outcome in patient.take(line, seq=number):
        for failure in outcome.failures:
            report(f"line {number}: {failure.rule} failed: {failure.error!r}")
        yield from outcome.transitions


def _as_json(patient: str, transition: Transition) -> str:
    return json.dumps(
        {
            "patient": patient,
            "at": transition.at.isoformat().replace("+00:00", "Z"),
            "event": transition.event,
            "rule": transition.rule,
            "subject": transition.subject,
            "level": transition.level,
            "text_key": transition.text_key,
            "evidence": transition.record_ids,
        }
    )
