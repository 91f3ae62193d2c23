"""The patient's own profile over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from diary.api import schemas
from diary.api.permissions import PatientRequest
from diary.drafts import DoctorApproval, PatientProfile, Profile
from diary.models import Patient
from diary.services import profile as services
from diary.wire import Invalid

_FOR_PHYSICIANS = frozenset(Profile.model_fields) - frozenset(PatientProfile.model_fields)
_BY_PHYSICIANS_WORD = frozenset(DoctorApproval.model_fields) - {"status"}


def shown(patient: Patient) -> dict[str, Any]:
    """A profile as its patient sees it."""
    return {name: getattr(patient, name) for name in Profile.model_fields} | {
        "physicians": [
            {"name": care.physician.name, "role": care.role}
            for care in patient.care.filter(ended_at=None).select_related("physician")
        ]
    }


class Me(APIView):
    """Read the profile, and change the part of it that is the patient's."""

    @extend_schema(responses=schemas.PatientProfileAnswer)
    def get(self, request: PatientRequest) -> Response:
        """Read the profile."""
        return Response(shown(request.patient))

    @extend_schema(request=schemas.ProfileBody, responses=schemas.PatientProfileAnswer)
    def patch(self, request: PatientRequest) -> Response:
        """Change the part of the profile that is the patient's."""
        _check_own(request.data)
        fields = PatientProfile.parse(request.data).wire()
        patient = services.change(patient_id=request.patient.pk, fields=fields, by=request.user)
        return Response(shown(patient))


def _check_own(body: object) -> None:
    """Refuse what only a physician sets, and an approval that claims a physician's word."""
    if not isinstance(body, dict):
        return
    foreign = [*(_FOR_PHYSICIANS | {"physicians"}) & body.keys()]
    approval = body.get("doctor_approval")
    if isinstance(approval, dict) and (
        approval.get("status") != "patient_reported" or _BY_PHYSICIANS_WORD & approval.keys()
    ):
        foreign.append("doctor_approval")
    if foreign:
        detail = "Only your physician can set this."
        raise Invalid(
            [{"pointer": f"/{name}", "code": "read_only", "detail": detail} for name in foreign]
        )
