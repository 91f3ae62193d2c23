"""The patient's own profile over HTTP."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from diary.api import schemas
from diary.api.permissions import IsPatient, PatientRequest
from diary.drafts import DoctorApproval, PatientProfile, Profile
from diary.freshness import proved_at
from diary.models import Patient
from diary.services import erasure
from diary.services import profile as services
from diary.wire import Invalid

# Who erases must have proved who they are within this time.
_FRESH = timedelta(minutes=5)
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
    """Read the profile, change the part of it that is the patient's, or erase everything."""

    def get_permissions(self) -> Sequence[Any]:
        """To go needs no consent."""
        return [IsPatient()] if self.request.method == "DELETE" else super().get_permissions()

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

    @extend_schema(responses={202: schemas.ErasureReceipt})
    def delete(self, request: PatientRequest) -> Response:
        """Erase the patient, the account and everything about them, for good

        Only within 5 minutes of a log-in or of `POST /_allauth/app/v1/auth/reauthenticate`; else
        403 with `reauthentication_required`. Works without consent. Once it is answered, nothing
        is left but this receipt, the access token is dead, and no message goes out any more.
        """
        _check_fresh(str(request.auth), now=timezone.now())
        receipt = erasure.erase(patient_id=request.patient.pk)
        said = {"id": str(receipt.pk), "at": receipt.at}
        return Response(said, status=status.HTTP_202_ACCEPTED)


def _check_fresh(session_key: str, *, now: datetime) -> None:
    last = proved_at(session_key)
    if last is None or now - last > _FRESH:
        detail = "Send the password to POST /_allauth/app/v1/auth/reauthenticate, then this again."
        raise PermissionDenied(detail, code="reauthentication_required")


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
