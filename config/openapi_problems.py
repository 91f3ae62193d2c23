"""The problem answers of the API document."""

import json
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from config.problems import CONTENT_TYPE, problem

Json = dict[str, Any]


class FieldError(BaseModel):
    """One field that cannot be read."""

    pointer: str = Field(description="A JSON pointer into the body, or `?name` of a parameter.")
    code: str = Field(description="Stable; for programs.")
    detail: str = Field(description="For people.")


class Problem(BaseModel):
    """A problem document (RFC 9457); its `code` is stable and carries the meaning."""

    type: str = Field(description="Always about:blank.")
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = Field(default=[], description="Only where fields are at fault.")


_UNREADABLE = [{"pointer": "/pain", "code": "max_value", "detail": "At most 10."}]
# What each status means to an app, and an example of it.
_MEANINGS: dict[int, tuple[str, Json]] = {
    400: (
        "The request cannot be read; do not send it again unchanged. `errors` names each field.",
        {"code": "invalid", "detail": "The request cannot be read.", "errors": _UNREADABLE},
    ),
    401: (
        "No access token, or one that is no longer valid: refresh it, or log in.",
        {"code": "not_authenticated", "detail": "Authentication credentials were not provided."},
    ),
    403: (
        "`consent_required`: agree to the consent text first. `not_a_patient`: this account is "
        "no patient's.",
        {"code": "consent_required", "detail": "Agree to the consent text first."},
    ),
    404: (
        "Nothing of this patient has this id.",
        {"code": "not_found", "detail": "There is nothing here for you."},
    ),
    409: (
        "`id_taken`: the id has another body. `id_of_other_type`: an entry and a massage cannot "
        "share an id.",
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
        "`idempotency_key_reused`: this key belongs to a request with another body.",
        {
            "code": "idempotency_key_reused",
            "detail": "This Idempotency-Key belongs to another request.",
        },
    ),
    503: (
        "Nothing was stored. Keep the record, and send it again after `Retry-After` seconds.",
        {"code": "unavailable", "detail": "The server cannot store this now. Send it again."},
    ),
}
_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
}


def reference(status: int) -> Json:
    """The reference to the answer of this status."""
    return {"$ref": f"#/components/responses/{_name(status)}"}


def with_problems(result: Json, **_: Any) -> Json:
    """Add the problem answers to the document; a postprocessing hook."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs")
    result["components"]["schemas"] |= {"Problem": schema, **parts}
    result["components"]["responses"] = {_name(status): _answer(status) for status in _MEANINGS}
    return result


def _name(status: int) -> str:
    return HTTPStatus(status).name.title().replace("_", "")


def _answer(status: int) -> Json:
    description, example = _MEANINGS[status]
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "example": json.loads(problem(status, **example).content),
    }
    answer: Json = {"description": description, "content": {CONTENT_TYPE: content}}
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer
