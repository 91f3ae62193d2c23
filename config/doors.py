"""Which methods are meant where: what others have written takes more of them than it should.

The log-in library reads the body of any method as if it had been posted, and the admin shows its
pages for any. The API is not named here: its views know their own.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from config.problems import problem

Answer = Callable[[HttpRequest], HttpResponse]
_LIBRARY = "/_allauth/app/v1/"
# What it has beyond these is not offered here, now or after an upgrade: phone numbers, for one.
_ACCOUNT: dict[str, frozenset[str]] = {
    path: frozenset(methods.split())
    for path, methods in {
        "config": "GET",
        "auth/session": "GET DELETE",
        "auth/reauthenticate": "POST",
        "auth/code/confirm": "POST",
        "auth/code/request": "POST",
        "auth/code/resend": "POST",
        "auth/password/request": "POST",
        "auth/password/reset": "GET POST",
        "auth/login": "POST",
        "auth/signup": "POST",
        "auth/email/verify": "GET POST",
        "auth/email/verify/resend": "POST",
        "auth/2fa/authenticate": "POST",
        "auth/2fa/reauthenticate": "POST",
        "auth/sessions": "GET DELETE",
        "account/password/change": "POST",
        "account/email": "GET POST PUT PATCH DELETE",
        "account/authenticators": "GET",
        "account/authenticators/totp": "GET POST DELETE",
        "account/authenticators/recovery-codes": "GET POST",
        "tokens/refresh": "POST",
    }.items()
}
_PAGES = frozenset({"GET", "HEAD", "POST"})
_PROBES = dict.fromkeys(("/healthz", "/readyz", "/metrics"), frozenset({"GET", "HEAD"}))


def meant_methods(answer: Answer) -> Answer:
    """Refuse a method, or an address of the library, that nobody has meant to offer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        allowed = _allowed(request.path)
        if allowed is None or request.method in allowed:
            return answer(request)
        return _refusal(request, sorted(allowed))

    return middleware


def _allowed(path: str) -> frozenset[str] | None:
    """The methods of an address; none of one that is not offered, None where a view decides."""
    if path.startswith("/_allauth/"):
        return _ACCOUNT.get(path.removeprefix(_LIBRARY), frozenset())
    return _PAGES if path.startswith("/admin/") else _PROBES.get(path)


def _refusal(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    if not allowed:
        return problem(404, code="not_found", detail="There is nothing here for you.")
    if request.path.startswith("/admin/"):
        return HttpResponseNotAllowed(allowed)
    detail = f'Method "{request.method}" not allowed.'
    response = problem(405, code="method_not_allowed", detail=detail)
    response["Allow"] = ", ".join(allowed)
    return response
