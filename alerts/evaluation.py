"""The evaluation of one patient: everything that is not answered in the request."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction

from alerts import incidents, loading
from alerts.core import engine
from alerts.core.reconciliation import News
from alerts.core.rules import CHASE_ALONE, CURRENT, RuleSet
from alerts.core.standing import Outcome
from alerts.models import Delivery, DeliveryState, IncidentKind, Watch
from alerts.recording import record
from diary.failpoints import reached
from diary.locking import locked
from diary.models import Patient

# When the engine itself fails, the patient is looked at again after this long.
RETRY_AFTER_FAILURE = timedelta(minutes=5)
log = structlog.get_logger("alerts.evaluation")


def evaluate(*, patient_id: UUID, at: datetime | None = None) -> list[UUID]:
    """Bring a patient's alerts up to date; the ids of the deliveries that are owed come back.

    `at` is the moment to evaluate for; left out, it is the database's clock under the patient's
    lock, and a diary in which nothing is due is left alone: a busy worker is asked again and again
    for what it has done by now. Running it again, or twice at once, changes nothing.
    """
    try:
        with transaction.atomic(durable=True):
            patient, clock = locked(patient_id)
            owed = _brought_up_to_date(patient, now=at or clock, if_due=at is None)
            reached("evaluation_before_commit")
        reached("evaluation_committed")
    except Patient.DoesNotExist:
        return []  # erased since the nudge
    except OperationalError:  # no fault of this diary: the dispatcher comes to it again
        raise
    except Exception as error:  # a poisoned diary must not stop the others
        with transaction.atomic(durable=True):
            patient, clock = locked(patient_id)
            owed = _put_off(patient, error, now=at or clock)
    return owed


def bring_up_to_date(patient: Patient, *, now: datetime) -> list[UUID]:
    """Evaluate in the transaction of a caller who has locked the patient.

    What the caller has written stands, even if the evaluation fails.
    """
    try:
        with transaction.atomic():
            return _brought_up_to_date(patient, now=now)
    except OperationalError:
        raise
    except Exception as error:
        return _put_off(patient, error, now=now)


def _brought_up_to_date(patient: Patient, *, now: datetime, if_due: bool = False) -> list[UUID]:
    watch = loading.watch_of(patient)
    if watch is None:
        return []
    # A clock that was set back must not take back what was already said.
    now = max(now, watch.evaluated_at or now)
    if if_due and (watch.due_at is None or watch.due_at > now):
        return list(watch.owed)
    if not watch.consented:
        return _left_alone(patient, watch, now)
    diary = loading.diary_of(patient, watch)
    reached("evaluation_loaded")
    outcome = outcome_of(diary, watch, now)
    recorded = record(patient, outcome, open_alerts=diary.open_alerts, at=now)
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [outcome.due_at, now, patient.pk])
    return [*watch.owed, *recorded.deliveries]


_DONE = """
    UPDATE alerts_watch
    SET due_at = %s, evaluated_at = %s, nudged_at = NULL, arrived = '{}', corrected = '{}'
    WHERE patient_id = %s
"""


def _left_alone(patient: Patient, watch: Any, now: datetime) -> list[UUID]:
    """Without consent no record is looked at; what was found before is delivered and chased."""
    watch.due_at, owed = _chased(patient, watch, now)
    watch.evaluated_at, watch.nudged_at = now, None
    watch.save(update_fields=["due_at", "evaluated_at", "nudged_at"])
    return owed


def _chased(patient: Patient, watch: Any, now: datetime) -> tuple[datetime | None, list[UUID]]:
    """Say urgent alerts again that nobody has answered: when next, and the deliveries owed."""
    known = loading.chase_of(patient, watch)
    outcome = outcome_of(known, watch, now, rules=CHASE_ALONE)
    recorded = record(patient, outcome, open_alerts=known.open_alerts, at=now)
    return outcome.due_at, [*watch.owed, *recorded.deliveries]


def outcome_of(
    diary: loading.Diary, watch: Any, now: datetime, *, rules: RuleSet = CURRENT
) -> Outcome:
    """What fell due since the last evaluation, each at its own moment, and then what is now."""
    since = watch.evaluated_at or now
    past = engine.advance(diary.timeline, diary.standing, after=since, until=now, rules=rules)
    news = News(
        arrived=_texts(watch.arrived),
        corrected=_texts(watch.corrected),
        closed=diary.unanswered_closes,
    )
    present = engine.step(diary.timeline, past.standing, now=now, news=news, rules=rules)
    failures = {failure.rule: failure for failure in past.failures + present.failures}
    return Outcome(
        standing=present.standing,
        transitions=past.transitions + present.transitions,
        due_at=present.due_at,
        failures=tuple(failures.values()),
    )


def _texts(identifiers: Iterable[UUID]) -> frozenset[str]:
    return frozenset(map(str, identifiers))


def _put_off(patient: Patient, error: Exception, *, now: datetime) -> list[UUID]:
    """Look at the diary again later, and tell those who run the service; nothing is lost.

    The chase of what was found before does not wait for that.
    """
    log.error("engine failed", exc_info=error)
    cause = f"engine {type(error).__name__}"
    incidents.report(patient=patient, kind=IncidentKind.RULE_FAILED, cause=cause, at=now)
    due_at, owed = _chased_in_spite(patient, now)
    again_at = min(now + RETRY_AFTER_FAILURE, due_at or now + RETRY_AFTER_FAILURE)
    Watch.objects.filter(patient=patient).update(due_at=again_at, nudged_at=None)
    return owed


def _chased_in_spite(patient: Patient, now: datetime) -> tuple[datetime | None, list[UUID]]:
    """The chase of a patient whose diary could not be evaluated, unless it fails as well."""
    try:
        with transaction.atomic():
            watch = loading.watch_of(patient)
            return _chased(patient, watch, now) if watch else (None, [])
    except OperationalError:
        raise
    except Exception:
        log.exception("chase failed")
        owed = Delivery.objects.filter(patient=patient, state=DeliveryState.OWED)
        return None, list(owed.values_list("pk", flat=True))
