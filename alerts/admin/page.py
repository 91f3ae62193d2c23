"""The page of one alert: what it says, what it rests on, and what became of it."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alerts import feedback
from alerts.admin import wording
from alerts.models import Alert, AlertEvent, AlertStatus, Delivery, EventKind
from diary.admin.pages import Cell, Page, Table
from diary.admin.records import link, patient_link
from diary.admin.wording import local, said, spaced, utc, worded
from diary.models import Entry, Massage, Patient

_KINDS: dict[str, type[Entry | Massage]] = {"entry": Entry, "massage": Massage}
_HAPPENED = {
    EventKind.ACKNOWLEDGED: "read by the patient",
    EventKind.SEEN_BY_CLINIC: "acknowledged by the clinic",
    EventKind.FEEDBACK: "said by the patient of the advice",
    EventKind.CLOSED: "closed by a physician",
    EventKind.DELIVERED: "accepted for delivery",
    EventKind.DISPLAYED: "shown by the app",
    EventKind.OPENED_BY_PATIENT: "opened by the patient",
    EventKind.REMINDER: "told again",
    EventKind.ESCALATED: "passed on, because nobody answered",
}


def page_of(alert: Alert, *, may_act: bool) -> Page:
    """The page; `may_act` shows what can be done with an alert that has not ended."""
    extra = {
        "advice": wording.advice(alert),
        "why": wording.why(alert),
        "level": wording.level_label(alert.level),
        "may_see": may_act and not alert.ended_at and not alert.seen_by_clinic_at,
        "may_close": may_act and not alert.ended_at,
    }
    tables = [_evidence(alert), _parameters(alert), _timeline(alert), _deliveries(alert)]
    return Page(f"{wording.title(alert)}: {alert.patient}", _facts(alert), tables, extra)


def _facts(alert: Alert) -> list[tuple[str, Cell]]:
    zone = alert.patient.timezone
    facts: list[tuple[str, Cell]] = [
        ("Patient", patient_link(alert.patient)),
        ("Status", AlertStatus(alert.status).label),
        ("Rule and version", f"{alert.rule}, {alert.rule_version}"),
        ("About", _about(alert)),
        ("First sign", local(alert.onset_at, zone)),
        ("Opened", utc(alert.opened_at)),
        ("Raised", utc(alert.raised_at)),
        ("Read by patient", utc(alert.acknowledged_at)),
        ("Patient says of the advice", feedback.worded(alert) or "nothing"),
        ("Seen by clinic", utc(alert.seen_by_clinic_at)),
        ("Ended", utc(alert.ended_at)),
        ("What was missing", "; ".join(map(spaced, alert.missing)) or "nothing"),
        ("Rests on a late entry", "yes" if alert.based_on_late_entry else "no"),
    ]
    if alert.superseded_by_id:
        address = reverse("admin:alerts_alert_change", args=[alert.superseded_by_id])
        newer = format_html('<a class="link" href="{}">the alert that replaced it</a>', address)
        facts.append(("Superseded by", newer))
    return facts


def _about(alert: Alert) -> Cell:
    if alert.subject is None:
        return "the diary as a whole"
    return record_links(alert.patient, [("massage", alert.subject)]).get(alert.subject, "a massage")


def record_links(patient: Patient, named: list[tuple[str, UUID]]) -> dict[UUID, SafeString]:
    """Links to records of a patient by the app's ids, at most one query a kind."""
    found: dict[UUID, SafeString] = {}
    for name, kind in _KINDS.items():
        ids = {identifier for kind_name, identifier in named if kind_name == name}
        if ids:
            rows = kind.objects.filter(patient=patient, record_id__in=ids)
            found |= {row.record_id: link(row, name) for row in rows}
    return found


def _evidence(alert: Alert) -> Table:
    zone = alert.patient.timezone
    named = [(item["type"], UUID(item["id"])) for item in alert.evidence]
    links = record_links(alert.patient, named)
    rows = [
        [
            links.get(UUID(item["id"]), item["type"]),
            worded(item["at"], zone),
            spaced(item["field"]).replace(".", ": "),
            worded(item["value"], zone),
        ]
        for item in alert.evidence
    ]
    return Table("Evidence", ["Record", "When", "Question", "Answer"], rows)


def _parameters(alert: Alert) -> Table:
    zone = alert.patient.timezone
    rows = [[spaced(name), worded(value, zone)] for name, value in alert.parameters.items()]
    return Table("Parameters", ["Name", "Value"], rows)


def _timeline(alert: Alert) -> Table:
    events = alert.events.select_related("by").order_by("at", "pk")
    rows = [[utc(event.at), *_happened(event, alert.patient)] for event in events]
    return Table("What happened", ["When", "What", "Level", "By", "Reason"], rows)


def _happened(event: AlertEvent, patient: Patient) -> list[Any]:
    what = _HAPPENED.get(EventKind(event.kind), spaced(event.kind))
    by = "patient" if event.by_id == patient.user_id else event.by and said(event.by)
    reason = said(event.reason) if event.reason else ""
    return [what, wording.level_word(event.level), by or "", reason]


def _deliveries(alert: Alert) -> Table:
    deliveries = (
        Delivery.objects.filter(event__alert=alert)
        .select_related("event", "recipient")
        .order_by("created_at", "pk")
    )
    rows = [_delivery(delivery, alert.patient) for delivery in deliveries]
    headers = ["For", "To", "Channel", "State", "Because", "Owed since", "Ended", "Tries"]
    return Table("Who was told", headers, rows)


def _delivery(delivery: Delivery, patient: Patient) -> list[Any]:
    return [
        spaced(delivery.event.kind) if delivery.event else "",
        _recipient(delivery, patient),
        delivery.get_channel_display(),
        delivery.get_state_display(),
        spaced(delivery.because) or "-",
        utc(delivery.created_at),
        utc(delivery.ended_at),
        delivery.attempts,
    ]


def _recipient(delivery: Delivery, patient: Patient) -> Cell:
    """Never an address: a name at most."""
    if delivery.recipient is None:
        return "whoever is on call"
    if delivery.recipient_id == patient.user_id:
        return "patient"
    return said(delivery.recipient.name) if delivery.recipient.name else "physician"
