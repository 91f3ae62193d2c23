"""The problem answers of the API document."""

import json
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from config.error_codes import CODES, FIELD_CODES
from config.problems import CONTENT_TYPE, problem

Json = dict[str, Any]


class FieldError(BaseModel):
    """One field that cannot be read."""

    pointer: str = Field(description="A JSON pointer into the body, or `?name` of a parameter.")
    code: str = Field(description="Stable, for programs; `x-error-codes` lists them all.")
    detail: str = Field(description="For people.")


class Problem(BaseModel):
    """A problem document (RFC 9457); its `code` is stable and carries the meaning."""

    type: str = Field(description="Always about:blank.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable, for programs; `x-error-codes` lists them all.")
    errors: list[FieldError] = Field(default=[], description="Only where fields are at fault.")


_UNREADABLE = [{"pointer": "/pain", "code": "max_value", "detail": "At most 10."}]
# What each status means to an app, and an example of it.
_MEANINGS: dict[int, tuple[str, Json]] = {
    400: (
        "The request cannot be read; do not send it again unchanged.",
        {"code": "invalid", "detail": "The request cannot be read.", "errors": _UNREADABLE},
    ),
    401: (
        "No access token, or one that is no longer valid.",
        {"code": "not_authenticated", "detail": "Authentication credentials were not provided."},
    ),
    403: (
        "Not for this account, or not yet.",
        {"code": "consent_required", "detail": "Agree to the consent text first."},
    ),
    404: (
        "Nothing of this patient has this id.",
        {"code": "not_found", "detail": "There is nothing here for you."},
    ),
    406: (
        "`Accept` asks for a format that there is not.",
        {
            "code": "not_acceptable",
            "detail": "Could not satisfy the request Accept header.",
        },
    ),
    409: (
        "What is stored stands in the way.",
        {"code": "id_taken", "detail": "This id belongs to a record with another body."},
    ),
    413: (
        "The body is larger than 1 MiB; that of a sync, than 8 MiB.",
        {"code": "too_large", "detail": "The body is too large."},
    ),
    415: (
        "The body is not `application/json`.",
        {"code": "unsupported_media_type", "detail": 'Unsupported media type "text/plain".'},
    ),
    422: (
        "The `Idempotency-Key` was used before.",
        {
            "code": "idempotency_key_reused",
            "detail": "This Idempotency-Key belongs to another request.",
        },
    ),
    426: (
        "This version of the app is too old for this; `X-Minimum-Client` names the oldest.",
        {"code": "client_too_old", "detail": "This version of the app is too old for this."},
    ),
    429: (
        "Too many requests. Keep the record, and send it again after `Retry-After` seconds.",
        {"code": "too_many_requests", "detail": "Send it again after the seconds in Retry-After."},
    ),
    503: (
        "Nothing was stored. Keep the record, and send it again after `Retry-After` seconds.",
        {"code": "unavailable", "detail": "The server cannot store this now. Send it again."},
    ),
}
_WAIT = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    426: {"X-Minimum-Client": {"schema": {"type": "string"}, "description": "`ios/1.2.0`."}},
    429: _WAIT,
    503: _WAIT,
}
DEPRECATION_HEADERS: Json = {
    "Deprecation": {"schema": {"type": "string"}, "description": "`@` and seconds since 1970."},
    "Sunset": {"schema": {"type": "string"}, "description": "When it goes, as an HTTP date."},
    "Link": {"schema": {"type": "string"}, "description": "Where to read what to do instead."},
}


def reference(status: int) -> Json:
    """The reference to the answer of this status."""
    return {"$ref": f"#/components/responses/{_name(status)}"}


def with_problems(result: Json, **_: Any) -> Json:
    """Add the problem answers and their codes to the document; a postprocessing hook."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs")
    result["components"]["schemas"] |= {"Problem": schema, **parts}
    result["components"]["responses"] = {_name(status): _answer(status) for status in _MEANINGS}
    result["x-error-codes"] = {
        "codes": {
            code: {"statuses": list(known.statuses), "meaning": known.meaning}
            for code, known in CODES.items()
        },
        "field_codes": {code: {"meaning": meaning} for code, meaning in FIELD_CODES.items()},
    }
    result["info"]["description"] += _table()
    return result


def _table() -> str:
    rows = [
        f"| `{code}` | {', '.join(map(str, known.statuses))} | {known.meaning} |"
        for code, known in CODES.items()
    ]
    fields = [f"| `{code}` | {meaning} |" for code, meaning in FIELD_CODES.items()]
    return "\n".join(
        [
            "\n## Error codes\n\n| `code` | status | meaning |\n|---|---|---|",
            *rows,
            "\nIn `errors`, for one field each:\n\n| `code` | meaning |\n|---|---|",
            *fields,
            "",
        ]
    )


def _name(status: int) -> str:
    return HTTPStatus(status).name.title().replace("_", "")


def _answer(status: int) -> Json:
    description, example = _MEANINGS[status]
    codes = [
        f"- `{code}`: {known.meaning}" for code, known in CODES.items() if status in known.statuses
    ]
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "example": json.loads(problem(status, **example).content),
    }
    answer: Json = {
        "description": "\n".join([description, "", *codes]),
        "content": {CONTENT_TYPE: content},
    }
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer
