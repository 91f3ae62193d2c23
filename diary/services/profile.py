"""Changing a profile: each change is dated, signed and kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from diary.locking import locked
from diary.models import Patient, ProfileChange, User
from diary.signals import announce_profile


def change(
    *,
    patient_id: UUID,
    fields: dict[str, Any],
    by: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> Patient:
    """Apply the named wire fields to a profile; null takes a value back to its default.

    `by` is who decided, None for an operator's command.
    """
    with transaction.atomic(durable=True):
        patient, now = locked(patient_id)
        moment = at or now
        for name, value in fields.items():
            if name == "timezone" and value is None:
                continue  # days need a zone: taking it back changes nothing
            setattr(patient, name, _default(name) if value is None else _stored(value))
        patient.save(update_fields=list(fields))
        ProfileChange.objects.create(
            patient=patient, at=moment, by=by, reason=reason, fields=_json(fields)
        )
        announce_profile(patient, at=moment)
    return patient


def _default(name: str) -> Any:
    return getattr(Patient(), name)  # a new row has every default


def _stored(value: Any) -> Any:
    return _json(value) if isinstance(value, dict) else value


def _json(value: Any) -> Any:
    match value:
        case dict():
            return {name: _json(member) for name, member in value.items()}
        case date():
            return value.isoformat()
        case _:
            return value
