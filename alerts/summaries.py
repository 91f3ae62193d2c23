"""What a patient sees of the last days: scores by day, massages, and alerts."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from alerts.core import summary
from alerts.core.days import Days
from alerts.core.records import Entry
from alerts.models import Alert
from diary import records
from diary.models import Entry as EntryRow
from diary.models import Massage, Patient, ProfileChange
from diary.queries import standing_records

# A journey moves the patient's days against UTC by a day at most, either way.
_JOURNEY = timedelta(days=1)


class Summary(NamedTuple):
    """A window of days, and what lies in it; massages and alerts newest first."""

    days: list[summary.Day]
    massages: list[Massage]
    alerts: list[Alert]

    @property
    def completeness(self) -> float:
        return summary.completeness(self.days)


def of(patient: Patient, *, length: int, now: datetime) -> Summary:
    """The last so many local days of the patient, today included; nothing is written."""
    days = _days(patient)
    window = summary.window(days, now=now, length=length)
    return Summary(
        days=summary.series(_entries(patient, window), window.dates, days),
        massages=_massages(patient, window),
        alerts=_alerts(patient, window),
    )


def _days(patient: Patient) -> Days:
    """The patient's calendar, the same as that of the rules."""
    changes = ProfileChange.objects.filter(
        patient=patient, fields__timezone__isnull=False
    ).order_by("at", "pk")
    rows = changes.values_list("at", "fields__timezone")
    return Days([(at, ZoneInfo(zone)) for at, zone in rows if zone is not None])


def _entries(patient: Patient, window: summary.Window) -> list[Entry]:
    """Those that may lie in the window; one whose clock ran ahead counts as of its receipt."""
    begins, ends = window.begins_at - _JOURNEY, window.ends_at + _JOURNEY
    rows = standing_records(EntryRow, patient).filter(
        Q(symptom_at__lt=ends) | Q(received_at__lt=ends), symptom_at__gte=begins
    )
    found = records.seen_by_rules(rows, EntryRow)
    return [Entry.of(data, received_at=received_at) for data, received_at in found]


def _massages(patient: Patient, window: summary.Window) -> list[Massage]:
    rows: Any = standing_records(Massage, patient).filter(
        started_at__gte=window.begins_at, started_at__lt=window.ends_at
    )
    return list(rows.order_by("-started_at", "-record_id"))


def _alerts(patient: Patient, window: summary.Window) -> list[Alert]:
    """Every alert that was open at some moment of the window."""
    still = Q(ended_at=None) | Q(ended_at__gte=window.begins_at)
    found = Alert.objects.filter(still, patient=patient, opened_at__lt=window.ends_at)
    return list(found.order_by(F("opened_at").desc(), "-pk"))
