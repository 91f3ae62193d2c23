"""Consent over HTTP: the one thing, beside the account, that works without consent."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from pydantic import ConfigDict
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from diary.api import examples, schemas
from diary.api.permissions import IsPatient, PatientRequest
from diary.consent import required_version, text
from diary.models import Consent, Patient
from diary.services import consent as services
from diary.wire import Draft


class ConsentBody(Draft):
    """The version that the patient has read."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CONSENT]})
    server_fields = frozenset({"given_at", "withdrawn_at"})

    version: str


def shown(consent: Consent) -> dict[str, str | datetime | None]:
    """A consent as a client sees it."""
    return {
        "version": consent.version,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
    }


class Consents(APIView):
    """Read, give and withdraw consent."""

    permission_classes = [IsPatient]

    @extend_schema(responses=schemas.Consents)
    def get(self, request: PatientRequest) -> Response:
        """Read the required consent text, and what was agreed to."""
        return Response(self._all(request.patient))

    @extend_schema(request=ConsentBody, responses={201: schemas.GivenConsent})
    def post(self, request: PatientRequest) -> Response:
        """Agree to the required version of the consent text."""
        body = ConsentBody.parse(request.data)
        consent = services.give(patient_id=request.patient.pk, version=body.version)
        return Response(shown(consent), status=status.HTTP_201_CREATED)

    @extend_schema(responses=None)
    def delete(self, request: PatientRequest) -> Response:
        """Withdraw the consent; reminders and messages stop."""
        services.withdraw(patient_id=request.patient.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _all(self, patient: Patient) -> dict[str, Any]:
        version = required_version()
        required = {"version": version, "text": text(version=version, locale=patient.locale)}
        results = patient.consents.order_by("-given_at")
        return {"required": required, "results": [shown(consent) for consent in results]}
