"""What a patient reads: alerts and guidance as the API gives them, in the patient's language."""

from datetime import datetime
from typing import Any

from django.conf import settings

from alerts.core import texts
from alerts.core.clearance import Reason
from alerts.models import Alert, AlertEvent, EventKind, Level
from diary.models import Patient

_RED_FLAGS = ("R01", "R02")  # judged whatever their date: "if this is still so"
_IN_TIMELINE = [
    EventKind.OPENED,
    EventKind.RAISED,
    EventKind.DELIVERED,
    EventKind.DISPLAYED,
    EventKind.OPENED_BY_PATIENT,
    EventKind.ACKNOWLEDGED,
    EventKind.SEEN_BY_CLINIC,
    EventKind.ESCALATED,
    EventKind.CLEARED,
    EventKind.SUPERSEDED,
]


def level_name(level: int) -> str:
    """The wire name of a level."""
    return Level(level).name.lower()


def guidance(open_alerts: list[Alert], patient: Patient) -> dict[str, Any] | None:
    """What to do now: the text of the highest open alert; None when no alert is open."""
    if not open_alerts:
        return None
    highest = max(open_alerts, key=lambda alert: (alert.level, alert.opened_at))
    return {
        "level": highest.level,
        "level_name": level_name(highest.level),
        "headline": texts.headline(highest.level, patient.locale),
        "text": _advice(highest, patient),
        "emergency_number": settings.EMERGENCY_NUMBER,
        "monitored": False,
    }


def shown(alert: Alert, patient: Patient) -> dict[str, Any]:
    """An alert as the API shows it to its patient, without its timeline."""
    said = _text(alert.text_key, alert.level, patient)
    return {
        "id": str(alert.pk),
        "rule": alert.rule,
        "rule_version": alert.rule_version,
        "subject": alert.subject and {"type": "massage", "id": str(alert.subject)},
        "level": alert.level,
        "level_name": level_name(alert.level),
        "status": alert.status,
        "opened_at": alert.opened_at,
        "raised_at": alert.raised_at,
        "cleared_at": alert.ended_at,
        "based_on_late_entry": alert.based_on_late_entry,
        "title": said.title,
        "advice": _advice(alert, patient),
        "why": texts.why(said, alert.parameters),
        "text_key": alert.text_key,
        "text_version": alert.text_version,
        "locale": texts.language(patient.locale),
        "evidence": alert.evidence,
        "parameters": alert.parameters,
        "acknowledged_at": alert.acknowledged_at,
        "seen_by_clinic_at": alert.seen_by_clinic_at,
        "superseded_by": alert.superseded_by_id and str(alert.superseded_by_id),
        "feedback": {"helpful": alert.helpful, "did": alert.did or None},
    }


def changed_at(alert: Alert) -> datetime:
    """When something last happened to an alert itself."""
    acts = (alert.raised_at, alert.acknowledged_at, alert.seen_by_clinic_at, alert.ended_at)
    return max(alert.opened_at, alert.told_at, *filter(None, acts))


def with_timeline(alert: Alert, patient: Patient) -> dict[str, Any]:
    """An alert with what happened to it; `alert.events` may be prefetched."""
    events = [event for event in alert.events.all() if event.kind in _IN_TIMELINE]
    happened = [_happened(event) for event in sorted(events, key=lambda event: event.at)]
    return {**shown(alert, patient), "timeline": happened}


def reason(found: Reason, patient: Patient) -> dict[str, str]:
    """A reason of an answer before a massage: what to do, and why."""
    said = _text(found.text_key, found.level, patient)
    to_do = texts.to_do(said, locale=patient.locale, emergency_number=settings.EMERGENCY_NUMBER)
    parts = (to_do, texts.why(said, found.parameters))
    return {"rule": found.rule, "text": "\n\n".join(filter(None, parts))}


def safety_net(patient: Patient) -> str:
    """When to go to emergency care whatever else is said."""
    return texts.safety_net(locale=patient.locale, region=patient.region)


def _happened(event: AlertEvent) -> dict[str, str | datetime]:
    return {"at": event.at, "event": event.kind}


def _text(key: str, level: int, patient: Patient) -> texts.Text:
    """The text for a key; for one of a newer release, at least what to do."""
    try:
        return texts.text(key, patient.locale)
    except KeyError:
        to_do = texts.headline(level, patient.locale)
        return texts.Text(
            key=key,
            version=0,
            level=level,
            title=to_do,
            advice=f"{to_do}.",
            why="",
        )


def _advice(alert: Alert, patient: Patient) -> str:
    return texts.advice(
        _text(alert.text_key, alert.level, patient),
        locale=patient.locale,
        region=patient.region,
        emergency_number=settings.EMERGENCY_NUMBER,
        late=alert.based_on_late_entry and alert.rule in _RED_FLAGS,
    )
