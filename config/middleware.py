"""What surrounds every request: one log line without content, and no caching of answers."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.parsers import BODY_LIMIT
from config.problems import problem
from diary import strict_json

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("config.request")


def request_log(answer: Answer) -> Answer:
    """Log method, route, status and duration under a request id; never the path as it came."""

    def middleware(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        request_id = str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = answer(request)
        response["X-Request-ID"] = request_id
        log.info(
            "answered",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )
        return response

    return middleware


def no_store(answer: Answer) -> Answer:
    """Keep every answer out of caches unless the view said otherwise; all of it is personal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def strict_log_in(answer: Answer) -> Answer:
    """Refuse bodies of the log-in library's addresses that its own reading would break on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/_allauth/") and (refusal := _refusal(request)):
            return refusal
        return answer(request)

    return middleware


def _refusal(request: HttpRequest) -> JsonResponse | None:
    try:
        body = request.body
    except RequestDataTooBig:
        return problem(413, code="too_large", detail="The body is too large.")
    if len(body) > BODY_LIMIT:
        return problem(413, code="too_large", detail="The body is too large.")
    try:
        if body:
            strict_json.loads(body)
    except strict_json.NotStrictJson as error:
        return problem(400, code="invalid_json", detail=str(error))
    return None
