"""Who sends messages, and what patients are told to call."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

_NUMBER = re.compile(r"\+?[0-9][0-9 -]{1,18}")
_NOWHERE = ("localhost", ".localhost", ".local", ".invalid", ".internal")


def of_mails() -> Iterator[str]:
    """A server that takes mails, and a sender whom other servers know."""
    if "smtp" not in settings.EMAIL_BACKEND:
        yield "EMAIL_URL is not set, or names no mail server."
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "\n" in settings.DEFAULT_FROM_EMAIL or _is_nowhere(address.rpartition("@")[2]):
        yield "DEFAULT_FROM_EMAIL is not set, or no address that others know."
    if not _NUMBER.fullmatch(settings.EMERGENCY_NUMBER):
        yield "EMERGENCY_NUMBER is not set, or no number to call."


def of_the_clinic() -> Iterator[str]:
    """Who is told when nobody else can be, and where mails send physicians."""
    if _is_nowhere(parseaddr(settings.ON_CALL_EMAIL)[1].rpartition("@")[2]):
        yield "ON_CALL_EMAIL is not set, or no address that others know."
    if not settings.ADMIN_URL.startswith("https://"):
        yield "ADMIN_URL is not set, or no https: address."


def of_the_contact() -> Iterator[str]:
    """Whom a push service asks when our pushes trouble it."""
    contact = settings.WEBPUSH_CONTACT
    try:
        parts = urlsplit(contact)
        host = parts.path.rpartition("@")[2] if parts.scheme == "mailto" else parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("mailto", "https") or _is_nowhere(host or ""):
        yield "WEBPUSH_CONTACT is no mailto: or https: address that a push service can reach."


def _is_nowhere(host: str) -> bool:
    """Whether nobody outside this machine finds it."""
    name = host.lower().rstrip(".")
    return "." not in name or name.startswith("127.") or name.endswith(_NOWHERE)
