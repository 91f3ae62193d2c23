"""Entries and massages over HTTP: the same five doors for both."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diary import queries, records
from diary.api import schemas
from diary.api.permissions import PatientRequest
from diary.drafts import EntryDraft, MassageDraft
from diary.failpoints import reached
from diary.models import Entry, Massage
from diary.services import records as services
from diary.wire import Invalid, read_moment


def written(outcome: services.Written) -> Response:
    """The answer to a write: the stored record, the alerts of this write, the guidance."""
    reached("before_answer")
    code = status.HTTP_201_CREATED if outcome.effect == "created" else status.HTTP_200_OK
    return Response({**records.shown(outcome.record), **outcome.answers}, status=code)


class RecordList(ListAPIView[Any]):
    """Read the standing records, or store one under an id made by the app or by us."""

    kind: ClassVar[type[Entry | Massage]]
    draft: ClassVar[type[EntryDraft | MassageDraft]]
    moment: ClassVar[str]
    request: PatientRequest

    @property
    def ordering(self) -> tuple[str, str]:
        """Newest first, ties by id."""
        return (f"-{self.moment}", "-record_id")

    def get_queryset(self) -> QuerySet[Any]:
        rows = queries.standing_records(self.kind, self.request.patient)
        for name, comparison in (("from", "gte"), ("to", "lt")):
            if (text := self.request.query_params.get(name)) is not None:
                bound = read_moment(text, pointer=f"?{name}")
                rows = rows.filter(**{f"{self.moment}__{comparison}": bound})
        return rows

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([records.shown(row) for row in page])

    def post(self, request: PatientRequest) -> Response:
        body = request.data
        if isinstance(body, dict) and body.get("id") is None:
            body = {**body, "id": str(uuid4())}
        draft = self.draft.parse(body, uuids=True)
        return written(services.put(patient_id=request.patient.pk, draft=draft, correct=False))


class RecordDetail(APIView):
    """Create or correct, read, and withdraw one record."""

    kind: ClassVar[type[Entry | Massage]]
    draft: ClassVar[type[EntryDraft | MassageDraft]]

    def put(self, request: PatientRequest, record_id: UUID) -> Response:
        draft = self.draft.parse(_under(record_id, request.data), uuids=True)
        if draft.id != str(record_id):
            detail = "The body names another id than the path."
            raise Invalid([{"pointer": "/id", "code": "id_mismatch", "detail": detail}])
        return written(services.put(patient_id=request.patient.pk, draft=draft))

    def get(self, request: PatientRequest, record_id: UUID) -> Response:
        rows = queries.standing_records(self.kind, request.patient)
        row = rows.filter(record_id=record_id).first()
        if row is None:
            raise services.NoSuchRecord
        return Response(records.shown(row))

    def delete(self, request: PatientRequest, record_id: UUID) -> Response:
        services.withdraw(kind=self.kind, patient_id=request.patient.pk, record_id=record_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _under(record_id: UUID, body: object) -> object:
    return {"id": str(record_id), **body} if isinstance(body, dict) else body


class RecordHistory(ListAPIView[Any]):
    """Every version of one record, also of a withdrawn one."""

    kind: ClassVar[type[Entry | Massage]]
    ordering = ("-version",)
    request: PatientRequest

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row: Any = self.kind.objects.filter(
            patient=self.request.patient, record_id=kwargs["record_id"]
        ).first()
        if row is None:
            raise services.NoSuchRecord
        page = self.paginate_queryset(row.events.all()) or []
        return self.get_paginated_response(
            [queries.version(event, self.kind, self.request.patient) for event in page]
        )


@schemas.record_list(noun="entry", body=schemas.EntryBody, answer=schemas.EntryRecord)
class EntryList(RecordList):
    kind, draft, moment = Entry, EntryDraft, "symptom_at"


@schemas.record_detail(noun="entry", body=schemas.EntryBody, answer=schemas.EntryRecord)
class EntryDetail(RecordDetail):
    kind, draft = Entry, EntryDraft


@schemas.record_history(noun="entry", answer=schemas.EntryVersion)
class EntryHistory(RecordHistory):
    kind = Entry


@schemas.record_list(noun="massage", body=schemas.MassageBody, answer=schemas.MassageRecord)
class MassageList(RecordList):
    kind, draft, moment = Massage, MassageDraft, "started_at"


@schemas.record_detail(noun="massage", body=schemas.MassageBody, answer=schemas.MassageRecord)
class MassageDetail(RecordDetail):
    kind, draft = Massage, MassageDraft


@schemas.record_history(noun="massage", answer=schemas.MassageVersion)
class MassageHistory(RecordHistory):
    kind = Massage
