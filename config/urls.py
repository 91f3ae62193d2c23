"""Every address of the service."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from config import health
from config.metrics import metrics
from config.openapi_document import ApiDocument

urlpatterns = [
    path("healthz", health.process_is_up),
    path("readyz", health.ready),
    path("metrics", metrics),
    path("admin/", admin.site.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/", include("diary.api.urls")),
    path("api/v1/", include("alerts.api.urls")),
    path("api/schema/", ApiDocument.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema")),
]

if settings.RELAXED:  # a developer's own machine
    urlpatterns.append(path("sandbox/", include("config.sandbox_views")))

handler400 = "config.problems.bad_request"
handler403 = "config.problems.forbidden"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"
