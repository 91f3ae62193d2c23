"""The patient's alerts over HTTP."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import acts, advice, feedback
from alerts.api import examples, schemas
from alerts.models import Alert, AlertStatus, Did, EventKind
from diary.api.permissions import PatientRequest
from diary.wire import Draft, Moment, Note


@extend_schema_view(
    get=extend_schema(parameters=[schemas.STATUS], responses=schemas.AlertWithTimeline)
)
class AlertList(ListAPIView[Any]):
    """Read the patient's alerts, newest first."""

    ordering = ("-opened_at", "-id")
    request: PatientRequest

    def get_queryset(self) -> QuerySet[Alert]:
        alerts = Alert.objects.filter(patient=self.request.patient).prefetch_related("events")
        match self.request.query_params.get("status"):
            case None:
                return alerts
            case "open":
                return alerts.filter(ended_at=None)
            case status if status in AlertStatus.values:
                return alerts.filter(status=status)
        raise ValidationError("status is one of " + ", ".join(AlertStatus), code="invalid_status")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(
            [advice.with_timeline(alert, self.request.patient) for alert in page]
        )


class AlertDetail(APIView):
    """Read one alert with its reason, its evidence and what happened to it."""

    @extend_schema(responses=schemas.AlertWithTimeline)
    def get(self, request: PatientRequest, alert_id: UUID) -> Response:
        alert = Alert.objects.filter(pk=alert_id, patient=request.patient).first()
        if alert is None:
            raise Http404
        return Response(advice.with_timeline(alert, request.patient))


class AcknowledgeBody(Draft):
    """The note is for the physician."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACKNOWLEDGE]})

    note: Note | None = None


class Acknowledge(APIView):
    """Say that the patient has read the alert: reminders end, the advice stays."""

    @extend_schema(request=AcknowledgeBody, responses=schemas.AlertWithTimeline)
    def post(self, request: PatientRequest, alert_id: UUID) -> Response:
        body = AcknowledgeBody.parse(request.data or {})
        try:
            alert = acts.acknowledge(
                alert_id=alert_id,
                patient_id=request.patient.pk,
                by=request.user,
                note=body.note or "",
            )
        except Alert.DoesNotExist as error:
            raise Http404 from error
        return Response(advice.with_timeline(alert, request.patient))


_RECEIPTS = {"displayed": EventKind.DISPLAYED, "opened": EventKind.OPENED_BY_PATIENT}


class ReceiptBody(Draft):
    """What the app did with an alert, and when by the phone's clock; left out, it is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RECEIPT]})

    event: Literal["displayed", "opened"]
    at: Annotated[
        Moment | None,
        Field(description="A time before the alert, or ahead of the server's clock, is corrected."),
    ] = None


class Receipt(APIView):
    """Say that the app displayed the alert, or that the patient opened it.

    It stands in the alert's timeline, once for each time the alert spoke. It is no
    acknowledgement: reminders go on.
    """

    @extend_schema(request=ReceiptBody, responses=schemas.AlertWithTimeline)
    def post(self, request: PatientRequest, alert_id: UUID) -> Response:
        body = ReceiptBody.parse(request.data)
        try:
            alert = acts.receipt(
                alert_id=alert_id,
                patient_id=request.patient.pk,
                by=request.user,
                kind=_RECEIPTS[body.event],
                at=body.at,
            )
        except Alert.DoesNotExist as error:
            raise Http404 from error
        return Response(advice.with_timeline(alert, request.patient))


class FeedbackBody(Draft):
    """What the patient thinks of the advice, and did; at least one of the two.

    What is left out, or null, stays as it was said before. The last word counts.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FEEDBACK]})

    helpful: bool | None = None
    did: schemas.Did | None = None

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if self.helpful is None and self.did is None:
            message = "Feedback needs at least one of helpful, did."
            raise PydanticCustomError("empty_feedback", message)
        return self


class Feedback(APIView):
    """Say whether the advice of an alert helped, and what was done.

    The physician sees it with the alert. It changes nothing of what the alert says, and it is no
    acknowledgement: reminders go on.
    """

    @extend_schema(request=FeedbackBody, responses=schemas.AlertWithTimeline)
    def post(self, request: PatientRequest, alert_id: UUID) -> Response:
        body = FeedbackBody.parse(request.data)
        try:
            alert = feedback.give(
                alert_id=alert_id,
                patient_id=request.patient.pk,
                by=request.user,
                helpful=body.helpful,
                did=Did(body.did) if body.did else None,
            )
        except Alert.DoesNotExist as error:
            raise Http404 from error
        return Response(advice.with_timeline(alert, request.patient))
