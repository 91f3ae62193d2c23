"""The diary's part of /api/v1/."""

from uuid import UUID

from django.urls import path, register_converter

from diary.api import access_views, consent_views, profile_views, record_views, sync_views


class RecordIdConverter:
    """A UUID in either case; phones of one make write them in capitals."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def to_python(self, value: str) -> UUID:
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        return str(value)


register_converter(RecordIdConverter, "id")

urlpatterns = [
    path("entries/", record_views.EntryList.as_view()),
    path("entries/<id:record_id>/", record_views.EntryDetail.as_view()),
    path("entries/<id:record_id>/history/", record_views.EntryHistory.as_view()),
    path("massages/", record_views.MassageList.as_view()),
    path("massages/<id:record_id>/", record_views.MassageDetail.as_view()),
    path("massages/<id:record_id>/history/", record_views.MassageHistory.as_view()),
    path("sync/", sync_views.Sync.as_view()),
    path("me/", profile_views.Me.as_view()),
    path("me/consents/", consent_views.Consents.as_view()),
    path("me/access-log/", access_views.AccessLog.as_view()),
]
