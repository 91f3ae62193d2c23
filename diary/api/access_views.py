"""Over HTTP, who read the patient's record."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from diary.api import schemas
from diary.api.permissions import PatientRequest
from diary.models import AccessRecord

# Accounts of operators have the names of people whom the patient does not know.
_BY = {"operator": "the service's operator", "patient": "you"}


def shown(access: AccessRecord) -> dict[str, Any]:
    """A read as the patient sees it."""
    return {
        "at": access.at,
        "by": _BY.get(access.role) or access.by.name or "a physician",
        "role": access.role,
        "what": access.what,
    }


@extend_schema_view(get=extend_schema(responses=schemas.Access))
class AccessLog(ListAPIView[Any]):
    """Read who looked at this record, newest first.

    Each page or list that a physician or an operator opened, and each copy that was taken. The
    patient's own reading is not kept.
    """

    ordering = ("-at", "-id")
    request: PatientRequest

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = AccessRecord.objects.filter(patient=self.request.patient).select_related("by")
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shown(access) for access in page])
