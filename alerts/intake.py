"""What happens inside the transaction of a write: red flags, and the debt of an evaluation."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from alerts import advice, erasure, red_flags, tasks
from alerts.models import Alert
from diary.models import Entry, Patient
from diary.signals import DiaryChange, diary_changed, patient_erasing, profile_changed


def listen() -> None:
    """Connect to the diary; once, when the app is ready."""
    diary_changed.connect(on_diary_change, dispatch_uid="alerts.intake")
    profile_changed.connect(on_profile_change, dispatch_uid="alerts.intake")
    patient_erasing.connect(on_erasure, dispatch_uid="alerts.intake")


def on_diary_change(*, change: DiaryChange, **_: Any) -> dict[str, Any]:
    """Judge the red flags of what was written, owe an evaluation, and answer with the guidance."""
    standing = list(Alert.objects.filter(patient=change.patient, ended_at=None))
    opened: list[Alert] = []
    if change.matters:
        if isinstance(change.record, Entry) and change.effect != "withdrawn":
            opened = red_flags.answer(change, open_alerts=standing)
        owe_evaluation(
            change.patient,
            at=change.at,
            arrived=() if change.effect == "withdrawn" else (change.record.record_id,),
            corrected=() if change.effect == "created" else (change.record.record_id,),
        )
    standing += [alert for alert in opened if alert not in standing]
    return {
        "alerts": [advice.shown(alert, change.patient) for alert in opened],
        "guidance": advice.guidance(standing, change.patient),
    }


def on_profile_change(*, patient: Patient, at: datetime, **_: Any) -> None:
    """A changed profile may open or end alerts."""
    owe_evaluation(patient, at=at)


def on_erasure(*, patient: Patient, wait: bool, **_: Any) -> None:
    """No message about a patient goes out any more."""
    erasure.hold_messages(patient, wait=wait)


def owe_evaluation(
    patient: Patient,
    *,
    at: datetime,
    arrived: Collection[UUID] = (),
    corrected: Collection[UUID] = (),
) -> None:
    """Make the patient's watch due, and ring for a worker once this is committed."""
    with connection.cursor() as cursor:
        values = {"arrived": list(arrived), "corrected": list(corrected)}
        cursor.execute(_OWE, {"patient": patient.pk, "at": at, **values})
    transaction.on_commit(partial(tasks.nudge_evaluation, patient.pk), robust=True)


# Where nothing was due before, nothing could change before either: what arrives now must not be
# read into the time before it.
_OWE = """
    INSERT INTO alerts_watch AS watch (patient_id, due_at, evaluated_at, arrived, corrected)
    VALUES (%(patient)s, %(at)s, %(at)s, %(arrived)s::uuid[], %(corrected)s::uuid[])
    ON CONFLICT (patient_id) DO UPDATE SET
        evaluated_at = CASE
            WHEN watch.due_at <= excluded.due_at THEN watch.evaluated_at
            ELSE GREATEST(watch.evaluated_at, excluded.evaluated_at)
        END,
        due_at = LEAST(watch.due_at, excluded.due_at),
        arrived = watch.arrived || excluded.arrived,
        corrected = watch.corrected || excluded.corrected,
        nudged_at = NULL
"""
