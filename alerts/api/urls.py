"""The alerts' part of /api/v1/."""

from django.urls import path

from alerts.api import (
    alert_views,
    device_views,
    export_views,
    massage_views,
    rule_views,
    summary_views,
)

urlpatterns = [
    path("alerts/", alert_views.AlertList.as_view()),
    path("alerts/<id:alert_id>/", alert_views.AlertDetail.as_view()),
    path("alerts/<id:alert_id>/receipt/", alert_views.Receipt.as_view()),
    path("alerts/<id:alert_id>/acknowledge/", alert_views.Acknowledge.as_view()),
    path("alerts/<id:alert_id>/feedback/", alert_views.Feedback.as_view()),
    path("clearance/", massage_views.MassageClearance.as_view()),
    path("massages/<id:record_id>/response/", massage_views.MassageResponse.as_view()),
    path("rules/", rule_views.Rules.as_view()),
    path("summary/", summary_views.Summary.as_view()),
    path("devices/", device_views.DeviceList.as_view()),
    path("devices/<id:device_id>/", device_views.DeviceDetail.as_view()),
    path("devices/<id:device_id>/test/", device_views.DeviceTest.as_view()),
    path("export/", export_views.Export.as_view()),
    path("push-key/", device_views.PushKey.as_view()),
]
