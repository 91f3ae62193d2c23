"""The patients: who they are, what is open, and the way to what they wrote."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from alerts.admin import wording
from alerts.models import Alert
from diary.admin.pages import Cell, Page, Table
from diary.admin.records import answered, link
from diary.admin.scoping import OwnPatients
from diary.admin.wording import local, said, spaced, utc, worded
from diary.models import Entry, Massage, Patient

_LATEST = 10
_PROFILE = (
    *("phase", "severity", "region", "doctor_approval", "contraindications", "longstanding_flags"),
    *("plan_override", "onset_on", "trauma_on", "locale", "notifications"),
)


@admin.register(Patient)
class PatientPages(OwnPatients):
    """The physician's patients."""

    patient_path = "pk"
    list_display = ("name", "email", "phase", "open_alerts", "last_entry", "ways")
    list_filter = ("phase",)
    ordering = ("user__name", "user__email")
    search_fields = ("user__name", "user__email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        levels = Alert.objects.filter(patient=OuterRef("pk"), ended_at=None).order_by("-level")
        entries = Entry.objects.filter(patient=OuterRef("pk"), deleted_at=None)
        latest = entries.order_by("-symptom_at").values("symptom_at")[:1]
        patients: QuerySet[Patient] = super().get_queryset(request).select_related("user")
        open_levels = ArraySubquery(levels.values("level"))
        return patients.annotate(open_levels=open_levels, last_at=Subquery(latest))

    @display(description="Name")
    def name(self, patient: Patient) -> SafeString:
        return said(patient.user.name or patient.user.email)

    @display(description="Email")
    def email(self, patient: Patient) -> SafeString:
        return said(patient.user.email)

    @display(description="Open alerts")
    def open_alerts(self, patient: Any) -> SafeString | str:
        counts = Counter(patient.open_levels)
        labels = [(wording.level_label(level, count=n),) for level, n in counts.items()]
        return format_html_join(" ", "{}", labels) if labels else "none"

    @display(description="Last entry")
    def last_entry(self, patient: Any) -> str:
        return local(patient.last_at, patient.timezone)

    @display(description="Diary")
    def ways(self, patient: Patient) -> SafeString:
        return format_html_join(
            " · ",
            '<a class="link" href="{}">{}</a>',
            [
                (_all(patient, "diary_entry"), "Entries"),
                (_all(patient, "diary_massage"), "Massages"),
                (_all(patient, "alerts_alert") + "&state=all", "Alerts"),
            ],
        )

    def page(self, request: HttpRequest, subject: Any) -> Page:
        facts: list[tuple[str, Cell]] = [
            ("Email", said(subject.user.email)),
            ("Open alerts", self.open_alerts(subject)),
            ("Last entry", self.last_entry(subject)),
        ]
        facts += [
            (spaced(name).capitalize(), _profile(getattr(subject, name), subject.timezone))
            for name in _PROFILE
        ]
        facts.append(("Allergies", said(", ".join(subject.allergies) or "none")))
        facts.append(("Timezone", subject.timezone))
        tables = [_open_alerts(subject), _entries(subject), _massages(subject), _care(subject)]
        return Page(said(subject), facts, tables)

    def story(self, request: HttpRequest, subject: Patient) -> Page:
        """The dated changes of the profile."""
        changes = subject.profile_changes.select_related("by").order_by("-at", "-pk")
        rows = [
            [
                utc(change.at),
                said(change.by) if change.by else "operator",
                said(_profile_text(change.fields, subject.timezone)),
                said(change.reason) if change.reason else "",
            ]
            for change in changes
        ]
        return Page(
            "Changes of the profile", [], [Table("", ["When", "By", "What", "Reason"], rows)]
        )


def _profile(value: Any, zone: str) -> str:
    return "not set" if value is None else worded(value, zone)


def _profile_text(fields: dict[str, Any], zone: str) -> str:
    return "\n".join(f"{spaced(name)}: {worded(value, zone)}" for name, value in fields.items())


def _all(patient: Patient, model: str) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?patient={patient.pk}"


def _open_alerts(patient: Patient) -> Table:
    found = patient.alerts.filter(ended_at=None).order_by("-level", "opened_at", "pk")
    rows = [
        [
            wording.level_label(alert.level),
            format_html(
                '<a class="link" href="{}">{}</a>',
                reverse("admin:alerts_alert_change", args=[alert.pk]),
                wording.title(alert),
            ),
            wording.why(alert),
            utc(alert.opened_at),
            utc(alert.seen_by_clinic_at),
        ]
        for alert in found
    ]
    headers = ["Level", "Alert", "Why", "Opened", "Seen by clinic"]
    return Table("Open alerts", headers, rows, _all(patient, "alerts_alert") + "&state=all")


def _latest(kind: type[Entry | Massage], patient: Patient, moment: str) -> list[list[Cell]]:
    questions = (
        "pain",
        "numbness",
        "weakness",
        "limb_pain",
        "setting",
        "sites",
        "techniques",
        "note",
    )
    rows = kind.objects.filter(patient=patient, deleted_at=None).order_by(f"-{moment}")[:_LATEST]
    return [
        [
            link(row, local(getattr(row, moment), patient.timezone)),
            *_shortly(row, [name for name in questions if hasattr(row, name)], patient.timezone),
        ]
        for row in rows
    ]


def _shortly(row: Any, names: list[str], zone: str) -> list[Cell]:
    found = dict(answered(row, names, zone))
    return [found.get(spaced(name), "-") for name in names]


def _entries(patient: Patient) -> Table:
    headers = ["When", "Pain", "Numbness", "Weakness", "Limb pain", "Note"]
    rows = _latest(Entry, patient, "symptom_at")
    return Table("Latest entries", headers, rows, _all(patient, "diary_entry"))


def _massages(patient: Patient) -> Table:
    headers = ["When", "Setting", "Sites", "Techniques", "Note"]
    rows = _latest(Massage, patient, "started_at")
    return Table("Latest massages", headers, rows, _all(patient, "diary_massage"))


def _care(patient: Patient) -> Table:
    current = patient.care.filter(ended_at=None).select_related("physician").order_by("-role")
    rows = [[said(care.physician), care.role, utc(care.began_at)] for care in current]
    return Table("Physicians", ["Name", "Role", "Since"], rows)
