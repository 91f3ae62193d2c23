"""The lock of one patient, and the time at which it was had."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from diary.models import Patient


def locked(patient_id: UUID) -> tuple[Patient, datetime]:
    """Lock a patient's row for this transaction; answer it with the database's clock.

    The database's clock, because an application host whose clock is wrong must not move a due
    time. Raises Patient.DoesNotExist when the patient was erased meanwhile.
    """
    patient = (
        Patient.objects.select_for_update(of=("self",))
        .select_related("user")
        .annotate(locked_at=Now())
        .get(pk=patient_id)
    )
    return patient, patient.locked_at


def database_now() -> datetime:
    """The database's clock, by which all that is owed is timed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
