"""F22: an entry is corrected or withdrawn while it is evaluated, and while messages go out."""

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from alerts import delivery
from alerts.evaluation import evaluate
from alerts.models import Alert, Delivery
from diary.models import Entry, Patient
from diary.services import records
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.races import crew, deadlocks

pytestmark = stories.FAULT
MERGED = 5  # so many stories run beside each other


class Story(NamedTuple):
    """One entry, red or not, that is evaluated and told before or while it is taken back."""

    patient: Patient
    body: dict[str, Any]
    is_red: bool
    is_withdrawn: bool


def new_story(rng: random.Random) -> Story:
    patient, is_red = stories.new_patient(), rng.random() < 0.5
    stories.massaged(patient, ago=stories.YESTERDAY)
    body = stories.entry(**(stories.RED if is_red else {"pain": 8}))
    stories.write(patient, body)
    if rng.random() < 0.5:  # the alert stands, and its message is under way
        evaluate(patient_id=patient.pk)
    return Story(patient, body, is_red, is_withdrawn=rng.random() < 0.5)


def take_back(story: Story) -> None:
    """Withdraw the entry, or correct it to a harmless one."""
    if story.is_withdrawn:
        name = UUID(story.body["id"])
        records.withdraw(kind=Entry, patient_id=story.patient.pk, record_id=name)
    else:
        harmless = {"pain": 2, "red_flags": {"bladder": "no"} if story.is_red else None}
        stories.write(story.patient, {**story.body, **harmless})


def send_what_is_owed(patient: Patient) -> None:
    for key in list(Delivery.objects.filter(patient=patient).values_list("pk", flat=True)):
        delivery.deliver(key)


def racers(story: Story, rng: random.Random) -> list[Callable[[], None]]:
    """Taking back, evaluating twice and sending twice, each after a moment of its own."""
    evaluating = partial(evaluate, patient_id=story.patient.pk)
    sending = partial(send_what_is_owed, story.patient)
    taking_back = partial(take_back, story)
    each: list[Callable[[], object]] = [taking_back, evaluating, evaluating, sending, sending]
    return [partial(after, rng.uniform(0, 0.03), work) for work in each]


def after(seconds: float, work: Callable[[], object]) -> None:
    time.sleep(seconds)
    work()


def judged(story: Story) -> str:
    """What became of a story, as a word."""
    alerts = Alert.objects.filter(patient=story.patient)
    if story.is_red:
        red = alerts.get(rule="R01")
        return "red kept" if red.ended_at is None and red.level == 4 else "red closed by itself"
    return "taken back" if not alerts.filter(ended_at=None).exists() else "alert on nothing"


def test_f22_taking_back_races_with_evaluating_and_sending() -> None:
    rng, count, before = seeded("F22"), size(ci=60, full=1000), deadlocks()
    ends: Counter[str] = Counter()
    with stories.mail_server() as mails, stories.doorbell(), crew(5 * MERGED) as at_once:
        for _ in range(count // MERGED):
            told = [new_story(rng) for _ in range(MERGED)]
            at_once([racer for story in told for racer in racers(story, rng)])
            stories.drain()
            ends.update(judged(story) for story in told)
    sent = Counter(mail.message["Message-ID"] for mail in mails.mails)
    rows = Counter(Delivery.objects.values_list("state", flat=True))
    deadlocked = deadlocks() - before
    report("F22", f"{count} interleavings", **ends, **rows, deadlocks=deadlocked)
    assert set(ends) == {"red kept", "taken back"}
    assert set(rows) <= {"accepted", "cancelled"}
    assert (max(sent.values()), len(sent), deadlocked) == (1, rows["accepted"], 0)
    unsaid = Delivery.objects.filter(level=4).exclude(state="accepted")
    assert not unsaid.exists(), "a red flag is told, whatever was written after it"
