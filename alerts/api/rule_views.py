"""The rules that this server runs, over HTTP; an app keeps them for when it is offline."""

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from alerts.api import rule_schemas as schemas
from alerts.core import texts
from alerts.core.catalogue import read
from alerts.core.parameters import CURRENT
from alerts.rule_book.served import Reader, served
from diary.api.permissions import PatientRequest

_HEADERS = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="The `ETag` of the rules that the app has: unchanged, they are not sent again.",
    ),
    OpenApiParameter(
        "ETag",
        str,
        OpenApiParameter.HEADER,
        response=[200, 304],
        description="Changes with the rules, the texts, and the language and region of the caller.",
    ),
]


class _Kept(NamedTuple):
    body: bytes
    etag: str


class Rules(APIView):
    """Read the rules that this server runs

    Ask with `If-None-Match` now and then, and keep the answer: with `red_flags` an app says what
    to do about a warning sign while it has no connection. The entry must be sent all the same.
    """

    @extend_schema(parameters=_HEADERS, responses={200: schemas.Rules, 304: None})
    def get(self, request: PatientRequest) -> HttpResponse:
        patient = request.patient
        kept = _kept(
            Reader(texts.language(patient.locale), patient.region, settings.EMERGENCY_NUMBER)
        )
        response = HttpResponse(kept.body, content_type="application/json")
        response["ETag"] = kept.etag
        # The language is the account's: no cache but the app's own may keep it.
        response["Cache-Control"] = "private, no-cache"
        asked: Any = request
        answer: Any = get_conditional_response(asked, etag=kept.etag, response=response)
        found: HttpResponse = answer
        return found


@lru_cache(maxsize=32)
def _kept(reader: Reader) -> _Kept:
    """Nothing of it changes while a process runs."""
    content = served(read(), CURRENT, reader)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return _Kept(body, f'"{sha256(body).hexdigest()}"')
