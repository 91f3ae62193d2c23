"""The pulse of what must never stop, by the database's clock; and whether that clock goes on."""

from datetime import datetime, timedelta

from django.db import connection

from alerts import incidents
from alerts.models import IncidentKind

DISPATCHER = "dispatcher"
WORKER = "worker"  # any of them
# The canary's last walk that went well, and its last that did not.
CANARY, CANARY_FAILED = "canary", "canary_failed"
# Two dispatchers may write out of turn by less than this.
_OUT_OF_TURN = timedelta(seconds=2)

# What is read beside the write is the row as it was before.
_BEAT = """
    INSERT INTO alerts_heartbeat (name, at, seconds)
    VALUES (%(name)s, statement_timestamp(), %(seconds)s)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, seconds = excluded.seconds
    RETURNING (SELECT at FROM alerts_heartbeat WHERE name = %(name)s), at
"""


def beat(name: str, *, seconds: float | None = None) -> None:
    """Say that `name` is at work; `seconds` is what it measured."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, {"name": name, "seconds": seconds})
        before, now = cursor.fetchone()
    if before is not None and before - now > _OUT_OF_TURN:
        _report_clock(at=now)


def _report_clock(*, at: datetime) -> None:
    """What fell due by the later clock waits until the earlier one has caught up."""
    kind = IncidentKind.CLOCK_WENT_BACK
    incidents.report(patient=None, kind=kind, cause="of the database", at=at)
