"""Items of a sync that cannot become records: kept as they came, for a human to look at."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from diary.models import Patient, RejectedItem
from diary.signals import UnreadItem


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot become a wish: how it came, what of its name can be read, and why."""

    content: Any  # JSON of any kind
    type: str | None
    id: str | None
    errors: list[dict[str, str]]

    @property
    def text(self) -> str:
        """The JSON of the item."""
        return json.dumps(self.content, ensure_ascii=False)

    @property
    def record_id(self) -> UUID | None:
        """The id that it names, if it is one."""
        try:
            return UUID(self.id or "")
        except ValueError:
            return None


def keep(patient: Patient, items: Mapping[datetime, Unreadable]) -> list[UnreadItem]:
    """Keep items, each under the time of its receipt; those not kept before come back."""
    if not items:
        return []
    digests = {at: _digest(item) for at, item in items.items()}
    of_patient = RejectedItem.objects.filter(patient=patient, digest__in=digests.values())
    known = {bytes(digest) for digest in of_patient.values_list("digest", flat=True)}
    rows: dict[bytes, RejectedItem] = {}
    for at, digest in digests.items():
        if digest not in known | rows.keys():
            rows[digest] = _row(patient, items[at], digest, at)
    RejectedItem.objects.bulk_create(rows.values())
    return [_unread(row, items[row.received_at]) for row in rows.values()]


def _digest(item: Unreadable) -> bytes:
    return hashlib.sha256(item.text.encode()).digest()


def _row(patient: Patient, item: Unreadable, digest: bytes, at: datetime) -> RejectedItem:
    return RejectedItem(
        patient=patient, received_at=at, item=item.text, errors=item.errors, digest=digest
    )


def _unread(row: RejectedItem, item: Unreadable) -> UnreadItem:
    content = item.content if isinstance(item.content, dict) else {}
    return UnreadItem(item.record_id or row.pk, content, row.received_at)
