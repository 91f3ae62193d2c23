"""Telling the people who run the service that something failed."""

from datetime import datetime

import structlog
from django.db.models import F

from alerts.models import Incident, IncidentKind
from diary.models import Patient

log = structlog.get_logger("alerts.incidents")


def report(*, patient: Patient | None, kind: IncidentKind, cause: str, at: datetime) -> None:
    """Record an incident; one that is open already is counted. `cause` is a code, never content."""
    log.error("incident", kind=kind.value, cause=cause)
    incident, created = Incident.objects.get_or_create(
        patient=patient, kind=kind, cause=cause[:200], resolved_at=None, defaults={"at": at}
    )
    if not created:
        Incident.objects.filter(pk=incident.pk).update(count=F("count") + 1)
