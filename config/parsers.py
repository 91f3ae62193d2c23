"""How a request body becomes Python values."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.http import parse_header_parameters
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from diary import strict_json

BODY_LIMIT = 1024 * 1024


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """JSON in UTF-8, as strict as diary.strict_json; of at most 1 MiB, or the view's body_limit."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _, parameters = parse_header_parameters(media_type or "")
        if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise ParseError("The body must be UTF-8.", code="not_utf8")
        limit: int = getattr((parser_context or {}).get("view"), "body_limit", BODY_LIMIT)
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            return strict_json.loads(raw)
        except strict_json.NotStrictJson as error:
            raise ParseError(str(error), code="invalid_json") from error
