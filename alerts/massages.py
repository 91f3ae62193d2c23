"""What a patient asks about a massage: what followed it, and whether the next one may be given.

Both are read from the diary as it is at that moment, and nothing is written.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from alerts import evaluation, loading
from alerts.core.clearance import Clearance, clearance
from alerts.core.parameters import CURRENT
from alerts.core.plan import planned_massage
from alerts.core.records import Massage
from alerts.core.response import Chart, chart
from alerts.core.standing import Standing
from alerts.core.timeline import Timeline
from diary.drafts import LONGEST_MASSAGE, MassagePlan
from diary.models import Patient
from diary.services.records import NoSuchRecord
from diary.wire import Invalid

# Nobody knows how the patient will be then.
FARTHEST_PLAN: Final = timedelta(days=90)


def response(patient: Patient, *, massage_id: UUID) -> Chart:
    """What followed a standing massage of the patient; raise NoSuchRecord without one."""
    watch = loading.watch_of(patient)
    if watch is None:
        raise NoSuchRecord
    timeline = loading.diary_of(patient, watch).timeline
    named = str(massage_id)
    massage = next((each for each in timeline.massages if each.id == named), None)
    if massage is None:
        raise NoSuchRecord
    return chart(timeline, massage, parameters=CURRENT)


def before(patient: Patient, *, plan: MassagePlan, now: datetime) -> Clearance:
    """Whether a planned massage may be given, and how; raise Invalid for one that cannot be."""
    known = _known(patient, now)
    massage = _planned(plan, known.now)
    return clearance(known.timeline, known.standing, now=known.now, planned=massage)


class _Known(NamedTuple):
    timeline: Timeline
    standing: Standing
    now: datetime


def _known(patient: Patient, now: datetime) -> _Known:
    """The diary and what stands now: also what a worker has not yet found in it."""
    watch = loading.watch_of(patient)
    if watch is None:
        return _Known(Timeline(), Standing(), now)
    now = max(now, watch.evaluated_at or now)
    diary = loading.diary_of(patient, watch)
    standing = diary.standing
    if _is_owed(watch, now):
        standing = evaluation.outcome_of(diary, watch, now).standing
    return _Known(diary.timeline, standing, now)


def _is_owed(watch: Any, now: datetime) -> bool:
    """Whether the alerts lag behind the diary: something fell due, or an evaluation failed."""
    is_due = watch.due_at is not None and watch.due_at <= now
    return is_due or bool(watch.arrived or watch.corrected)


def _planned(plan: MassagePlan, now: datetime) -> Massage:
    massage = planned_massage(plan.wire(), now=now)
    if not timedelta(0) < massage.ended_at - massage.started_at <= LONGEST_MASSAGE:
        detail = "A massage ends after it starts, and within 8 hours."
        raise Invalid([{"pointer": "", "code": "invalid_duration", "detail": detail}])
    if massage.started_at - now > FARTHEST_PLAN:
        detail = f"A plan lies at most {FARTHEST_PLAN.days} days ahead."
        raise Invalid([{"pointer": "/started_at", "code": "too_far_ahead", "detail": detail}])
    return massage
