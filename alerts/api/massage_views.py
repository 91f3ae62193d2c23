"""About one massage over HTTP: what followed it, and whether the next one may be given."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import advice, massages
from alerts.api import massage_schemas as schemas
from alerts.core.clearance import Clearance
from alerts.core.response import Chart
from diary.api.permissions import PatientRequest
from diary.drafts import MassagePlan
from diary.locking import database_now
from diary.models import Patient


def shown(chart: Chart) -> dict[str, Any]:
    """What followed a massage, as a client sees it."""
    return {"reference": chart.reference, "windows": [asdict(each) for each in chart.windows]}


def answered(found: Clearance, patient: Patient) -> dict[str, Any]:
    """What is answered before a massage, in the patient's language."""
    return {
        "answer": found.answer,
        "reasons": [advice.reason(each, patient) for each in found.reasons],
        "next_allowed_on": found.next_allowed_on,
        "limits": asdict(found.limits),
        "safety_net": advice.safety_net(patient),
    }


class MassageResponse(APIView):
    """Read what followed a massage."""

    @extend_schema(responses=schemas.MassageResponse)
    def get(self, request: PatientRequest, record_id: UUID) -> Response:
        """Read what followed one massage

        How pain, numbness and weakness changed in three windows of the 72 hours after it.
        """
        return Response(shown(massages.response(request.patient, massage_id=record_id)))


class MassageClearance(APIView):
    """Ask before a massage whether it may be given."""

    @extend_schema(responses=schemas.Clearance)
    def get(self, request: PatientRequest) -> Response:
        """Ask if a massage may be given now

        A plain one, of which nothing is known but that it starts now.
        """
        return self._answer(request, MassagePlan())

    @extend_schema(request=schemas.PlannedMassage, responses=schemas.Clearance)
    def post(self, request: PatientRequest) -> Response:
        """Ask if a planned massage may be given

        Nothing is stored. The answer holds for now: ask again on the day.
        """
        plan = schemas.PlannedMassage.parse(request.data, uuids=True)
        return self._answer(request, plan)

    def _answer(self, request: PatientRequest, plan: MassagePlan) -> Response:
        found = massages.before(request.patient, plan=plan, now=database_now())
        return Response(answered(found, request.patient))
