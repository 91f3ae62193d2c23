"""Erase a patient for good, when they ask the clinic instead of the app."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diary.models import Patient
from diary.services import erasure


class Command(BaseCommand):
    help = "Erase a patient, the account and everything about them; it cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="the address of the account")

    def handle(self, *, email: str, **_: Any) -> None:
        patient = Patient.objects.filter(user__email__iexact=email.strip()).first()
        if patient is None:
            raise CommandError("No patient has this address.")
        receipt = erasure.erase(patient_id=patient.pk)
        self.stdout.write(f"Erased. Receipt {receipt.pk}.")
