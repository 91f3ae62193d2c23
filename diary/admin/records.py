"""Entries and massages with their versions, as the patients sent them."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from diary.admin.pages import Cell, Page, Table
from diary.admin.scoping import ChosenPatient, OwnPatients
from diary.admin.wording import local, said, spaced, utc, worded
from diary.models import Entry, Massage, Patient
from diary.vocabulary import RED_FLAGS

_BOOKKEEPING = frozenset(
    {
        *("id", "patient", "record_id", "version", "received_at", "changed_at"),
        *("changed_by", "deleted_at", "utc_offsets", "position"),
    }
)
_OWN_WORDS = frozenset({"note", "product"})


def questions(kind: type[Entry | Massage]) -> list[str]:
    """The columns that hold what the patient was asked, in the order of the model."""
    return [field.name for field in kind._meta.fields if field.name not in _BOOKKEEPING]


def answer(row: Any, question: str, zone: str) -> Cell:
    """One answer of a row, or of one of its versions."""
    value = getattr(row, question)
    return said(value) if value and question in _OWN_WORDS else worded(value, zone)


def link(row: Entry | Massage, text: str) -> SafeString:
    """A link to the page of a record."""
    address = reverse(f"admin:diary_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a class="link" href="{}">{}</a>', address, text)


def patient_link(patient: Patient) -> SafeString:
    """A link to the page of a patient."""
    address = reverse("admin:diary_patient_change", args=[patient.pk])
    return format_html('<a class="link" href="{}">{}</a>', address, said(patient))


def answered(row: Any, names: Iterable[str], zone: str) -> list[list[Cell]]:
    """Question and answer for what was answered."""
    return [
        [spaced(name), answer(row, name, zone)] for name in names if getattr(row, name) is not None
    ]


class RecordPages(OwnPatients):
    """What entries and massages share."""

    list_filter = (ChosenPatient,)
    list_select_related = ("patient__user", "changed_by")
    search_fields = ("patient__user__name", "patient__user__email")
    moment: str  # the column with the time it is about

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @display(description="When")
    def when(self, row: Any) -> str:
        return local(getattr(row, self.moment), row.patient.timezone)

    @display(description="Patient")
    def whose(self, row: Any) -> SafeString:
        return said(row.patient)

    @display(description="State")
    def state(self, row: Any) -> str:
        parts = [f"version {row.version}"]
        if row.deleted_at:
            parts.append("withdrawn")
        if row.clock_suspect:
            parts.append("phone clock ahead")
        return ", ".join(parts)

    @display(description="Received")
    def received(self, row: Any) -> str:
        return utc(row.received_at)

    def page(self, request: HttpRequest, subject: Any) -> Page:
        zone = subject.patient.timezone
        asked = [name for name in questions(self.model) if name != self.moment]
        unanswered = [spaced(name) for name in asked if getattr(subject, name) is None]
        facts = [
            ("Patient", patient_link(subject.patient)),
            ("When", self.when(subject)),
            ("Received", utc(subject.received_at)),
            ("State", self.state(subject)),
        ]
        answers = Table("Answers", ["Question", "Answer"], answered(subject, asked, zone))
        silent = Table("Not answered", ["Questions"], [[", ".join(unanswered) or "none"]])
        title = f"{self.opts.verbose_name.capitalize()} of {subject.patient}"
        return Page(title, facts, [answers, silent])

    def story(self, request: HttpRequest, subject: Any) -> Page:
        """Every version: who wrote it, when, and what was different."""
        versions = list(subject.events.select_related("changed_by").order_by("version", "pgh_id"))
        rows = [self._version(subject, None, versions[0])] if versions else []
        rows += [self._version(subject, old, new) for old, new in pairwise(versions)]
        table = Table("Versions, newest first", ["Version", "When", "By", "What"], rows[::-1])
        facts = [("Patient", patient_link(subject.patient)), ("When", self.when(subject))]
        return Page(f"Versions of {self.opts.verbose_name}", facts, [table])

    def _version(self, subject: Any, old: Any, new: Any) -> list[Cell]:
        by = "patient" if new.changed_by_id == subject.patient.user_id else said(new.changed_by)
        return [new.version, utc(new.changed_at), by, self._difference(subject, old, new)]

    def _difference(self, subject: Any, old: Any, new: Any) -> Cell:
        zone = subject.patient.timezone
        if new.deleted_at:
            return "withdrawn"
        if old is None:
            return "first sent"
        changed = [
            format_html(
                "{}: {} → {}", spaced(name), answer(old, name, zone), answer(new, name, zone)
            )
            for name in questions(self.model)
            if getattr(old, name) != getattr(new, name)
        ]
        return _lines(["restored", *changed] if old.deleted_at else changed)


def _lines(lines: list[Any]) -> SafeString:
    text = format_html("{}", lines[0] if lines else "no answer changed")
    for line in lines[1:]:
        text = format_html("{}<br>{}", text, line)
    return text


@admin.register(Entry)
class EntryPages(RecordPages):
    """Diary entries."""

    moment = "symptom_at"
    ordering = ("-symptom_at", "-pk")
    list_display = ("when", "whose", "scores", "red_flags", "state", "received")

    @display(description="Pain / numbness / weakness")
    def scores(self, row: Entry) -> str:
        scores = (row.pain, row.numbness, row.weakness)
        return " / ".join("-" if score is None else str(score) for score in scores)

    @display(description="Red flags")
    def red_flags(self, row: Entry) -> str:
        answers = [(flag, getattr(row, f"red_flags_{flag}")) for flag in RED_FLAGS]
        new = [spaced(flag) for flag, word in answers if word == "new_or_worse"]
        if new:
            return f"new or worse: {', '.join(new)}"
        return "asked, none new" if any(word for _, word in answers) else "not answered"


@admin.register(Massage)
class MassagePages(RecordPages):
    """Massages."""

    moment = "started_at"
    ordering = ("-started_at", "-pk")
    list_display = ("when", "whose", "minutes", "given_by", "where", "state", "received")

    @display(description="Minutes")
    def minutes(self, row: Massage) -> int:
        return round((row.ended_at - row.started_at).total_seconds() / 60)

    @display(description="Setting")
    def given_by(self, row: Massage) -> str:
        return spaced(row.provider or row.setting)

    @display(description="Sites")
    def where(self, row: Massage) -> str:
        return worded(row.sites, "UTC")
