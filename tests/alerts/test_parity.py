"""Shell and replay must not disagree: one diary, written through the services and replayed."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from alerts import acts, evaluation
from alerts.core.rules import CURRENT
from alerts.models import Alert, AlertEvent
from alerts.replay import replay
from diary.consent import required_version
from diary.drafts import EntryDraft, MassageDraft, Profile
from diary.models import Entry, Massage, Patient
from diary.services import consent, profile, records
from tests.alerts import diaries
from tests.alerts.core import story

pytestmark = pytest.mark.django_db
Line = dict[str, Any]
_SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 105, 156]
_SAID = ("opened", "raised", "cleared", "superseded", "reminder", "escalated")
_COMPARED = ("at", "event", "rule", "subject", "level", "text_key")


@pytest.mark.parametrize("seed", _SEEDS)
def test_shell_and_replay_say_the_same_to_a_random_diary(seed: int) -> None:
    patient = diaries.new_patient(consented=False, approved=False)
    consent.give(patient_id=patient.pk, version=required_version(), at=diaries.at())
    first = story.clock(diaries.at())  # all that a replay could know of the consent
    given = [first, *(give(patient, line) for line in random_story(random.Random(seed)))]
    said = said_by_shell(patient)
    assert said == said_by_replay(given)
    assert said, "a diary without any alert shows nothing"


def said_by_shell(patient: Patient) -> list[tuple[str, ...]]:
    events = AlertEvent.objects.filter(patient=patient, kind__in=_SAID)
    fields = ("at", "kind", "rule", "subject", "level", "text_key")
    return sorted(tuple(map(str, event)) for event in events.values_list(*fields))


def said_by_replay(lines: list[Line]) -> list[tuple[str, ...]]:
    problems: list[str] = []
    raw = (json.dumps(line).encode() for line in lines)
    said = map(json.loads, replay(raw, rules=CURRENT, report=problems.append))
    found = [{**line, "at": datetime.fromisoformat(line["at"])} for line in said]
    assert problems == []
    return sorted(tuple(str(line[name]) for name in _COMPARED) for line in found)


# --- Giving a line to the shell -----------------------------------------------------------------


def give(patient: Patient, line: Line) -> Line:
    """Write one line as a client would; the line for the replay comes back.

    Only a clock is left of a line that no client could have sent.
    """
    at = datetime.fromisoformat(line.get("received_at") or line["at"])
    diaries.evaluate_all_due(patient, at)
    taken = _GIVE[line["type"]](patient, line["data"], at)
    evaluation.evaluate(patient_id=patient.pk, at=at)
    return line if taken is not False else story.clock(at)


def _put(form: type[EntryDraft | MassageDraft]) -> Callable[[Patient, Line, datetime], object]:
    return lambda patient, data, at: records.put(
        patient_id=patient.pk, draft=form.parse(data, uuids=True), at=at
    )


def _withdraw(patient: Patient, data: Line, at: datetime) -> bool:
    name = UUID(data["id"])
    for kind in (Entry, Massage):
        if kind.objects.filter(patient=patient, record_id=name).exists():
            records.withdraw(kind=kind, patient_id=patient.pk, record_id=name, at=at)
            return True
    return False


def _change_profile(patient: Patient, data: Line, at: datetime) -> None:
    fields = Profile.parse(data).wire()
    profile.change(patient_id=patient.pk, fields=fields, by=None, at=at)


def _acknowledge(patient: Patient, data: Line, at: datetime) -> bool:
    act = acts.acknowledge if data["by"] == "patient" else acts.see
    alerts = _open(patient, data["rule"])
    for alert in alerts:
        act(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at)
    return bool(alerts)


def _close(patient: Patient, data: Line, at: datetime) -> bool:
    for alert in _open(patient, data["rule"])[:1]:
        acts.close(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, reason="seen", at=at)
        return True
    return False


def _open(patient: Patient, rule: str) -> list[Alert]:
    return list(Alert.objects.filter(patient=patient, rule=rule, ended_at=None))


_GIVE: dict[str, Callable[[Patient, Line, datetime], object]] = {
    "entry": _put(EntryDraft),
    "massage": _put(MassageDraft),
    "delete": _withdraw,
    "profile": _change_profile,
    "acknowledge": _acknowledge,
    "close": _close,
}


# --- Random diaries -----------------------------------------------------------------------------


def random_story(chance: random.Random, length: int = 40) -> Iterator[Line]:
    """Lines in order of arrival: late, corrected, withdrawn, closed, in and out of trouble.

    Some come within a chase, some after days of silence.
    """
    hours = 0.0
    known: dict[str, list[str]] = {"entry": [], "massage": []}
    for _ in range(length):
        hours += chance.choice([0.05, 0.05, 0.2, 0.4, 1, 3, 7, 13, 25, 26.5, 47, 47, 110])
        kind = chance.choices(list(_TELL), weights=[24, 7, 2, 2, 9, 2])[0]
        line = _TELL[kind](chance, hours, known)
        yield line


def _entry(chance: random.Random, hours: float, known: dict[str, list[str]]) -> Line:
    late = chance.choice([0, 0, 0, 0, 2, 30, 60, 100])
    data: Line = {"pain": chance.choice([2, 3, 3, 4, 7, 9])}
    data["weakness"] = chance.choice([None, 0, 0, 1, 4, 8])
    data["numbness"] = chance.choice([None, 0, 1, 5])
    if chance.random() < 0.12:
        flag = chance.choice(["bladder", "sexual_change", "gait_unsteady", "hands_clumsy"])
        data["red_flags"] = {flag: chance.choice(["new_or_worse", "unchanged_longstanding"])}
    if chance.random() < 0.25:
        data["function_checks"] = {"heel_walk_left": chance.choice(["can", "cannot"])}
    if known["massage"] and chance.random() < 0.3:
        change, massage = (
            chance.choice(["better", "same", "worse"]),
            chance.choice(known["massage"]),
        )
        data["after_massage"] = {"massage": massage, "global_change": change}
    now = diaries.at(hours=hours)
    felt = diaries.at(hours=hours - late)
    return story.entry(_name(chance, known["entry"]), felt, received=now, **data)


def _massage(chance: random.Random, hours: float, known: dict[str, list[str]]) -> Line:
    ended = diaries.at(hours=hours - chance.choice([0, 0, 0, 5, 50]))
    before = chance.choice([None, 2, 3, 3])
    name = _name(chance, known["massage"])
    return story.massage(name, ended, received=diaries.at(hours=hours), pain_before=before)


def _name(chance: random.Random, known: list[str]) -> str:
    if known and chance.random() < 0.15:
        return chance.choice(known)
    known.append(str(UUID(int=chance.getrandbits(128))))
    return known[-1]


def _deletion(chance: random.Random, hours: float, known: dict[str, list[str]]) -> Line:
    names = [*known["entry"], *known["massage"]] or [str(UUID(int=0))]
    return story.withdrawn(chance.choice(names), diaries.at(hours=hours))


def _profile(chance: random.Random, hours: float, _: object) -> Line:
    fields: Line = chance.choice(
        [
            {"phase": "chronic"},
            {"phase": "acute", "longstanding_flags": ["bladder"]},
            {"timezone": "Pacific/Auckland", "quiet_hours": "22:00-06:00"},
            {"timezone": "Pacific/Honolulu", "reminder_hour": 7},
            {"reminder_hour": 22},
            {"plan_override": {"max_per_7_days": 1, "valid_from": "2026-03-04"}},
            {"trauma_on": "2026-03-01", "longstanding_flags": None},
        ]
    )
    return story.profile(diaries.at(hours=hours), **fields)


def _acknowledgement(chance: random.Random, hours: float, _: object) -> Line:
    rule, by = chance.choice(_RULES), chance.choice(["patient", "physician"])
    return story.acknowledged(rule, diaries.at(hours=hours), by=by)


def _closing(chance: random.Random, hours: float, _: object) -> Line:
    return story.closed(chance.choice(_RULES), diaries.at(hours=hours))


_RULES = ["R01", "R01", "R02", "R03", "R03", "R05", "R07", "R08", "R08", "R12", "R16"]
_TELL = {
    "entry": _entry,
    "massage": _massage,
    "delete": _deletion,
    "profile": _profile,
    "acknowledge": _acknowledgement,
    "close": _closing,
}
