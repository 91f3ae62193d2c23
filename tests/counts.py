"""The counts of the limits, which outlive a test that commits."""

from datetime import timedelta

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
