"""What a physician does with an alert: acknowledge it, or close it with a reason."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminTextareaWidget

from alerts import acts
from alerts.admin import wording
from alerts.models import Alert
from diary.admin.scoping import physician_of
from diary.models import User

QUEUE = "admin:alerts_alert_changelist"


class CloseForm(forms.Form):
    """Why an alert is closed; it is kept with the alert, and cannot be changed."""

    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, "autofocus": True}),
        help_text="What you found or decided. It is kept with your name and cannot be changed.",
    )


def acknowledge(pages: Any, request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Note that the physician has seen an alert; said again, it changes nothing."""
    alert, physician = _own(pages, request, alert_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    seen = acts.see(alert_id=alert.pk, patient_id=alert.patient_id, by=physician)
    if seen.seen_by_clinic_at:
        messages.success(request, "Acknowledged: the alert is marked as seen by the clinic.")
    else:
        messages.warning(request, "This alert had ended already; nothing was changed.")
    return redirect(QUEUE) if "from_queue" in request.POST else _to(alert)


def ask_and_close(
    pages: Any, request: HttpRequest, alert_id: UUID
) -> HttpResponse | TemplateResponse:
    """Ask for the reason, and close the alert with it."""
    alert, physician = _own(pages, request, alert_id)
    if alert.ended_at:
        return _over(request, alert)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _close(request, alert, physician, form.cleaned_data["reason"])
    context = {
        **pages.admin_site.each_context(request),
        "opts": pages.opts,
        "title": "Close an alert",
        "form": form,
        "alert": alert,
        "level": wording.level_label(alert.level),
        "alert_title": wording.title(alert),
        "why": wording.why(alert),
    }
    return TemplateResponse(request, "admin/alerts/close.html", context)


def _close(request: HttpRequest, alert: Alert, physician: User, reason: str) -> HttpResponse:
    try:
        closed = acts.close(
            alert_id=alert.pk, patient_id=alert.patient_id, by=physician, reason=reason
        )
    except acts.AlreadyEnded:
        return _over(request, alert)
    if closed.ended_at:
        messages.success(request, "The alert is closed.")
    else:
        messages.warning(request, "Your reason is kept. The rules have not ended the alert yet.")
    return redirect(QUEUE)


def _own(pages: Any, request: HttpRequest, alert_id: UUID) -> tuple[Alert, User]:
    """The alert and the physician who acts on it: an operator only looks."""
    if not pages.has_view_permission(request):
        raise PermissionDenied
    alert: Alert = pages.get_object(request, str(alert_id))
    return alert, physician_of(request, alert.patient_id)


def _over(request: HttpRequest, alert: Alert) -> HttpResponse:
    messages.warning(request, "This alert had ended already; nothing was changed.")
    return _to(alert)


def _to(alert: Alert) -> HttpResponseRedirect:
    return redirect("admin:alerts_alert_change", alert.pk)
