"""F23: rules that throw, findings that cannot be stored, messages that cannot be worded."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any
from unittest.mock import patch

from django.db.models import Max
from django.db.models.functions import Now

from alerts import evaluation, red_flags, sweep
from alerts.core import engine
from alerts.core.rules import CURRENT, RuleSet
from alerts.core.rules.red_flags import CAUDA_EQUINA
from alerts.core.verdicts import NotEvaluable, Trigger
from alerts.core.walk import Walk
from alerts.models import Alert, AlertEvent, Delivery, Incident, Watch
from diary.locking import database_now
from diary.models import Entry, Patient
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.hours import next_due, pass_time

pytestmark = stories.FAULT
# Entries with these notes make a rule fail; nothing else of the service knows them.
THROWS, UNSTORABLE, JUDGE_THROWS, UNWORDED = "throws", "unstorable", "judge throws", "unworded"
KINDS = (THROWS, UNSTORABLE, JUDGE_THROWS, UNWORDED)
OF_THE_NEXT_RELEASE = "account.of_the_next_release"
MARKS = {THROWS: 10, UNSTORABLE: 9, JUDGE_THROWS: 8}  # the numbness that does it


def poisoned_rules() -> RuleSet:
    """The rules, of which R08 and R01 fail on marked entries and work on all others."""
    walked = tuple(
        replace(rule, finds=partial(_finds, rule.finds), finds_since=None)
        if rule.id == "R08"
        else rule
        for rule in CURRENT.walked
    )
    judge = replace(CAUDA_EQUINA, level=_level)
    red = tuple(judge if rule.id == "R01" else rule for rule in CURRENT.red_flags)
    return replace(CURRENT, walked=walked, red_flags=red)


def _finds(finds: Any, walk: Walk) -> Iterable[Trigger | NotEvaluable]:
    marks = {entry.numbness for entry in walk.timeline.entries}
    if MARKS[THROWS] in marks:
        raise ZeroDivisionError
    for found in finds(walk):
        if MARKS[UNSTORABLE] in marks and isinstance(found, Trigger):
            yield replace(found, parameters={"limit": float("nan")})  # no JSON for PostgreSQL
        else:
            yield found


def _level(answers: Any, entry: Any) -> int:
    if entry.numbness == MARKS[JUDGE_THROWS]:
        raise LookupError
    return CAUDA_EQUINA.level(answers, entry)


@contextmanager
def poisoned() -> Iterator[None]:
    """The service with those rules."""
    rules = poisoned_rules()
    with (
        patch.object(evaluation, "outcome_of", partial(evaluation.outcome_of, rules=rules)),
        patch.object(red_flags, "judge_red_flags", partial(engine.judge_red_flags, rules=rules)),
    ):
        yield


def wrote(patient: Patient, kind: str | None) -> list[tuple[int, str]]:
    """Write a red flag and pain after a massage, perhaps poisoned; the alerts of the answer."""
    stories.massaged(patient, ago=stories.YESTERDAY)
    numb: dict[str, Any] = {"numbness": MARKS[kind]} if kind in MARKS else {}
    written = stories.write(patient, stories.entry(pain=8, **stories.RED, **numb))
    if kind == UNWORDED:
        owe_unworded(patient)
    return [(alert["level"], alert["rule"]) for alert in written.answers["alerts"]]


def owe_unworded(patient: Patient) -> None:
    """A notice whose text this release does not know: a newer one has written it."""
    at = database_now()
    event = AlertEvent.objects.create(
        patient=patient, kind="notice", at=at, level=2, text_key=OF_THE_NEXT_RELEASE
    )
    told = {"recipient": patient.user, "channel": "email", "level": event.level}
    Delivery.objects.create(patient=patient, event=event, created_at=at, due_at=at, **told)


def latencies(kinds: list[str | None]) -> list[float]:
    """Write for a patient of each kind; from each healthy write until its messages are gone."""
    waited = []
    with stories.doorbell() as bell:
        for kind in kinds:
            patient, began = stories.new_patient(), time.monotonic()
            assert (4, "R01") in wrote(patient, kind), "in the answer, whatever failed"
            while bell.rung:
                for task in stories.nudged(bell):
                    task()
            if kind is None:
                waited.append(time.monotonic() - began)
    return waited


def tries_in_an_hour(patient: Patient) -> int:
    """How often the messages of a patient are tried in the next hour, at the most."""
    left = timedelta(hours=1)
    with stories.doorbell(away=True):
        while (wait := next_due()) and wait < left:
            pass_time(wait)
            left -= wait
            sweep.sweep()
    most = Delivery.objects.filter(patient=patient).aggregate(most=Max("attempts"))["most"]
    return int(most)


def pauses(patients: list[Patient]) -> list[float]:
    """How long the diaries of some are left alone, in seconds, when they are evaluated."""
    waits = []
    for patient in patients:
        Watch.objects.filter(patient=patient).update(due_at=Now())
        evaluation.evaluate(patient_id=patient.pk)
        due_at = Watch.objects.get(patient=patient).due_at
        assert due_at
        waits.append((due_at - database_now()).total_seconds())
    return waits


def one_of_each() -> list[Patient]:
    """A patient for each kind of poison that a rule is."""
    reported = Incident.objects.exclude(patient=None).order_by("cause").distinct("cause")
    return [each.patient for each in reported if each.patient]


def test_f23_poison() -> None:
    rng, count = seeded("F23"), size(ci=40, full=1000)
    healthy: list[str | None] = [None] * (count // 4)
    kinds = [*KINDS * (count // len(KINDS)), *healthy]
    with stories.mail_server(), poisoned():
        usual = latencies(healthy)
        beside = latencies(stories.shuffled(rng, kinds))
        left_alone = min(pauses(one_of_each()))
        unworded = AlertEvent.objects.filter(text_key=OF_THE_NEXT_RELEASE)[:1]
        tries = tries_in_an_hour(unworded[0].patient)
    ratio = median(beside) / median(usual)
    report(
        "F23",
        f"{count} poisoned beside {count // 4} healthy diaries",
        incidents=Incident.objects.count(),
        latency_of_the_others=f"x {ratio:.2f}",
        tries_in_an_hour=tries,
        least_pause=f"{left_alone:.0f} s",
    )
    assert Entry.objects.count() == 3 * count // 2
    assert Alert.objects.filter(rule="R01", level=4, ended_at=None).count() == 3 * count // 2
    emergencies = Delivery.objects.filter(event__rule="R01", event__kind="opened")
    assert set(emergencies.values_list("state", flat=True)) == {"accepted"}
    assert ratio < 2
    assert tries <= 14
    assert left_alone > 60
    causes = Counter(Incident.objects.filter(kind="rule_failed").values_list("cause", flat=True))
    assert causes == {
        cause: count // len(KINDS)
        for cause in ("R08 ZeroDivisionError", "engine DataError", "R01 LookupError")
    }
