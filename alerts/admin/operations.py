"""What only those who run the service see: what failed, what is owed, who was told."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from alerts import incidents
from alerts.models import Delivery, Incident, Watch
from diary.admin.pages import OperatorPages, Page
from diary.admin.wording import spaced, utc, worded


class RowPages(OperatorPages):
    """Lists whose pages show the columns as they are."""

    shown: tuple[str, ...]

    def page(self, request: HttpRequest, subject: Any) -> Page:
        facts = [(spaced(name), worded(getattr(subject, name), "UTC")) for name in self.shown]
        return Page(f"{self.opts.verbose_name} {subject.pk}", facts, [])


@admin.register(Incident)
class IncidentPages(RowPages):
    """What failed and needs a human; open ones first."""

    actions = ("resolve_selected",)
    list_disable_select_all = True  # nobody has looked at what is not on the screen
    list_display = ("cause", "kind", "times", "first_at", "resolved")
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter))
    ordering = ("-resolved_at", "-at")  # null, which is open, comes first
    shown = ("kind", "cause", "count", "at", "resolved_at", "patient_id")

    @display(description="Times")
    def times(self, incident: Incident) -> int:
        return incident.count

    @display(description="First at")
    def first_at(self, incident: Incident) -> str:
        return utc(incident.at)

    @admin.action(description="Mark selected incidents as resolved", permissions=["view"])
    def resolve_selected(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        now = timezone.now()
        resolved = [incidents.resolve(incident.pk, at=now) for incident in queryset]
        messages.success(request, f"Resolved: {sum(resolved)}")

    @display(description="Resolved")
    def resolved(self, incident: Incident) -> str:
        return utc(incident.resolved_at)


@admin.register(Watch)
class WatchPages(RowPages):
    """When each diary is evaluated next."""

    list_display = ("patient_id", "due", "evaluated", "nudged")
    ordering = ("due_at", "pk")
    shown = ("patient_id", "due_at", "evaluated_at", "nudged_at", "arrived", "corrected")

    @display(description="Due")
    def due(self, watch: Watch) -> str:
        return utc(watch.due_at)

    @display(description="Evaluated")
    def evaluated(self, watch: Watch) -> str:
        return utc(watch.evaluated_at)

    @display(description="Nudged")
    def nudged(self, watch: Watch) -> str:
        return utc(watch.nudged_at)


@admin.register(Delivery)
class DeliveryPages(RowPages):
    """Messages that are owed or have ended; never an address."""

    list_display = ("channel", "to", "level", "state", "because", "attempts", "due", "ended")
    list_filter = ("state", "channel", "level")
    ordering = ("-due_at", "-pk")
    shown = (
        *("patient_id", "incident_id", "channel", "level", "state", "because", "attempts"),
        *("waits_for", "maybe_duplicate", "created_at", "due_at", "lease_until", "ended_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = super().get_queryset(request).select_related("patient")
        return found

    @display(description="To")
    def to(self, delivery: Delivery) -> str:
        if delivery.recipient_id is None:
            return "on call"
        is_own = delivery.patient and delivery.patient.user_id == delivery.recipient_id
        return "patient" if is_own else "physician"

    @display(description="Due")
    def due(self, delivery: Delivery) -> str:
        return utc(delivery.due_at)

    @display(description="Ended")
    def ended(self, delivery: Delivery) -> str:
        return utc(delivery.ended_at)
