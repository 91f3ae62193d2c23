"""The lock of one patient, and the time at which it was had."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from diary.models import Patient
from diary.statements import Statement

# The clock is read after the lock was had: whoever waited is later than those they waited for.
# NO KEY: what merely refers to the patient, such as the record of a send, need not wait.
_LOCK = Statement(
    Patient,
    """
    SELECT {found}, clock_timestamp() AS locked_at
    FROM (SELECT * FROM diary_patient WHERE id = %s FOR NO KEY UPDATE) AS found
    """,
)


def locked(patient_id: UUID) -> tuple[Patient, datetime]:
    """Lock a patient's row for this transaction; answer it with the database's clock.

    The database's clock, because an application host whose clock is wrong must not move a due
    time. Raises Patient.DoesNotExist when the patient was erased meanwhile.
    """
    found: Any = _LOCK.first(patient_id)
    if found is None:
        raise Patient.DoesNotExist
    return found, found.locked_at


def database_now() -> datetime:
    """The database's clock, by which all that is owed is timed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
