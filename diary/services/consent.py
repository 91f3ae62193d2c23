"""Giving and withdrawing consent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from diary.consent import required_version
from diary.locking import locked
from diary.models import Consent
from diary.signals import announce_profile


class OutdatedConsent(ValueError):
    """Only the required version can be agreed to."""


def give(*, patient_id: UUID, version: str, at: datetime | None = None) -> Consent:
    """Record the patient's consent; given again, it changes nothing."""
    if version != required_version():
        raise OutdatedConsent(version)
    with transaction.atomic(durable=True):
        patient, now = locked(patient_id)
        consent, _ = Consent.objects.get_or_create(
            patient=patient,
            version=version,
            withdrawn_at=None,
            defaults={"given_at": at or now},
        )
        announce_profile(patient, at=at or now)  # what was left alone is looked at again
    return consent


def withdraw(*, patient_id: UUID, at: datetime | None = None) -> None:
    """Withdraw every standing consent; messages stop at their next look at it."""
    with transaction.atomic(durable=True):
        patient, now = locked(patient_id)
        Consent.objects.filter(patient=patient, withdrawn_at=None).update(withdrawn_at=at or now)
