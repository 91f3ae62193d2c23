"""What the owner of an account is told by mail of the account itself."""

from django.db import transaction

from alerts import messages
from alerts.models import AlertEvent, EventKind, Level
from diary.locking import locked
from diary.models import Patient, User

NEW_LOG_IN = "account.new_log_in"


def tell_log_in(user: User) -> None:
    """Owe a patient a mail that somebody logged in to the account; nothing to anybody else."""
    patient_id = Patient.objects.filter(user=user).values_list("pk", flat=True).first()
    if patient_id is None:
        return
    with transaction.atomic():
        patient, now = locked(patient_id)
        event = AlertEvent.objects.create(
            patient=patient,
            kind=EventKind.NOTICE,
            at=now,
            level=Level.INFO,
            text_key=NEW_LOG_IN,
        )
        messages.owe(patient, [event], at=now)
