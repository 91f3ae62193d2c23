"""Where PostgreSQL and the broker are, and whether the way there is closed to others."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

_GUESSED_FIRST = {
    *("", "postgres", "postgresql", "password", "passwort", "secret", "changeme", "change-me"),
    *("admin", "root", "redis", "valkey", "diary", "example", "test", "12345678", "unset"),
}


def of_the_database() -> Iterator[str]:
    """A password nobody guesses, TLS that checks who answers, and no pool."""
    database: dict[str, Any] = settings.DATABASES["default"]
    options = database["OPTIONS"]
    if "pool" in options:
        yield "DATABASE_URL asks for a pool; connections are kept by each process."
    if "synchronous_commit=on" not in options["options"].rpartition("-c ")[2]:
        yield "DATABASE_URL switches synchronous_commit off."
    if _is_a_socket(database["HOST"]):
        return
    if _is_guessed(database["PASSWORD"], database["USER"]) and not _shows_papers(options):
        yield "DATABASE_URL has no password, or one that everybody tries first."
    if not _is_here(database["HOST"]) and options.get("sslmode") != "verify-full":
        yield "DATABASE_URL names another host without sslmode=verify-full."


def of_the_broker() -> Iterator[str]:
    """A password, and TLS where others share the network."""
    parts = urlsplit(settings.REDIS_URL)
    host = parts.hostname or ""
    if parts.scheme == "unix" or _is_here(host):
        return
    if _is_guessed(unquote(parts.password or ""), unquote(parts.username or "")):
        yield "REDIS_URL names another host without a password of its own."
    # A name without a dot is a neighbour in the private network of one machine's containers.
    if parts.scheme != "rediss" and ("." in host or ":" in host):
        yield "REDIS_URL names another host without TLS (rediss://)."
    if "cert_reqs=none" in parts.query.lower().replace("ssl_", ""):
        yield "REDIS_URL does not check who answers."


def _is_a_socket(host: str) -> bool:
    return not host or host.startswith("/")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_guessed(password: str, user: str) -> bool:
    return password.lower() in _GUESSED_FIRST or password == user


def _shows_papers(options: dict[str, Any]) -> bool:
    """A certificate or a file of passwords stands in for one in the address."""
    return "sslcert" in options or "passfile" in options
