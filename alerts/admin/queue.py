"""The queue: open alerts of the own patients, the highest level and the longest wait first."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from alerts import acts
from alerts.admin import wording
from alerts.admin.acting import acknowledge, ask_and_close
from alerts.admin.page import page_of
from alerts.models import Alert
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


def open_alerts(user: User) -> QuerySet[Alert]:
    """The open alerts that an account sees."""
    found = Alert.objects.filter(ended_at=None, patient__is_canary=False)
    return found if user.is_superuser else found.filter(patient__in=visible_patients(user))


class State(admin.SimpleListFilter):
    """Open alerts, unless others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Ended"), ("all", "Open and ended")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, name in [(None, "Open"), *self.lookup_choices]:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": name,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        match self.value():
            case "ended":
                return queryset.exclude(ended_at=None)
            case "all":
                return queryset
        return queryset.filter(ended_at=None)


@admin.register(Alert)
class AlertPages(OwnPatients):
    """Alerts: the list that waits, and the page of each."""

    actions = ("acknowledge_selected",)
    list_display = ("level_word", "whose", "about", "waiting", "read", "seen", "acts")
    list_display_links = None
    list_filter = (State, "level", ChosenPatient)
    list_disable_select_all = True  # nobody has seen what is not on the screen
    list_fullwidth = True
    ordering = ("-level", "opened_at", "pk")
    search_fields = ("patient__user__name", "patient__user__email", "rule")
    page_template = "admin/alerts/alert.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return super().get_queryset(request).select_related("patient__user")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        titled = {"title": "Alerts", **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, titled)
        return response

    @display(description="Level")
    def level_word(self, alert: Alert) -> SafeString:
        return wording.level_label(alert.level)

    @display(description="Patient")
    def whose(self, alert: Alert) -> SafeString:
        return patient_link(alert.patient)

    @display(description="Alert")
    def about(self, alert: Alert) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="why">{}</span>',
            reverse("admin:alerts_alert_change", args=[alert.pk]),
            wording.title(alert),
            wording.why(alert),
        )

    @display(description="Waiting")
    def waiting(self, alert: Alert) -> SafeString:
        span = "ended" if alert.ended_at else lasting(timezone.now() - alert.opened_at)
        return format_html('{} <span class="why">opened {}</span>', span, utc(alert.opened_at))

    @display(description="Patient read")
    def read(self, alert: Alert) -> str:
        return utc(alert.acknowledged_at) if alert.acknowledged_at else "no"

    @display(description="Clinic saw")
    def seen(self, alert: Alert) -> str:
        return utc(alert.seen_by_clinic_at) if alert.seen_by_clinic_at else "no"

    @display(description="Act")
    def acts(self, alert: Alert) -> SafeString:
        """Buttons of the list's own form, so that its CSRF token goes with them."""
        if alert.ended_at:
            return format_html("{}", "-")
        close = format_html(
            '<a class="act" href="{}">Close</a>',
            reverse("admin:alerts_alert_close", args=[alert.pk]),
        )
        if alert.seen_by_clinic_at:
            return close
        return format_html(
            '<span class="row-acts"><button class="act" type="submit" formmethod="post"'
            ' name="from_queue" value="1" formaction="{}">Acknowledge</button> {}</span>',
            reverse("admin:alerts_alert_acknowledge", args=[alert.pk]),
            close,
        )

    @admin.action(description="Acknowledge selected alerts", permissions=["view"])
    def acknowledge_selected(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        count = 0
        for alert in queryset:
            physician = physician_of(request, alert.patient_id)
            acts.see(alert_id=alert.pk, patient_id=alert.patient_id, by=physician)
            count += 1
        messages.success(request, f"Acknowledged: {count}")

    def page(self, request: HttpRequest, subject: Alert) -> Page:
        return page_of(subject, may_act=cares_for(request.user, subject.patient_id))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<uuid:alert_id>/acknowledge/",
                wrap(self.acknowledge_view),
                name="alerts_alert_acknowledge",
            ),
            path("<uuid:alert_id>/close/", wrap(self.close_view), name="alerts_alert_close"),
            *super().get_urls(),
        ]

    def acknowledge_view(self, request: HttpRequest, alert_id: Any) -> HttpResponse:
        return acknowledge(self, request, alert_id)

    def close_view(self, request: HttpRequest, alert_id: Any) -> HttpResponse | TemplateResponse:
        return ask_and_close(self, request, alert_id)
