"""The evaluation of one patient: everything that is not answered in the request."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, transaction

from alerts import incidents, loading
from alerts.core import engine
from alerts.core.reconciliation import News
from alerts.core.standing import Outcome
from alerts.models import IncidentKind, Watch
from alerts.recording import record
from diary.locking import locked
from diary.models import Patient

# When the engine itself fails, the patient is looked at again after this long.
RETRY_AFTER_FAILURE = timedelta(minutes=5)
log = structlog.get_logger("alerts.evaluation")


def evaluate(*, patient_id: UUID, at: datetime | None = None) -> list[UUID]:
    """Bring a patient's alerts up to date; the ids of the deliveries that are owed come back.

    `at` is the moment to evaluate for; left out, it is the database's clock under the patient's
    lock. Running it again, or twice at once, changes nothing.
    """
    with transaction.atomic(durable=True):
        try:
            patient, clock = locked(patient_id)
        except Patient.DoesNotExist:
            return []  # erased since the nudge
        return bring_up_to_date(patient, now=at or clock)


def bring_up_to_date(patient: Patient, *, now: datetime) -> list[UUID]:
    """Evaluate a patient whose row the caller has locked; the deliveries owed come back."""
    watch = loading.watch_of(patient)
    if watch is None:
        return []
    try:
        with transaction.atomic():  # half an evaluation is none
            return [*watch.owed, *_evaluated(patient, watch, now)]
    except OperationalError:  # no fault of this diary: the dispatcher finds it again
        raise
    except Exception as error:  # a poisoned diary must not stop the others
        _put_off(patient, watch, error, now)
        return list(watch.owed)


def _evaluated(patient: Patient, watch: Any, now: datetime) -> list[UUID]:
    diary = loading.diary_of(patient, watch)
    outcome = _outcome(diary, watch, now)
    recorded = record(patient, outcome, open_alerts=diary.open_alerts, at=now)
    watch.due_at, watch.evaluated_at, watch.nudged_at = outcome.due_at, now, None
    watch.arrived, watch.corrected = [], []
    watch.save(update_fields=["due_at", "evaluated_at", "nudged_at", "arrived", "corrected"])
    return recorded.deliveries


def _outcome(diary: loading.Diary, watch: Watch, now: datetime) -> Outcome:
    """What fell due since the last evaluation, each at its own moment, and then what is now."""
    since = watch.evaluated_at
    past = engine.advance(diary.timeline, diary.standing, after=since or now, until=now)
    news = News(
        arrived=_texts(watch.arrived),
        corrected=_texts(watch.corrected),
        closed=[close.rule for close in diary.timeline.closes if since is None or close.at > since],
    )
    present = engine.step(diary.timeline, past.standing, now=now, news=news)
    failures = {failure.rule: failure for failure in past.failures + present.failures}
    return Outcome(
        standing=present.standing,
        transitions=past.transitions + present.transitions,
        due_at=present.due_at,
        failures=tuple(failures.values()),
    )


def _texts(identifiers: Iterable[UUID]) -> frozenset[str]:
    return frozenset(map(str, identifiers))


def _put_off(patient: Patient, watch: Watch, error: Exception, now: datetime) -> None:
    log.error("engine failed", exc_info=error)
    cause = f"engine {type(error).__name__}"
    incidents.report(patient=patient, kind=IncidentKind.RULE_FAILED, cause=cause, at=now)
    watch.due_at, watch.nudged_at = now + RETRY_AFTER_FAILURE, None
    watch.save(update_fields=["due_at", "nudged_at"])
