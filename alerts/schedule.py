"""When a message that is not urgent may ring: quiet hours, and a budget for each endpoint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from alerts.core import days
from alerts.core.profile import clock_times
from alerts.models import Delivery, DeliveryState, EventKind, Level
from diary.models import Patient

_MORNING = time(8)  # of a patient whose quiet hours do not end in one
_SOFT = Level.ADJUST  # up to here messages share one budget
_WEEK = timedelta(days=7)
_SOFT_A_WEEK = 3


@dataclass
class Told:
    """One message that an endpoint was given, or is being given."""

    on: date
    level: int = 0
    holding: set[str] = field(default_factory=set)  # the rules of level 2 it spoke for


def first_due(patient: Patient, *, level: int, at: datetime) -> datetime:
    """When a message that is owed since `at` may first go out."""
    return at if level >= Level.DOCTOR else _after_quiet_hours(patient, at)


def waits(rows: Sequence[Delivery], *, at: datetime) -> dict[UUID, datetime]:
    """Which rows of one message must wait, and until when; the others go out now.

    One that never waits takes the others along: they ring no more often for that.
    """
    patient = rows[0].patient
    if patient is None or any(_never_waits(row) for row in rows):
        return {}
    ends = _after_quiet_hours(patient, at)
    if ends > at:
        return {row.pk: ends for row in rows}
    is_told_again = rows[0].message is not None
    return {} if is_told_again else _over_budget(rows, patient, at)


def room_on(today: date, told: Iterable[Told], *, level: int, rule: str) -> date:
    """The first day, from today on, that has room for one more message; the budget is pure.

    Level 2: one a day for each rule. Below: one a day, and three in any 7 days.
    """
    if level > _SOFT:
        is_taken = any(each.on == today and rule in each.holding for each in told)
        return today + timedelta(days=is_taken)
    soft = [each.on for each in told if each.level <= _SOFT]
    day = today
    while day in soft or sum(day - _WEEK < on <= day for on in soft) >= _SOFT_A_WEEK:
        day += timedelta(days=1)
    return day


def _never_waits(row: Delivery) -> bool:
    """What is urgent, what is about the account, and what goes to the staff."""
    is_own = row.patient is not None and row.recipient_id == row.patient.user_id
    is_notice = row.event is None or row.event.kind == EventKind.NOTICE
    return row.level >= Level.DOCTOR or is_notice or not is_own


def _over_budget(rows: Sequence[Delivery], patient: Patient, at: datetime) -> dict[UUID, datetime]:
    today = _date_in(patient, at)
    told = _told(rows[0], patient, at)
    days_of = {row.pk: _room(row, today, told) for row in rows}
    # A message of level 2 that goes out today takes what is below it along.
    if any(row.level > _SOFT and days_of[row.pk] == today for row in rows):
        days_of |= {row.pk: today for row in rows if row.level <= _SOFT}
    return {row: _morning(patient, day) for row, day in days_of.items() if day > today}


def _room(row: Delivery, today: date, told: Iterable[Told]) -> date:
    rule = row.event.rule if row.event else ""
    return room_on(today, told, level=row.level, rule=rule)


def _told(row: Delivery, patient: Patient, at: datetime) -> list[Told]:
    """The messages of the last days through this endpoint, about the diary."""
    recent = Q(state=DeliveryState.OWED) | Q(state=DeliveryState.ACCEPTED, ended_at__gt=at - _WEEK)
    found = Delivery.objects.filter(
        recent, patient=patient, recipient=row.recipient, channel=row.channel, device=row.device
    ).exclude(Q(message=None) | Q(event__kind=EventKind.NOTICE))
    messages: dict[UUID | None, Told] = {}
    for message, level, rule, ended_at in found.values_list(
        "message", "level", "event__rule", "ended_at"
    ):
        told = messages.setdefault(message, Told(_date_in(patient, ended_at or at)))
        told.level = max(told.level, level)
        told.holding |= {rule} if level == Level.HOLD else set()
    return list(messages.values())


def _date_in(patient: Patient, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(patient.timezone)).date()


def _morning(patient: Patient, day: date) -> datetime:
    start, end = clock_times(patient.quiet_hours)
    wakes_at = end if start > end else _MORNING
    morning = days.first_instant(ZoneInfo(patient.timezone), day, wakes_at)
    return _after_quiet_hours(patient, morning)


def _after_quiet_hours(patient: Patient, moment: datetime) -> datetime:
    """In the zone the patient is in now."""
    start, end = clock_times(patient.quiet_hours)
    zone = ZoneInfo(patient.timezone)
    return days.after_quiet_hours(moment, zone=zone, start=start, end=end)
