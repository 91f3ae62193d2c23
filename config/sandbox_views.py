"""The pages of the sandbox; only there with DEBUG=1, and only for this very machine."""

import ipaddress
import uuid
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from config import sandbox_inbox, sandbox_push

_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Somebody else's request that a proxy or a tunnel on this machine passes on.
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
View = Callable[..., HttpResponse]


def from_this_machine(view: View) -> View:
    """A 404 to everybody else: nobody logs in here, and the page shows everybody's messages."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_local(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _is_local(request: HttpRequest) -> bool:
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    # By name, too: another page in the developer's browser may have its name lead here.
    host, _ = split_domain_port(request.get_host())
    is_direct = not any(name in request.headers for name in _PASSED_ON)
    return peer.is_loopback and is_direct and host in _HOSTS


@require_GET
@from_this_machine
def inbox(request: HttpRequest) -> HttpResponse:
    """All mails and pushes that went out, newest first; `?to=` those to one address."""
    messages, wanted = sandbox_inbox.messages(), request.GET.get("to", "")
    owed = sandbox_inbox.waiting()
    page = {
        "people": _counted(messages),
        "wanted": wanted,
        "messages": [each for each in messages if wanted in ("", each.to, each.about)],
        "waiting": [each for each in owed if wanted in ("", each.to, each.about)],
        "keeps_mails": sandbox_inbox.keeps_mails(),
    }
    response = render(request, "sandbox/inbox.html", page)
    response["Content-Security-Policy"] = _POLICY
    return response


def _counted(messages: list[sandbox_inbox.Shown]) -> list[tuple[str, str, int]]:
    """Address, role and number of messages of each recipient: staff last."""
    counts = Counter(each.to for each in messages)
    # Of somebody whose patient was erased since, nothing says who they were.
    roles = {each.to: each.who for each in sorted(messages, key=lambda each: each.who)}
    found = [(to, roles[to], count) for to, count in counts.items()]
    return sorted(found, key=lambda row: (row[1] != "patient", row))


@require_GET
@from_this_machine
def subscription(request: HttpRequest) -> HttpResponse:
    """A push subscription as a browser gives it; what is sent there is shown in the inbox."""
    return JsonResponse(sandbox_push.subscription(uuid.uuid4().hex))


@csrf_exempt
@require_POST
@from_this_machine
def push(request: HttpRequest, name: str) -> HttpResponse:
    """Take one message as a push service does."""
    if len(request.body) > sandbox_push.MAX_BYTES:
        return HttpResponse(status=413)
    try:
        sandbox_push.take(name, request.headers, request.body, at=timezone.now())
    except sandbox_push.NotAPush:
        return HttpResponse(status=403)
    return HttpResponse(status=201)


urlpatterns = [
    path("inbox/", inbox),
    path("subscription/", subscription),
    path("push/<slug:name>", push),
]
