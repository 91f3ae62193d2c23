"""What phones sent and nobody could read, as it came."""

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.decorators import display

from diary.admin.pages import Page, Table
from diary.admin.records import patient_link
from diary.admin.scoping import ChosenPatient, OwnPatients
from diary.admin.wording import said, utc
from diary.models import RejectedItem

_SHOWN = 20_000  # characters; an item may have 8 million


@admin.register(RejectedItem)
class RejectedItemPages(OwnPatients):
    """Items of a sync that could not become records; a red flag in them has raised its alert."""

    read_as = "rejected_item"
    ordering = ("-received_at", "-pk")
    list_display = ("received", "whose", "why")
    list_filter = (ChosenPatient,)
    search_fields = ("patient__user__name", "patient__user__email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RejectedItem]:
        return super().get_queryset(request).select_related("patient__user")

    @display(description="Received")
    def received(self, row: RejectedItem) -> str:
        return utc(row.received_at)

    @display(description="Patient")
    def whose(self, row: RejectedItem) -> SafeString:
        return said(row.patient)

    @display(description="Why")
    def why(self, row: RejectedItem) -> SafeString:
        return said(", ".join(f"{e['pointer'] or '/'} {e['code']}" for e in row.errors[:5]))

    def page(self, request: HttpRequest, subject: RejectedItem) -> Page:
        facts = [("Patient", patient_link(subject.patient)), ("Received", utc(subject.received_at))]
        errors = [
            [said(error["pointer"] or "/"), said(error["detail"])] for error in subject.errors
        ]
        text = json.dumps(json.loads(subject.item), ensure_ascii=False, indent=1)
        lines = [[said(line)] for line in text[:_SHOWN].splitlines()]
        tables = [
            Table("Why it could not be read", ["Where", "What"], errors),
            Table("As it came", ["Item"], lines),
        ]
        return Page(f"Unreadable item of {subject.patient}", facts, tables)
