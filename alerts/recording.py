"""From what the engine found to rows: alerts, their events, and the messages that are owed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from alerts import incidents, messages
from alerts.core.standing import Failure, Identity, OpenAlert, Outcome, Transition
from alerts.core.texts import text
from alerts.models import Alert, AlertEvent, AlertStatus, EventKind, IncidentKind
from diary.models import Patient

log = structlog.get_logger("alerts.recording")
_ENDS = {"cleared": AlertStatus.CLEARED, "superseded": AlertStatus.SUPERSEDED}
_CHANGING = [
    "level",
    "text_key",
    "text_version",
    "evidence",
    "parameters",
    "missing",
    "raised_at",
    "onset_at",
    "told_at",
    "clinic_told_at",
    "flags",
    "kept",
    "status",
    "acknowledged_at",
    "seen_by_clinic_at",
    "ended_at",
    "superseded_by",
]


class Recorded(NamedTuple):
    """The alerts that were opened or raised, and the deliveries that are owed for them."""

    alerts: list[Alert]
    deliveries: list[UUID]


def record(
    patient: Patient, outcome: Outcome, *, open_alerts: Iterable[Alert], at: datetime
) -> Recorded:
    """Write an outcome for a patient whose row the caller has locked."""
    pages = _Pages(patient, open_alerts)
    for transition in outcome.transitions:
        pages.turn(transition)
    for remembered in outcome.standing.alerts:
        pages.remember(remembered)
    for failure in outcome.failures:
        _report(patient, failure, at)
    # What ends comes first: the database lets one alert be open for a cause.
    Alert.objects.bulk_update(pages.changed.values(), _CHANGING)
    Alert.objects.bulk_create(pages.opened)
    AlertEvent.objects.bulk_create(pages.events)
    return Recorded(pages.loud, messages.owe(patient, pages.events, at=at))


class _Pages:
    """The rows as they will be, before anything is written."""

    def __init__(self, patient: Patient, open_alerts: Iterable[Alert]) -> None:
        self.patient = patient
        self.standing = {_identity(alert): alert for alert in open_alerts if not alert.ended_at}
        self.superseded: dict[Identity, Alert] = {}
        self.changed: dict[UUID, Alert] = {}
        self.opened: list[Alert] = []
        self.loud: list[Alert] = []
        self.events: list[AlertEvent] = []

    def turn(self, found: Transition) -> None:
        """Take one transition in."""
        identity = Identity(found.chased or found.rule, found.subject)
        alert = self.standing.get(identity)
        if found.event == "opened":
            alert = self._open(identity, found)
        elif found.event == "raised":
            self._raise(self.standing[identity], found)
        elif found.event in _ENDS:
            self._end(identity, self.standing[identity], found)
        self.events.append(_event(self.patient, alert, found))

    def remember(self, known: OpenAlert) -> None:
        """Keep what the engine must find again at its next step."""
        alert = self.standing[Identity(known.rule, known.subject)]
        memory = {
            "onset_at": known.onset,
            "told_at": known.told_at,
            "clinic_told_at": known.clinic_told_at,
            "acknowledged_at": known.read_at,
            "seen_by_clinic_at": known.seen_at,
            "status": AlertStatus.ACKNOWLEDGED if known.read_at else AlertStatus.OPEN,
            "flags": dict(known.flags),
            "kept": known.kept,
        }
        if all(getattr(alert, name) == value for name, value in memory.items()):
            return
        for name, value in memory.items():
            setattr(alert, name, value)
        if alert not in self.opened:
            self.changed[alert.pk] = alert

    def _open(self, identity: Identity, found: Transition) -> Alert:
        alert = Alert(
            patient=self.patient,
            rule=found.rule,
            rule_version=found.rules_version,
            subject=found.subject and UUID(found.subject),
            onset_at=found.onset,
            opened_at=found.at,
            told_at=found.at,
            clinic_told_at=found.at,
            based_on_late_entry=found.based_on_late_entry,
        )
        _take(alert, found)
        self.opened.append(alert)
        self.loud.append(alert)
        self.standing[identity] = alert
        if identity in self.superseded:
            self.superseded[identity].superseded_by = alert
        return alert

    def _raise(self, alert: Alert, found: Transition) -> None:
        alert.raised_at = alert.told_at = alert.clinic_told_at = found.at
        # Who has read the lower level has not read this one.
        alert.status, alert.acknowledged_at, alert.seen_by_clinic_at = AlertStatus.OPEN, None, None
        _take(alert, found)
        self.changed[alert.pk] = alert
        self.loud.append(alert)

    def _end(self, identity: Identity, alert: Alert, found: Transition) -> None:
        alert.status = _ENDS[found.event]
        alert.ended_at = found.at
        self.changed[alert.pk] = alert
        del self.standing[identity]
        if found.event == "superseded":
            self.superseded[identity] = alert


def _identity(alert: Alert) -> Identity:
    return Identity(alert.rule, str(alert.subject) if alert.subject else None)


def _take(alert: Alert, found: Transition) -> None:
    alert.level = found.level
    alert.text_key = found.text_key
    alert.text_version = text(found.text_key, alert.patient.locale).version
    alert.evidence = [{**asdict(item), "at": item.at.isoformat()} for item in found.evidence]
    alert.parameters = _json(found.parameters)
    alert.missing = list(found.missing)


def _event(patient: Patient, alert: Alert | None, found: Transition) -> AlertEvent:
    return AlertEvent(
        patient=patient,
        alert=alert,
        kind=EventKind(found.event),
        at=found.at,
        rule=found.rule,
        subject=found.subject and UUID(found.subject),
        level=found.level,
        text_key=found.text_key,
        message=found.told.event if found.told else "",
    )


def _json(value: Any) -> Any:
    """Parameters as JSON holds them: times and dates as text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple() | set() | frozenset():
            return [_json(member) for member in value]
        case _ if hasattr(value, "items"):
            return {str(name): _json(member) for name, member in value.items()}
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
    return str(value)


def _report(patient: Patient, failure: Failure, at: datetime) -> None:
    log.error("rule failed", rule=failure.rule, exc_info=failure.error)
    cause = f"{failure.rule} {type(failure.error).__name__}"
    incidents.report(patient=patient, kind=IncidentKind.RULE_FAILED, cause=cause, at=at)
