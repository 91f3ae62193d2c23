"""What surrounds every request: one log line without content, and no caching of answers."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.limits import check_log_in
from config.parsers import BODY_LIMIT
from config.problems import problem, too_many_requests
from diary import strict_json
from diary.limits import TooManyRequests

_TOO_MANY = b'"too_many_login_attempts"'  # as the log-in library codes it
_LIBRARY_WAITS = "60"  # most of its limits are by the minute; it does not say which was reached
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


# Of what an answer may load or run. JSON does neither; the page of the API document does both.
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_DOCUMENT = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGES = "frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
_POLICIES = {"/api/docs/": _DOCUMENT, "/admin/": _PAGES}


def no_store(answer: Answer) -> Answer:
    """Keep every answer out of caches and frames unless the view said otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        policy = next((v for k, v in _POLICIES.items() if request.path.startswith(k)), _NOTHING)
        response.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def strict_log_in(answer: Answer) -> Answer:
    """Refuse what the log-in library's own reading would break on, and what comes too often."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/_allauth/"):
            return answer(request)
        return _refusal(request) or _too_often(request) or _in_seconds(answer(request))

    middleware.process_exception = _ended  # type: ignore[attr-defined]  # Django asks
    return middleware


def _ended(_: HttpRequest, error: Exception) -> JsonResponse | None:
    """The answer to whoever uses a session that is ended, or whose account is erased, just now."""
    if not isinstance(error, UpdateError):
        return None
    return problem(401, code="authentication_failed", detail="This session has ended.")


def _too_often(request: HttpRequest) -> JsonResponse | None:
    try:
        check_log_in(request)
    except TooManyRequests as error:
        return too_many_requests(error)
    return None


def _in_seconds(response: HttpResponse) -> HttpResponse:
    """Say when to come again, and 429 also where the library answers a limit with a 400."""
    if response.status_code == 400 and _TOO_MANY in response.content:
        response = JsonResponse({"status": 429}, status=429)
    if response.status_code == 429:
        response.setdefault("Retry-After", _LIBRARY_WAITS)
    return response


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
