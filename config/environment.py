"""The environment, read so that a value that makes no sense is named and never shown."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import environ
from django.core.exceptions import ImproperlyConfigured

_POSTGRES = "django.db.backends.postgresql"
CLIENT = r"[a-z][a-z0-9-]{0,30}"
VERSION = r"\d{1,6}(?:\.\d{1,6}){0,3}"
_BROKERS = ("redis", "rediss", "unix")


def unreadable(name: str) -> ImproperlyConfigured:
    """The refusal of a setting; raise it `from None`: what went wrong may quote the value."""
    return ImproperlyConfigured(f"Refusing to start: {name} cannot be read.")


class Environment(environ.Env):
    """The library's reader, which quotes what it could not read."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except Exception:
            raise unreadable(var) from None

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Django's settings of the PostgreSQL that an address names."""
        try:
            found: Any = dj_database_url.parse(
                self.str(name, default="") or default, conn_max_age=60, conn_health_checks=True
            )
        except Exception:
            raise unreadable(name) from None
        if found["ENGINE"] != _POSTGRES:
            raise unreadable(name)
        return dict(found)

    def clients(self, name: str) -> dict[str, str]:
        """A version of each app, from `ios=1.2.0,android=1.3.0`."""
        given = [part.strip() for part in self.list(name, default=[])]
        if not all(re.fullmatch(f"{CLIENT}={VERSION}", part, re.ASCII) for part in given):
            raise unreadable(name)
        return dict(part.split("=") for part in given)

    def broker(self, name: str, *, default: str) -> str:
        """The address of a Redis or Valkey."""
        address = self.str(name, default="") or default
        try:
            parts = urlsplit(address)
            known = parts.scheme in _BROKERS and (parts.port, parts.hostname or parts.path)[1]
        except ValueError:
            raise unreadable(name) from None
        if not known:
            raise unreadable(name)
        return address

    def mail(self, name: str) -> Mapping[str, Any]:
        """Django's settings of the mail server that an address names; empty when none is named."""
        address = self.str(name, default="")
        if not address:
            return {}
        try:
            found: dict[str, Any] = self.email_url_config(address)
        except Exception:
            raise unreadable(name) from None
        if "smtp" in found["EMAIL_BACKEND"] and not found["EMAIL_HOST"]:
            raise unreadable(name)
        return {key: value for key, value in found.items() if value is not None}
