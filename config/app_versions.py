"""What an app is told about versions: of itself, too old; of an operation, on its way out.

An app names itself in every request: `X-Client: ios/1.4.0`.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from config.environment import CLIENT, VERSION
from config.problems import problem

Answer = Callable[[HttpRequest], HttpResponse]
_CLIENT = re.compile(f"(?P<name>{CLIENT})/(?P<version>{VERSION})", re.ASCII)
# However old the app: what warns, what keeps a warning reachable, and what ends an account.
_ALWAYS = re.compile(
    r"[A-Z]+ /api/v1/(?:sync|alerts|devices|push-key|rules|me/consents)/"
    r"|(?:PUT|POST|DELETE) /api/v1/(?:entries|massages)/"
    r"|DELETE /api/v1/me/"
    r"|[A-Z]+ /(?!api/v1/)"  # the log-in
)


class Deprecation(NamedTuple):
    """Since when an operation is on its way out, when it goes, and where to read what to do."""

    since: datetime
    sunset: datetime
    read: str

    def headers(self) -> dict[str, str]:
        """What an answer says of it (RFC 9745, RFC 8594)."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.sunset.timestamp()),
            "Link": f'<{self.read}>; rel="deprecation"; type="text/html"',
        }


# Under the method and the path of the API document.
DEPRECATED: dict[tuple[str, str], Deprecation] = {}


def version(text: str) -> tuple[int, ...]:
    """The numbers of a version; 1.2 is 1.2.0."""
    numbers = [int(part) for part in text.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))


def deprecations(answer: Answer) -> Answer:
    """Say in an answer that its operation is on its way out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if found := _deprecation(request):
            for name, value in found.headers().items():
                response[name] = value
        return response

    return middleware


def _deprecation(request: HttpRequest) -> Deprecation | None:
    if not request.resolver_match:
        return None
    route = re.sub(r"<\w+:(\w+)>", r"{\1}", request.resolver_match.route)
    return DEPRECATED.get((request.method or "", f"/{route}"))


def minimum_client(answer: Answer) -> Answer:
    """Ask an app that is too old to be updated; refuse it only what no warning hangs on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        oldest = _oldest_for(request)
        if oldest is None:
            return answer(request)
        response = answer(request) if _is_always_open(request) else _too_old(oldest)
        response["X-Minimum-Client"] = oldest
        return response

    return middleware


def _oldest_for(request: HttpRequest) -> str | None:
    """The oldest version that the operator still wants, where the app is older than that."""
    found = _CLIENT.fullmatch(request.headers.get("X-Client", ""))
    oldest = settings.MINIMUM_CLIENT.get(found["name"]) if found else None
    if not (found and oldest) or version(found["version"]) >= version(oldest):
        return None
    return f"{found['name']}/{oldest}"


def _is_always_open(request: HttpRequest) -> bool:
    return _ALWAYS.match(f"{request.method} {request.path}") is not None


def _too_old(oldest: str) -> HttpResponse:
    detail = f"This version of the app is too old for this. The oldest is {oldest}."
    return problem(426, code="client_too_old", detail=detail)
