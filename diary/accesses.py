"""Keeping who read a patient's record; reads by the patient are nobody's business."""

from collections.abc import Iterable
from uuid import UUID

from diary.models import AccessRecord, User
from diary.vocabulary import Accessed, ReaderRole


def record(patients: Iterable[UUID], *, by: User, what: Accessed) -> None:
    """Keep one read of each of these patients' records by somebody of the staff, in one insert."""
    role: ReaderRole = "operator" if by.is_superuser else "physician"
    # A list has several rows of one patient, and is one read.
    rows = [
        AccessRecord(patient_id=patient, by=by, role=role, what=what)
        for patient in dict.fromkeys(patients)
    ]
    AccessRecord.objects.bulk_create(rows)


def record_export(patient_id: UUID, *, by: User) -> None:
    """Keep that a patient took a copy of the own record."""
    AccessRecord.objects.create(patient_id=patient_id, by=by, role="patient", what="export")
