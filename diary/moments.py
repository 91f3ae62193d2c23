"""Times as PostgreSQL says them, read by Python's own parser: a diary holds a thousand of them."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django.db.backends.signals import connection_created


class MomentLoader(BaseTzLoader):
    """Django's own reads each time with a regular expression, in ten times as long."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # a year beyond Python's, or a style of dates that is not ISO
            moment = super().load(data)
        return moment


def listen() -> None:
    """Read so on every connection from now on; once, when the app is ready."""
    connection_created.connect(_register, dispatch_uid="diary.moments")


def _register(*, connection: Any, **_: Any) -> None:
    # Django has set the session to UTC, and would set it again for a loader of another zone.
    connection.connection.adapters.register_loader("timestamptz", MomentLoader)
