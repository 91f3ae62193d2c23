"""To look at: what was passed on to the clinic and has had no answer there."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from alerts import escalations
from alerts.admin import wording
from alerts.admin.page import record_links
from alerts.models import AlertEvent, EventKind
from diary.admin.pages import Page
from diary.admin.records import patient_link
from diary.admin.scoping import (
    ChosenPatient,
    OwnPatients,
    cares_for,
    physician_of,
    visible_patients,
)
from diary.admin.wording import lasting, utc
from diary.models import User


def to_look_at(user: User) -> QuerySet[AlertEvent]:
    """The escalations that wait for an account."""
    found = escalations.unanswered()
    return found if user.is_superuser else found.filter(patient__in=visible_patients(user))


@admin.register(AlertEvent)
class EscalationPages(OwnPatients):
    """What waits to be looked at; an answered escalation stays in its alert's story."""

    list_display = ("level_word", "whose", "about", "passed_on", "waiting", "acts")
    list_display_links = None
    list_filter = (ChosenPatient,)
    list_before_template = "admin/alerts/to_look_at.html"
    list_fullwidth = True
    ordering = ("-level", "at", "pk")
    search_fields = ("patient__user__name", "patient__user__email", "rule")
    page_template = "admin/alerts/escalation.html"
    read_as = "escalation"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("alerts.view_alert")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertEvent]:
        waiting = escalations.unanswered().values("pk")
        return super().get_queryset(request).filter(pk__in=waiting).select_related("patient__user")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        titled = {"title": "To look at", **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, titled)
        return response

    @display(description="Level")
    def level_word(self, event: AlertEvent) -> SafeString:
        return wording.level_label(event.level)

    @display(description="Patient")
    def whose(self, event: AlertEvent) -> SafeString:
        return patient_link(event.patient)

    @display(description="What")
    def about(self, event: AlertEvent) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="why">{}</span>',
            reverse("admin:alerts_alertevent_change", args=[event.pk]),
            wording.title(event),
            wording.why(event),
        )

    @display(description="Passed on")
    def passed_on(self, event: AlertEvent) -> str:
        return utc(event.at)

    @display(description="Waiting")
    def waiting(self, event: AlertEvent) -> str:
        return lasting(timezone.now() - event.at)

    @display(description="Act")
    def acts(self, event: AlertEvent) -> SafeString:
        return format_html(
            '<button class="act" type="submit" formmethod="post" formaction="{}">'
            "Mark as seen</button>",
            reverse("admin:alerts_alertevent_see", args=[event.pk]),
        )

    def page(self, request: HttpRequest, subject: AlertEvent) -> Page:
        found = wording.text_of(subject)
        about = record_links(
            subject.patient, [("massage", subject.subject)] if subject.subject else []
        )
        facts: list[tuple[str, Any]] = [
            ("Patient", patient_link(subject.patient)),
            ("Rule", subject.rule),
            ("Passed on", utc(subject.at)),
            ("Waiting", self.waiting(subject)),
            ("About", about.get(subject.subject, "-") if subject.subject else "-"),
        ]
        extra = {
            "level": wording.level_label(subject.level),
            "why": wording.why(subject),
            "advice": found.advice if found else "",
            "may_see": cares_for(request.user, subject.patient_id),
        }
        return Page(wording.title(subject), facts, [], extra)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.see_view)
        return [
            path("<uuid:event_id>/see/", view, name="alerts_alertevent_see"),
            *super().get_urls(),
        ]

    def see_view(self, request: HttpRequest, event_id: UUID) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        # One that is answered already is found too: a second click changes nothing.
        passed_on = super().get_queryset(request).filter(kind=EventKind.ESCALATED)
        event = get_object_or_404(passed_on, pk=event_id)
        physician = physician_of(request, event.patient_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        escalations.answer(event, by=physician)
        messages.success(request, "Marked as seen.")
        return redirect("admin:alerts_alertevent_changelist")
