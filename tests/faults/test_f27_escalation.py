"""F27: nobody answers an urgent alert, or somebody does at the very moment of a step."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from alerts import acts, evaluation
from alerts.models import Alert, AlertEvent, Delivery, EventKind
from diary.models import Patient
from tests.alerts.diaries import new_physician
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.races import crew, deadlocks

pytestmark = stories.FAULT

STEPS = (5, 15, 30)  # minutes at which the patient is told again; at the last, the backup
NEVER = 10_000

AtOnce = Callable[[Iterable[Callable[[], object]]], list[object]]


class Story(NamedTuple):
    """An alert, and the minutes at which its patient and a physician answer it."""

    alert: Alert
    patient_at: int
    clinic_at: int

    def expected(self) -> Counter[tuple[int, str]]:
        """What is said, and when; an answer at the moment of a step comes after it."""
        said = Counter((step, "reminder") for step in STEPS if step <= self.patient_at)
        said.update([(30, "escalated")] if self.clinic_at >= STEPS[-1] else [])
        return said

    def said(self) -> Counter[tuple[int, str]]:
        """What was said, to the second."""
        events = AlertEvent.objects.filter(alert=self.alert, rule="R22")
        return Counter((self._minute(event), event.kind) for event in events)

    def _minute(self, event: AlertEvent) -> int:
        waited = event.at - self.alert.opened_at
        minute = round(waited.total_seconds() / 60)
        assert abs(waited - timedelta(minutes=minute)) < timedelta(seconds=1)
        return minute


def begun(patient: Patient, patient_at: int, clinic_at: int) -> Story:
    stories.write(patient, stories.entry(**stories.RED))
    return Story(Alert.objects.get(patient=patient), patient_at, clinic_at)


def moved_to(story: Story, minute: int) -> list[Callable[[], object]]:
    """What happens at a minute, all at once: two evaluations, and who answers just then."""
    alert = story.alert
    at = alert.opened_at + timedelta(minutes=minute)
    one: dict[str, Any] = {"alert_id": alert.pk, "patient_id": alert.patient_id, "at": at}
    work: list[Callable[[], object]] = [
        partial(evaluation.evaluate, patient_id=alert.patient_id, at=at) for _ in range(2)
    ]
    if story.patient_at == minute:
        work.append(partial(acts.acknowledge, by=alert.patient.user, **one))
    if story.clinic_at == minute:
        work.append(partial(acts.see, by=stories.doctor(), **one))
    return work


def lived_through(story: Story, at_once: AtOnce) -> None:
    for minute in (1, *STEPS, 31, 24 * 60):
        at_once(moved_to(story, minute))


def doubled(story: Story) -> int:
    """How often one person was told of one event twice through one endpoint."""
    rows = Delivery.objects.filter(event__alert=story.alert)
    told = Counter(rows.values_list("event", "recipient", "channel", "device"))
    return sum(count - 1 for count in told.values())


def told_backup(story: Story) -> int:
    care = story.alert.patient.care.filter(role="backup")
    backup = care.get().physician
    kind = EventKind.ESCALATED
    return Delivery.objects.filter(
        event__alert=story.alert, event__kind=kind, recipient=backup
    ).count()


def test_f27_who_does_not_answer_is_asked_again_and_then_the_next_person() -> None:
    rng, alerts = seeded("F27"), size(ci=40, full=200)
    wrong, twice, passed_on, before = 0, 0, 0, deadlocks()
    choices = (1, *STEPS, NEVER)
    with stories.doorbell(), crew(4) as at_once:
        for number in range(alerts):
            patient = stories.new_patient()
            new_physician(patient, role="backup")
            # A quarter is never answered at all.
            answers = (NEVER, NEVER) if number % 4 == 0 else rng.choices(choices, k=2)
            story = begun(patient, *answers)
            lived_through(story, at_once)
            wrong += story.said() != story.expected()
            twice += doubled(story)
            is_passed_on = (30, "escalated") in story.expected()
            passed_on += is_passed_on
            wrong += told_backup(story) != is_passed_on
    report(
        "F27",
        f"{alerts} alerts, steps at 5, 15 and 30 minutes by two workers at once",
        passed_on=passed_on,
        wrong=wrong,
        doubled=twice,
        deadlocks=deadlocks() - before,
    )
    assert (wrong, twice, deadlocks() - before) == (0, 0, 0)
    assert passed_on >= alerts // 4
