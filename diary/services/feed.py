"""The change feed of one patient: pages of what changed, and cursors into it.

It is read under the patient's lock, so nothing of this patient is half written meanwhile.
"""

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core import signing
from django.db import connection
from django.db.models import Q

from diary import records
from diary.models import Entry, Massage, Patient
from diary.signals import FeedItem, feed_of_others

PAGE: Final = 500
_TYPES: Final[dict[type[Entry | Massage], str]] = {Entry: "entry", Massage: "massage"}


class NoSuchPlace(ValueError):
    """The cursor was not made here for this patient."""


class Page(NamedTuple):
    """What a phone is told next, oldest first, and where the next page begins."""

    changes: list[dict[str, Any]]
    cursor: str
    has_more: bool


def place_of(cursor: str | None, *, patient_id: UUID) -> int:
    """The place that a cursor of this patient names; None is the beginning."""
    if cursor is None:
        return 0
    try:
        place: int = signing.loads(cursor, salt=_salt(patient_id))
    except signing.BadSignature as error:
        raise NoSuchPlace from error
    return place


def next_place() -> int:
    """A place behind all that was written so far, and before all that will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('diary_feed_position')")
        place: int = cursor.fetchone()[0]
    return place


def page(patient: Patient, *, after: int, begun_at: int, disputed: Collection[UUID]) -> Page:
    """What changed beyond a place, except the records that were written since `begun_at`.

    Those this request has written, and its phone knows them; it is told the `disputed` ones.
    """
    news = Q(position__gt=after) & (Q(position__lt=begun_at) | Q(record_id__in=disputed))
    found = [item for kind in _TYPES for item in _of_records(kind, patient, news)]
    found += feed_of_others(patient, after=after, limit=PAGE + 1)
    found.sort(key=lambda item: item.position)
    told = found[:PAGE]
    has_more = len(found) > PAGE
    place = told[-1].position if has_more else next_place()
    return Page([item.said for item in told], _cursor(place, patient), has_more)


def _of_records(kind: type[Entry | Massage], patient: Patient, news: Q) -> list[FeedItem]:
    rows: Any = kind.objects.filter(news, patient=patient).order_by("position")
    return [FeedItem(row.position, _said(row, kind)) for row in rows[: PAGE + 1]]


def _said(row: Entry | Massage, kind: type[Entry | Massage]) -> dict[str, Any]:
    said = {"type": _TYPES[kind], "op": "delete" if row.deleted_at else "put"}
    named = {**said, "id": str(row.record_id), "changed_at": row.changed_at}
    return named if row.deleted_at else {**named, "data": records.shown(row)}


def _cursor(place: int, patient: Patient) -> str:
    return signing.dumps(place, salt=_salt(patient.pk))


def _salt(patient_id: UUID) -> str:
    return f"feed of {patient_id}"
