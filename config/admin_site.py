"""The site of the physicians: its front page is the queue, and only our own pages are on it."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from unfold.sites import UnfoldAdminSite

_QUEUE = "alerts_alert_changelist"
_OURS = ("alerts", "diary")
_SESSION = timedelta(hours=12)  # one day's work, however busy; the app's own lasts longer


class ClinicAdminConfig(AdminConfig):
    """Makes ours the site that `django.contrib.admin` offers."""

    default_site = "config.admin_site.ClinicSite"


class ClinicSite(UnfoldAdminSite):
    """A second factor belongs into `login` and `has_permission` here, and nowhere else."""

    site_url = None

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Leave out what packages bring: it knows nothing of whose patient is whose."""
        if admin_class is not None and admin_class.__module__.split(".")[0] in _OURS:
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # "View on site" tells an id that exists from one that does not, and we have no such pages.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Limit the attempts, and the session of one that was right."""
        from config.log_in import refused_for  # noqa: PLC0415  models come after settings

        response: HttpResponse = super().login(request, extra_context)
        if request.method != "POST":
            return response
        if isinstance(response, HttpResponseRedirect):
            request.session.set_expiry(_SESSION)  # of now; activity does not prolong it
        elif isinstance(response, TemplateResponse) and (seconds := refused_for(response)):
            response.status_code = 429
            response["Retry-After"] = str(seconds)
        return response

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue, for who may see it."""
        if request.user.has_perm("alerts.view_alert"):
            return redirect(f"{self.name}:{_QUEUE}")
        response: HttpResponse = super().index(request, extra_context)
        return response

    def search(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No search across pages: the theme answers it from a cache."""
        raise Http404


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar, with the numbers of this account's own open work."""
    from alerts.admin.escalations import to_look_at  # noqa: PLC0415  models come after settings
    from alerts.admin.queue import open_alerts  # noqa: PLC0415  the same

    user: Any = request.user
    if not user.has_perm("alerts.view_alert"):
        return []
    groups = [
        _group(
            "Patients",
            _item("Open alerts", "notifications_active", _QUEUE, open_alerts(user).count()),
            _item(
                "To look at", "visibility", "alerts_alertevent_changelist", to_look_at(user).count()
            ),
            _item("Patients", "groups", "diary_patient_changelist"),
            _item("Entries", "edit_note", "diary_entry_changelist"),
            _item("Massages", "self_improvement", "diary_massage_changelist"),
            _item("Unreadable items", "help", "diary_rejecteditem_changelist"),
        )
    ]
    if user.is_superuser:
        groups.append(
            _group(
                "Service",
                _item("Incidents", "report", "alerts_incident_changelist"),
                _item("Deliveries", "outgoing_mail", "alerts_delivery_changelist"),
                _item("Watches", "schedule", "alerts_watch_changelist"),
            )
        )
    return groups


def _group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": title != "Patients", "items": list(items)}


def _item(title: str, icon: str, name: str, waiting: int = 0) -> dict[str, Any]:
    item: dict[str, Any] = {"title": title, "icon": icon, "link": reverse(f"admin:{name}")}
    return {**item, "badge": waiting} if waiting else item
