"""Offline sync over HTTP."""

import hashlib
import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from diary.api import sync_schemas as schemas
from diary.api.permissions import PatientRequest
from diary.drafts import EntryDraft, MassageDraft
from diary.limits import Rate
from diary.models import Entry, Massage
from diary.services import feed, sync
from diary.services.kept_answers import Named
from diary.services.rejected import Unreadable
from diary.services.wishes import Wish
from diary.wire import Invalid

_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_DRAFTS: Final[dict[str, type[EntryDraft | MassageDraft]]] = {
    "entry": EntryDraft,
    "massage": MassageDraft,
}
_KINDS: Final[dict[str, type[Entry | Massage]]] = {"entry": Entry, "massage": Massage}


class Sync(APIView):
    """Send what was stored up, and hear what changed."""

    body_limit = 8 * 1024 * 1024
    per_device: Final = {"syncs": Rate(25, timedelta(minutes=1))}  # the promise is 20

    @extend_schema(**schemas.SYNC)
    def post(self, request: PatientRequest) -> HttpResponse:
        """Send what was stored up offline, and hear what changed"""
        named = _named(request)
        body = schemas.SyncFrame.parse(request.data)
        asked = sync.Request(
            items=[_item(content) for content in body.changes],
            after=_place(body.since, request.patient.pk),
            named=named,
        )
        render = JSONRenderer().render
        answer = sync.exchange(patient_id=request.patient.pk, request=asked, render=render)
        headers = {"Idempotent-Replayed": "true"} if answer.is_repeated else {}
        return HttpResponse(answer.body, content_type="application/json", headers=headers)


def _place(since: str | None, patient_id: UUID) -> int:
    try:
        return feed.place_of(since, patient_id=patient_id)
    except feed.NoSuchPlace as error:
        detail = "This cursor cannot be read. Begin again with null."
        raise ValidationError(detail, code="invalid_cursor") from error


def _named(request: PatientRequest) -> Named | None:
    """The name of the request, which belongs to the very bytes of its body."""
    key = request.headers.get("Idempotency-Key")
    raw = request.body  # it can be had only before it is parsed
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        detail = "An Idempotency-Key has 1 to 255 printable ASCII characters."
        raise ValidationError(detail, code="invalid_idempotency_key")
    return Named(key, hashlib.sha256(raw).digest())


def _item(content: Any) -> sync.Item:
    """What an item wishes; or, when it cannot be read, how it came and why."""
    try:
        frame = schemas.ItemFrame.parse(content, uuids=True)
        return _wish(frame)
    except Invalid as error:
        named = content if isinstance(content, dict) else {}
        kind, name = named.get("type"), named.get("id")
        return Unreadable(
            content=content,
            type=kind if isinstance(kind, str) and kind in _KINDS else None,
            id=name if isinstance(name, str) and len(name) <= 64 else None,
            errors=error.errors,
        )


def _wish(frame: schemas.ItemFrame) -> Wish:
    if frame.op == "delete":
        return Wish.withdrawal(_KINDS[frame.type], UUID(frame.id), if_version=frame.if_version)
    try:
        draft = _DRAFTS[frame.type].parse(_under(frame.id, frame.data), uuids=True)
    except Invalid as error:
        raise Invalid([{**e, "pointer": "/data" + e["pointer"]} for e in error.errors]) from error
    if draft.id != frame.id:
        detail = "The data name another id than the item."
        raise Invalid([{"pointer": "/data/id", "code": "id_mismatch", "detail": detail}])
    return Wish.of(draft, if_version=frame.if_version)


def _under(record_id: str, data: Any) -> Any:
    return {"id": record_id, **data} if isinstance(data, dict) else data
