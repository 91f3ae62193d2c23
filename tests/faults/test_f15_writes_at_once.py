"""F15: the same records sent many times at once are stored once."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from typing import Any

from alerts.evaluation import evaluate
from alerts.models import Alert
from diary.models import Entry, Patient
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.races import at_once, deadlocks
from tests.phones import Phone

pytestmark = stories.FAULT
WIDTHS = (2, 8, 50)


def bodies(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Entries of the last hours, one in five a red flag."""
    red = {"red_flags": {"bladder": "new_or_worse", "bowel": "no"}}
    said = [red if n % 5 == 0 else {"pain": rng.randint(0, 9)} for n in range(count)]
    return [
        stories.entry(ago=timedelta(minutes=10 * n), note=f"note {n}", **each)
        for n, each in enumerate(said)
    ]


def sends(phone: Phone, bodies: list[dict[str, Any]], ways: list[str]) -> list[Any]:
    """Send every body, each by PUT or by POST."""
    return [
        phone.put(f"entries/{body['id']}/", body) if way == "PUT" else phone.post("entries/", body)
        for body, way in zip(bodies, ways, strict=True)
    ]


def differing(patient: Patient, bodies: list[dict[str, Any]]) -> int:
    """How many stored entries are not what was sent, or not exactly once."""
    rows = {str(row.record_id): row for row in Entry.objects.filter(patient=patient)}
    right = [
        body
        for body in bodies
        if (row := rows.pop(body["id"], None))
        and (row.version, row.note, row.pain) == (1, body["note"], body.get("pain"))
    ]
    return len(bodies) - len(right) + len(rows)


def one_round(rng: random.Random, width: int, count: int) -> tuple[Counter[int], int, int]:
    """Answers by status, entries that are wrong, alerts beyond one for each rule."""
    patient = stories.new_patient()
    wanted = bodies(rng, count)
    phones = [
        partial(
            sends,
            Phone.of(patient),
            stories.shuffled(rng, wanted),
            rng.choices(["PUT", "POST"], k=count),
        )
        for _ in range(width)
    ]
    answers = [answer for phone in at_once(phones) for answer in phone]
    at_once([partial(evaluate, patient_id=patient.pk)] * 2)
    rules = Counter(Alert.objects.filter(patient=patient).values_list("rule", flat=True))
    assert rules["R01"] == 1
    doubled = sum(rules.values()) - len(rules)
    return Counter(answer.status_code for answer in answers), differing(patient, wanted), doubled


def test_f15_the_same_entries_many_times_at_once() -> None:
    rng, count = seeded("F15"), size(ci=10, full=50)
    before, said, wrong, doubled = deadlocks(), Counter[int](), 0, 0
    rounds = list(islice(cycle(WIDTHS), size(ci=5, full=200)))
    with stories.doorbell():
        for width in rounds:
            answers, differ, twice = one_round(rng, width, count)
            said, wrong, doubled = said + answers, wrong + differ, doubled + twice
    deadlocked = deadlocks() - before
    report(
        "F15",
        f"{len(rounds)} rounds x {count} entries, 2/8/50 at once",
        answers=dict(said),
        wrong_rows=wrong,
        doubled_alerts=doubled,
        deadlocks=deadlocked,
    )
    assert set(said) <= {200, 201, 409}
    assert said[201] == len(rounds) * count
    assert (wrong, doubled, deadlocked) == (0, 0, 0)
