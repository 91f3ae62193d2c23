"""How often a device, an account and a place may ask; an honest phone never meets these limits."""

import ipaddress
from datetime import timedelta
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from alerts.core.fallback import has_positive_red_flag
from diary import limits, strict_json
from diary.limits import Rate, TooManyRequests
from diary.tokens import LockedTokenStrategy

_MINUTE = timedelta(minutes=1)
A_DEVICE = Rate(150, _MINUTE)  # the promise is 120
AN_ACCOUNT = Rate(600, _MINUTE)  # all its devices together
A_PLACE = Rate(600, _MINUTE)  # one address without a log-in; it may be a whole clinic
A_CODE = Rate(20, timedelta(minutes=15))  # tries of codes in one log-in, sign-up or reset
_GUESSED = ("/auth/code/confirm", "/auth/email/verify", "/auth/password/reset")
# A home has a /64 of IPv6, and with it more addresses than could be counted.
_HOME = 64

log = structlog.get_logger("config.limits")


class HonestPhone(BaseThrottle):
    """Counts requests by device and by account, or by place where nobody is logged in.

    A view may name more of its own for writes: `per_device = {"syncs": Rate(...)}`.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """True, or TooManyRequests; a positive red flag is taken however often one comes."""
        try:
            limits.check(_rates(request, view))
        except TooManyRequests:
            if not _reports_red_flag(request):
                raise
            log.warning("red flag beyond the limits")
        return True


def _rates(request: Request, view: Any) -> dict[str, Rate]:
    if not request.auth:
        return {f"requests from:{network_of(request)}": A_PLACE}
    rates = {f"requests:{request.auth}": A_DEVICE, f"requests of:{request.user.pk}": AN_ACCOUNT}
    if request.method == "POST":
        own: dict[str, Rate] = getattr(view, "per_device", {})
        rates.update({f"{name}:{request.auth}": rate for name, rate in own.items()})
    return rates


def check_log_in(request: HttpRequest) -> None:
    """Raise TooManyRequests for a place, or a log-in under way, that asks the library too often.

    Never for the refreshing of tokens: a phone that is logged in must stay so, whoever else is at
    its address.
    """
    if request.path.endswith("/tokens/refresh"):
        return
    rates = {f"log-in requests from:{network_of(request)}": A_PLACE}
    if request.method != "GET" and request.path.endswith(_GUESSED):
        # The library counts wrong codes in the session, where many at once overwrite each other.
        who = LockedTokenStrategy().get_session_token(request) or network_of(request)
        rates[f"codes:{who}"] = A_CODE
    limits.check(rates)


def network_of(request: HttpRequest | Request) -> str:
    """Where a request came from: an address, or its /64; only our own proxies are believed."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _HOME), strict=False).network_address)


def _reports_red_flag(request: Request) -> bool:
    if request.method not in ("POST", "PUT"):
        return False
    try:
        # Of the bytes: a view may still want them, and they are gone once the request is parsed.
        return _says_red_flag(strict_json.loads(request.body))
    except strict_json.NotStrictJson:
        return False


def _says_red_flag(said: object) -> bool:
    """Whether any record in a body, however deep it lies, holds a positive red flag."""
    if isinstance(said, dict):
        return has_positive_red_flag(said) or any(map(_says_red_flag, said.values()))
    return isinstance(said, list) and any(map(_says_red_flag, said))
