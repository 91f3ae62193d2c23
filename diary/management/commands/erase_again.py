"""Erase those whom a restored backup has brought back."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diary.models import Erasure, Patient
from diary.services import erasure


class Command(BaseCommand):
    help = "Read the lines of `erasures`, or of the log, and erase every patient they are about."

    def handle(self, **_: Any) -> None:
        gone = {*_digests(sys.stdin), *Erasure.objects.values_list("digest", flat=True)}
        # Patients alone are walked through, and their ids alone: a minute for some millions.
        known = Patient.objects.values_list("pk", flat=True).iterator()
        back = [patient for patient in known if erasure.digest_of(patient) in gone]
        for patient in back:
            erasure.erase(patient_id=patient)
        self.stdout.write(f"Erased again: {len(back)}.")


def _digests(lines: Iterable[str]) -> set[str]:
    try:
        said = [json.loads(line) for line in lines if line.strip()]
        return {line["digest"] for line in said if "digest" in line}
    except (ValueError, TypeError) as error:
        raise CommandError("A line cannot be read; nothing was erased.") from error
