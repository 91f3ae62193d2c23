"""The last days at one look, over HTTP."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import advice, summaries
from alerts.api import summary_schemas as schemas
from diary import records
from diary.api.permissions import PatientRequest
from diary.locking import database_now
from diary.models import Patient


def shown(found: summaries.Summary, patient: Patient) -> dict[str, Any]:
    """The last days as a client sees them."""
    return {
        "days": [asdict(day) for day in found.days],
        "massages": [records.shown(massage) for massage in found.massages],
        "alerts": [advice.shown(alert, patient) for alert in found.alerts],
        "completeness": found.completeness,
    }


class Summary(APIView):
    """Read the last days at one look.

    The scores by day, with the days on which nothing was entered; the massages that began on
    these days; and every alert that was open on one of them. For charts: the advice that holds
    now is that of the open alerts.
    """

    @extend_schema(parameters=[schemas.DAYS], responses=schemas.Summary)
    def get(self, request: PatientRequest) -> Response:
        length = _length(request.query_params.get("days", str(schemas.USUAL_DAYS)))
        found = summaries.of(request.patient, length=length, now=database_now())
        return Response(shown(found, request.patient))


def _length(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= schemas.MOST_DAYS):
        detail = f"days is a whole number from 1 to {schemas.MOST_DAYS}."
        raise ValidationError(detail, code="invalid_days")
    return int(text)
