"""Reading the diary of one patient."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from diary import records
from diary.consent import required_version
from diary.models import CareRelationship, Consent, Entry, Massage, Patient, User
from diary.statements import Statement

_PATIENT = Statement(
    Patient,
    """
    SELECT {found}, EXISTS (
        SELECT FROM diary_consent
        WHERE patient_id = found.id AND version = %s AND withdrawn_at IS NULL
    ) AS consented
    FROM diary_patient AS found WHERE user_id = %s
    """,
)


def patient_of(user: User) -> Patient | None:
    """The patient this account belongs to, with `consented` set; None for any other account."""
    return _PATIENT.first(required_version(), user.pk)


def standing_records(kind: type[Entry | Massage], patient: Patient) -> QuerySet[Any]:
    """The patient's records of one kind that were not withdrawn."""
    return kind.objects.filter(patient=patient, deleted_at=None)


def version(event: Any, kind: type[Entry | Massage], patient: Patient) -> dict[str, Any]:
    """One version of a record, from its history: who wrote what, and when."""
    return {
        "version": event.version,
        "op": "delete" if event.deleted_at else "put",
        "at": event.changed_at,
        "by": "patient" if event.changed_by_id == patient.user_id else "physician",
        "data": records.as_sent(event, kind),
    }


def current_care() -> Q:
    """The condition that a care relationship holds now."""
    return Q(ended_at=None)


def patients_of(physician: User) -> QuerySet[Patient]:
    """The patients assigned to this physician now, and nobody else."""
    own = CareRelationship.objects.filter(
        current_care(), patient=OuterRef("pk"), physician=physician
    )
    return Patient.objects.filter(Exists(own))


def has_standing_consent(patient: Patient) -> bool:
    """Whether the patient has agreed to any version and not taken it back."""
    return Consent.objects.filter(patient=patient, withdrawn_at=None).exists()
