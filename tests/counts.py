"""The counts of the limits, which outlive a test that commits and are no write of a view."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection


def forget_counts() -> None:
    """Begin as on a day on which nobody has asked yet."""
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM diary_tally")


def age_counts(by: timedelta) -> None:
    """Let time pass for the counts; the database's clock cannot be moved."""
    with connection.cursor() as cursor:
        seconds = by.total_seconds()
        cursor.execute(
            "UPDATE diary_tally SET ends_at = ends_at - make_interval(secs => %s)", [seconds]
        )


def writes(captured: Iterable[Any]) -> list[str]:
    """The statements that wrote something, but for the counts."""
    said = [query["sql"].strip() for query in captured]
    return [sql for sql in said if not sql.startswith("SELECT") and "diary_tally" not in sql]
