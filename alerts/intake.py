"""What happens inside the transaction of a write: red flags, and the debt of an evaluation."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from alerts import advice, erasure, red_flags, tasks
from alerts.models import Alert
from diary.models import Patient
from diary.signals import (
    Answers,
    Arrival,
    DiaryChange,
    FeedItem,
    diary_changed,
    feed_read,
    patient_erasing,
    profile_changed,
)
from diary.statements import Statement


def listen() -> None:
    """Connect to the diary; once, when the app is ready."""
    diary_changed.connect(on_diary_change, dispatch_uid="alerts.intake")
    profile_changed.connect(on_profile_change, dispatch_uid="alerts.intake")
    feed_read.connect(on_feed_read, dispatch_uid="alerts.intake")
    patient_erasing.connect(on_erasure, dispatch_uid="alerts.intake")


_STANDING = Statement(
    Alert,
    "SELECT {found} FROM alerts_alert AS found WHERE patient_id = %s AND ended_at IS NULL",
)


def on_diary_change(*, patient: Patient, arrivals: Sequence[Arrival], **_: Any) -> Answers:
    """Judge the red flags of what was written, owe an evaluation, and answer with the guidance.

    Of each arrival the answer holds the alerts that it opened or raised, as they are at the end.
    """
    standing = _STANDING.all(patient.pk)
    opened = red_flags.answer(patient, arrivals, open_alerts=standing)
    changes = [
        arrival for arrival in arrivals if isinstance(arrival, DiaryChange) and arrival.matters
    ]
    if changes or any(opened):
        owe_evaluation(
            patient,
            at=arrivals[-1].at,
            arrived=_ids(change for change in changes if change.effect != "withdrawn"),
            corrected=_ids(change for change in changes if change.effect != "created"),
            level=max((alert.level for alerts in opened for alert in alerts), default=0),
        )
    new = {alert.pk: alert for alerts in opened for alert in alerts}
    standing += [alert for alert in new.values() if alert not in standing]
    return Answers(
        each=[{"alerts": [advice.shown(alert, patient) for alert in alerts]} for alerts in opened],
        whole={"guidance": advice.guidance(standing, patient)},
    )


def _ids(changes: Iterable[DiaryChange]) -> list[UUID]:
    return list(dict.fromkeys(change.record.record_id for change in changes))


def on_feed_read(*, patient: Patient, after: int, limit: int, **_: Any) -> list[FeedItem]:
    """The patient's alerts that changed since a place in the feed, as the API shows them."""
    alerts = Alert.objects.filter(patient=patient, position__gt=after).order_by("position")
    return [
        FeedItem(
            alert.position,
            {
                "type": "alert",
                "op": "put",
                "id": str(alert.pk),
                "changed_at": advice.changed_at(alert),
                "data": advice.shown(alert, patient),
            },
        )
        for alert in alerts[:limit]
    ]


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
    level: int = 0,
) -> None:
    """Make the patient's watch due, and ring for a worker once this is committed.

    `level` is the highest of what the write has opened: a worker takes the urgent first.
    """
    with connection.cursor() as cursor:
        values = {"arrived": list(arrived), "corrected": list(corrected)}
        cursor.execute(_OWE, {"patient": patient.pk, "at": at, **values})
    transaction.on_commit(partial(tasks.nudge_evaluation, patient.pk, level=level), robust=True)


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
