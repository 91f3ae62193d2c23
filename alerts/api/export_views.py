"""Everything held about the patient, over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from alerts.export import SECTIONS
from diary.api.examples import STORED_ENTRY
from diary.api.permissions import IsPatient, PatientRequest
from diary.export import writing
from diary.services import exports
from diary.wire import Invalid, Moment

_FORMATS: dict[str, tuple[str, str, Callable[..., Iterator[bytes]]]] = {
    "json": ("application/json", "json", writing.as_json),
    "csv": ("application/zip", "zip", writing.as_zip),
}


class ExportDocument(BaseModel):
    """Everything: beside these two, a list for each kind of thing."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"format": 1, "made_at": "2026-11-20T07:31:02+00:00", "entries": [STORED_ENTRY]}
            ]
        },
    )

    format: int
    made_at: Moment


class AsAsked(BaseContentNegotiation):
    """`?format=` says what to send; what `Accept` says does not matter."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Export(APIView):
    """Take along everything held about the patient

    `json` is one document with a list for each kind of thing, versions and the access log too;
    `csv` is a zip with a table for each. In the tables a text that begins like a formula has an
    apostrophe in front, lists and objects are JSON, and an empty cell is null. It works without
    consent, five times a day.
    """

    permission_classes = [IsPatient]
    content_negotiation_class = AsAsked

    @extend_schema(
        parameters=[
            OpenApiParameter("format", {"type": "string", "enum": [*_FORMATS], "default": "json"})
        ],
        responses={
            (200, "application/json"): ExportDocument,
            (200, "application/zip"): OpenApiTypes.BINARY,
            429: None,
        },
    )
    def get(self, request: PatientRequest) -> StreamingHttpResponse:
        kind, ending, written = _chosen(request.query_params.get("format", "json"))
        exports.begin(patient_id=request.patient.pk, by=request.user)
        now = timezone.now()
        answer = StreamingHttpResponse(
            written(SECTIONS, request.patient, at=now), content_type=kind
        )
        answer["Content-Disposition"] = f'attachment; filename="diary-{now:%Y-%m-%d}.{ending}"'
        return answer


def _chosen(name: str) -> tuple[str, str, Callable[..., Iterator[bytes]]]:
    if name not in _FORMATS:
        detail = f"The format is one of {', '.join(_FORMATS)}."
        raise Invalid([{"pointer": "?format", "code": "invalid_choice", "detail": detail}])
    return _FORMATS[name]
