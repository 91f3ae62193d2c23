"""Everything held about a patient: what the tables of the diary and of the alerts give."""

from typing import Any
from urllib.parse import urlsplit

from alerts import advice
from alerts.models import (
    Alert,
    AlertEvent,
    Channel,
    Delivery,
    DeliveryAttempt,
    DeviceKind,
    Incident,
    PushDevice,
    Watch,
)
from diary.belongings import Table
from diary.export import sections as of_diary
from diary.export.section import Row, Section, listed, who
from diary.models import Patient

_TOLD = ("id", "rule", "rule_version", "subject.type", "subject.id", "level", "level_name")
_WHEN = ("status", "opened_at", "raised_at", "cleared_at", "based_on_late_entry")
_WORDS = ("title", "advice", "why", "text_key", "text_version", "locale", "evidence", "parameters")
_SINCE = ("acknowledged_at", "seen_by_clinic_at", "superseded_by", "feedback.helpful")
_REMEMBERED = ("onset_at", "told_at", "clinic_told_at", "missing", "flags", "kept")
_STATE = ("state", "because", "created_at", "due_at", "ended_at", "attempts", "maybe_duplicate")
_ABOUT = ("patient", "incident__patient")


def _alert(alert: Alert, patient: Patient) -> Row:
    kept = {name: getattr(alert, name) for name in _REMEMBERED}
    return {**advice.shown(alert, patient), **kept}


def _to(delivery: Delivery, patient: Patient) -> str:
    """To whom; an address only where it is the patient's own."""
    if delivery.recipient_id == patient.user_id and delivery.channel == Channel.EMAIL:
        return patient.user.email
    return who(delivery.recipient, patient) if delivery.recipient else "whoever is on call"


def _host(device: PushDevice, _: Patient) -> str | None:
    """Whose push service it is; the rest of the address is a secret of browser and server."""
    return urlsplit(device.endpoint).hostname if device.kind == DeviceKind.WEBPUSH else None


def _phone(delivery: Delivery, _: Patient) -> Any:
    return delivery.device.device_id if delivery.device else None


SECTIONS = (
    *of_diary.SECTIONS,
    Section(
        name="alerts",
        table=Alert,
        columns=(*_TOLD, *_WHEN, *_WORDS, *_SINCE, "feedback.did", *_REMEMBERED),
        found=lambda patient: Alert.objects.filter(patient=patient).order_by("opened_at", "pk"),
        shown=_alert,
    ),
    listed(
        *("alert_timeline", AlertEvent, "id", "at", "kind", "rule", "subject", "level"),
        *("text_key", "message", "reason"),
        others=("by",),
        order=("at", "pk"),
        alert=lambda event, _: event.alert_id,
        by=lambda event, patient: who(event.by, patient),
    ),
    listed(
        *("deliveries", Delivery, "id", "channel", "level", *_STATE),
        ways=_ABOUT,
        others=("recipient", "device"),
        order=("created_at", "pk"),
        event=lambda delivery, _: delivery.event_id,
        to=_to,
        device=_phone,
    ),
    listed(
        *("delivery_attempts", DeliveryAttempt, "began_at", "ended_at", "outcome", "because"),
        ways=tuple(f"delivery__{way}" for way in _ABOUT),
        order=("began_at", "pk"),
        delivery=lambda attempt, _: attempt.delivery_id,
    ),
    listed(
        *("devices", PushDevice, "kind", "name", "app_version", "registered_at"),
        *("retired_at", "retired_because"),
        order=("registered_at", "pk"),
        id=lambda device, _: device.device_id,
        endpoint_host=_host,
    ),
    listed(
        *("incidents", Incident, "kind", "cause", "at", "count", "resolved_at"),
        order=("at", "pk"),
    ),
    listed(
        *("evaluation", Watch, "due_at", "evaluated_at", "arrived", "corrected"),
        order=("pk",),
    ),
)
EXEMPT: dict[Table, str] = {**of_diary.EXEMPT}
