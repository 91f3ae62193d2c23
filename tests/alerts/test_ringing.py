"""When a worker is rung for: once a debt is committed, for each debt, and never for nothing."""

from typing import Any

import pytest
from django.db import connection, transaction

from alerts import acts, tasks
from alerts.models import Alert, Delivery, DeliveryState, Watch
from diary.models import Entry, Patient
from diary.services import records
from tests.alerts import diaries
from tests.alerts.conftest import Bell
from tests.alerts.diaries import BLADDER, at, put_entry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_write_is_not_part_of_anything_that_could_still_be_rolled_back() -> None:
    patient = diaries.new_patient()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        put_entry(patient, at(), pain=3)
    assert not Entry.objects.exists()


class Witness(Bell):
    """Notes as well how many debts another connection sees at the moment of the ring."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def ring(self, task: Any, urgency: int, /, **ids: str | int) -> bool:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {Watch._meta.db_table}")
                self.seen.append(cursor.fetchone()[0])
        finally:
            other.close()
        return super().ring(task, urgency, **ids)


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Witness:
    witness = Witness()
    monkeypatch.setattr(tasks, "_doorbell", witness)
    return witness


def test_a_write_rings_once_and_after_its_commit(witness: Witness) -> None:
    patient = diaries.new_patient()
    put_entry(patient, at(), pain=3)
    assert (witness.rung, witness.seen) == ([f"evaluate {patient.pk}"], [1])


def test_a_write_that_is_rolled_back_does_not_ring(
    bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        assert Watch.objects.exists(), "after everything was written"
        raise LookupError

    patient = diaries.new_patient()
    monkeypatch.setattr(records, "Written", fails)
    with pytest.raises(LookupError):
        put_entry(patient, at(), pain=3)
    assert (Entry.objects.count(), Watch.objects.count(), bell.rung) == (0, 0, [])


def owed_to(patient: Patient) -> set[str]:
    """The rings for everything that is owed to a patient."""
    deliveries = Delivery.objects.filter(patient=patient, state=DeliveryState.OWED)
    return {f"deliver {each.pk}" for each in deliveries}


def test_the_ring_of_a_red_flag_says_so_and_is_passed_on(bell: Bell) -> None:
    """A worker takes the urgent first: a morning's ordinary entries must not be waited for."""
    patient, calm = diaries.new_patient(), diaries.new_patient()
    put_entry(calm, at(), pain=3)
    put_entry(patient, at(), red_flags=BLADDER)
    tasks.evaluate(patient_id=str(patient.pk), level=4)
    urgent = [f"evaluate {patient.pk}", *owed_to(patient)]
    assert len(urgent) > 1
    assert bell.urgencies == {f"evaluate {calm.pk}": 0, **dict.fromkeys(urgent, 4)}


def test_an_evaluation_rings_for_all_that_is_owed(bell: Bell) -> None:
    patient = diaries.new_patient()
    diaries.put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7, red_flags=BLADDER)
    before = owed_to(patient)
    bell.rung.clear()
    tasks.evaluate(patient_id=str(patient.pk))
    assert before < owed_to(patient), "the red flag, and what was found now"
    assert sorted(bell.rung) == sorted(owed_to(patient))


def test_an_act_rings_for_what_it_owes(bell: Bell) -> None:
    patient = diaries.new_patient()
    put_entry(patient, at(), red_flags=BLADDER)
    alert = Alert.objects.get()
    diaries.put_massage(patient, at(), pain_before=3)
    put_entry(patient, at(hours=30), pain=7)
    before = owed_to(patient)
    bell.rung.clear()
    acts.acknowledge(
        alert_id=alert.pk, patient_id=patient.pk, by=patient.user, at=at(hours=30, seconds=1)
    )
    assert before < owed_to(patient)
    assert sorted(bell.rung) == sorted(owed_to(patient))
