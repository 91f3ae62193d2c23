"""Telling the people who run the service that something failed."""

from datetime import datetime
from uuid import UUID, uuid4

import structlog
from django.db import connection

from alerts.models import Channel, Delivery, Incident, IncidentKind, Level
from diary.models import Patient

log = structlog.get_logger("alerts.incidents")

# Two processes may report the same at once: one of them opens the incident, the other counts.
_REPORT = """
    INSERT INTO alerts_incident AS incident (id, patient_id, kind, cause, at, count)
    VALUES (%(id)s, %(patient)s, %(kind)s, %(cause)s, %(at)s, 1)
    ON CONFLICT (patient_id, kind, cause) WHERE resolved_at IS NULL
    DO UPDATE SET count = incident.count + 1
    RETURNING incident.id
"""


def report(
    *,
    patient: Patient | None,
    kind: IncidentKind,
    cause: str,
    at: datetime,
    is_told: bool = False,
) -> None:
    """Record an incident and mail whoever is on call; one that is open already is only counted.

    `cause` is a code, never content. `is_told`: they get a message of its own anyway. That such a
    mail is dead is one incident more, which is then counted like any other, so that it ends there.
    """
    log.error("incident", kind=kind.value, cause=cause)
    identifier = uuid4()
    row: dict[str, str | UUID | datetime | None] = {
        "id": identifier,
        "patient": patient.pk if patient else None,
        "kind": kind.value,
        "cause": cause[:200],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, row)
        is_new = cursor.fetchone() == (identifier,)
    is_canary = patient is not None and patient.is_canary
    if is_new and not is_told and not is_canary:
        _tell_on_call(identifier, at=at)


def resolve(incident_id: UUID, *, at: datetime) -> bool:
    """Mark an incident as dealt with: the next one of its kind is told again. False: it was."""
    standing = Incident.objects.filter(pk=incident_id, resolved_at=None)
    return bool(standing.update(resolved_at=at))


def _tell_on_call(incident_id: UUID, *, at: datetime) -> None:
    Delivery.objects.create(
        incident_id=incident_id,
        channel=Channel.EMAIL,
        level=Level.DOCTOR,
        created_at=at,
        due_at=at,
    )
