"""Every error as an RFC 9457 problem document; the code carries the meaning."""

import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.views import set_rollback

from diary.limits import TooManyRequests
from diary.models import Patient
from diary.services.consent import OutdatedConsent
from diary.services.kept_answers import KeyReused
from diary.services.records import Conflict, NoSuchRecord
from diary.wire import Invalid

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger("config.problems")


def problem(
    status: int, *, code: str, detail: str = "", errors: list[dict[str, str]] | None = None
) -> JsonResponse:
    """A problem document; `errors` are dicts of pointer, code and detail."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


_ANSWERS: dict[type[Exception], tuple[int, str, str]] = {
    Http404: (404, "not_found", "There is nothing here for you."),
    NoSuchRecord: (404, "not_found", "There is nothing here for you."),
    PermissionDenied: (403, "permission_denied", "You may not do this."),
    RequestDataTooBig: (413, "too_large", "The body is too large."),
    # Erased between the check of the token and the write.
    Patient.DoesNotExist: (401, "authentication_failed", "This account does not exist."),
    KeyReused: (422, "idempotency_key_reused", "This Idempotency-Key belongs to another request."),
    OutdatedConsent: (400, "outdated_consent", "Only the required version can be agreed to."),
}


def problem_response(error: Exception, _context: dict[str, Any]) -> JsonResponse | None:
    """Answer for an exception of a view; None lets it go on to the 500 page."""
    set_rollback()
    match error:
        case Invalid():
            detail = "The request cannot be read."
            return problem(400, code="invalid", detail=detail, errors=error.errors)
        case Conflict():
            return problem(409, code=error.code, detail=error.detail)
        case OperationalError() | TooManyRequests():
            return _come_again(error)
        case exceptions.APIException():
            return _of_api(error)
        case _ if type(error) in _ANSWERS:
            status, code, detail = _ANSWERS[type(error)]
            return problem(status, code=code, detail=detail)
    return None


def _of_api(error: exceptions.APIException) -> JsonResponse:
    # A ValidationError carries its one detail in a list; no view here raises more of them.
    detail = error.detail[0] if isinstance(error.detail, list) else error.detail
    response = problem(
        error.status_code, code=getattr(detail, "code", None) or "invalid", detail=str(detail)
    )
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _come_again(error: OperationalError | TooManyRequests) -> JsonResponse:
    return too_many_requests(error) if isinstance(error, TooManyRequests) else _database_away(error)


def too_many_requests(error: TooManyRequests) -> JsonResponse:
    """The 429 of a limit that was exceeded."""
    detail = "Send it again after the seconds in Retry-After."
    response = problem(429, code="too_many_requests", detail=detail)
    response["Retry-After"] = str(error.retry_after)
    return response


def _database_away(error: OperationalError) -> JsonResponse:
    log.error("database away", exc_info=error)
    response = problem(
        503, code="unavailable", detail="The server cannot store this now. Send it again."
    )
    response["Retry-After"] = "5"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Django's 400, for a request that reached no view."""
    return problem(400, code="bad_request", detail="The request cannot be read.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404: a page for the admin, a problem document for everybody else."""
    if request.path.startswith("/admin/"):
        return defaults.page_not_found(request, exception)
    return problem(404, code="not_found", detail="There is nothing here for you.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403."""
    if request.path.startswith("/admin/"):
        return defaults.permission_denied(request, exception)
    return problem(403, code="permission_denied", detail="You may not do this.")


def server_error(_request: HttpRequest) -> JsonResponse:
    """Django's 500: constant, whatever went wrong; the log has the type and the places."""
    log.error("view failed", exc_info=sys.exc_info())
    return problem(500, code="server_error", detail="Something went wrong here. Send it again.")
