"""The ledger of erasures, to be kept outside the database and its backups."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from diary.models import Erasure


class Command(BaseCommand):
    help = "Print a line for each erasure; after a restore, `erase_again` reads them."

    def handle(self, **_: Any) -> None:
        for receipt in Erasure.objects.order_by("at", "pk").iterator():
            line = {
                "receipt": str(receipt.pk),
                "at": receipt.at.isoformat(),
                "digest": receipt.digest,
            }
            self.stdout.write(json.dumps(line))
