"""F28: one alert acknowledged twice, by phones, in the admin, and late by one that was offline."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from alerts import acts
from alerts.models import Alert, AlertEvent, EventKind
from diary.models import Patient, User
from tests.diary.admin import clinic
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.races import crew
from tests.phones import Phone

pytestmark = stories.FAULT


def acknowledge(phone: Phone, alert: UUID, note: str) -> int:
    status: int = phone.post(f"alerts/{alert}/acknowledge/", {"note": note}).status_code
    return status


def see(browser: Any, alert: UUID) -> int:
    status: int = browser.post(f"/admin/alerts/alert/{alert}/acknowledge/").status_code
    return status


class People(NamedTuple):
    """A patient with three phones, and the physician with two browsers."""

    patient: Patient
    doctor: User
    phones: list[Phone]
    browsers: list[Any]


def people() -> People:
    doctor = clinic.physician("Anna")
    patient = clinic.patient("Alva", doctor)
    phones = [Phone.of(patient) for _ in range(3)]
    return People(patient, doctor, phones, [clinic.browser(doctor) for _ in range(2)])


def one_round(
    rng: random.Random, who: People, at_once: Callable[[list[Callable[[], int]]], list[int]]
) -> tuple[Counter[int], Alert]:
    """Two phones and two browsers at once, then a phone that comes late."""
    stories.write(who.patient, stories.entry(**stories.RED))
    alert = Alert.objects.get(patient=who.patient, rule="R01", ended_at=None)
    early, late = who.phones[:2], who.phones[2]
    calls: list[Callable[[], int]] = [
        *[partial(acknowledge, each, alert.pk, f"phone {n}") for n, each in enumerate(early)],
        *[partial(see, each, alert.pk) for each in who.browsers],
    ]
    said = Counter(at_once(stories.shuffled(rng, calls)))
    before = Alert.objects.get(pk=alert.pk)
    said[acknowledge(late, alert.pk, "offline since yesterday")] += 1
    acts.close(alert_id=alert.pk, patient_id=who.patient.pk, by=who.doctor, reason="examined")
    said[acknowledge(late, alert.pk, "later still")] += 1
    said[see(who.browsers[0], alert.pk)] += 1
    return said, before


def is_kept(before: Alert) -> bool:
    """Whether the first acknowledgements are the only ones, and stand as they were."""
    now = Alert.objects.get(pk=before.pk)
    first = {
        EventKind.ACKNOWLEDGED: (before.acknowledged_at, now.acknowledged_at),
        EventKind.SEEN_BY_CLINIC: (before.seen_by_clinic_at, now.seen_by_clinic_at),
    }
    return all(
        AlertEvent.objects.filter(alert=now, kind=kind).count() == 1
        and AlertEvent.objects.get(alert=now, kind=kind).at == then == later
        for kind, (then, later) in first.items()
    )


def test_f28_acknowledged_twice_and_late() -> None:
    rng, rounds = seeded("F28"), size(ci=50, full=500)
    said, wrong, who = Counter[int](), 0, people()
    with stories.doorbell(), crew(4) as at_once:
        for _ in range(rounds):
            answers, before = one_round(rng, who, at_once)
            said, wrong = said + answers, wrong + (not is_kept(before))
    report("F28", f"{rounds} alerts x 7 acknowledgements", answers=dict(said), not_the_first=wrong)
    assert set(said) <= {200, 302}
    assert said == {200: rounds * 4, 302: rounds * 3}
    assert wrong == 0
