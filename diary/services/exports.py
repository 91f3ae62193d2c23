"""A patient takes a copy of everything along."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from diary import accesses, limits
from diary.limits import Rate
from diary.locking import locked
from diary.models import User

A_DAY: Final = Rate(5, timedelta(days=1))


def begin(*, patient_id: UUID, by: User) -> None:
    """Count an export and keep that it was made; raise TooManyRequests after five in a day."""
    limits.check({f"export:{patient_id}": A_DAY})
    with transaction.atomic():
        locked(patient_id)  # whoever is just erased leaves no trace of this either
        accesses.record_export(patient_id, by=by)
