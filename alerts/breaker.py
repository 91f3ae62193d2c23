"""A provider's host that is down is not asked again and again: what goes there waits.

After its first failure one attempt is made at a time, by all processes together; after a few in
a row nothing is tried for a while, and then one probe. Its first answer lets everything go.
"""

from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from alerts.models import Delivery, DeliveryState, FarEnd

OPENS_AFTER = 3  # failures in a row
OPEN_FOR = timedelta(seconds=15)
OPEN_AT_MOST = timedelta(minutes=5)  # whatever the provider asks for


class Way(Enum):
    """How things stand with a far end, for one who wants to send there."""

    CLEAR = auto()
    ALONE = auto()  # it failed lately: we are the one who tries
    BARRED = auto()


def way_to(host: str, *, within: timedelta) -> Way:
    """Whether to send there now; whoever is alone has `within` to say what came of it."""
    if not host or not FarEnd.objects.filter(pk=host).exists():
        return Way.CLEAR
    won = FarEnd.objects.filter(_is_over("open_until"), _is_over("probe_until"), pk=host)
    return Way.ALONE if won.update(probe_until=Now() + within) else Way.BARRED


def answered(host: str, way: Way) -> None:
    """The far end works: `release` what waits for it, once this is committed."""
    if way is Way.ALONE:
        FarEnd.objects.filter(pk=host).delete()


def failed(host: str, way: Way, *, retry_after: timedelta | None, jitter: float) -> None:
    """Count a failure of the far end itself."""
    if not host:
        return
    pause = max(OPEN_FOR * jitter, min(retry_after or timedelta(0), OPEN_AT_MOST))
    values: dict[str, Any] = {
        "host": host,
        "is_ours": way is Way.ALONE,
        "most": OPENS_AFTER,
        "pause": pause,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, values)


def let_go(host: str, way: Way) -> None:
    """Our try said nothing about the far end: let somebody else try."""
    if way is Way.ALONE:
        FarEnd.objects.filter(pk=host).update(probe_until=None)


# Who came before the first failure was not alone: it leaves the turn to whoever has it.
_FAILED = """
    INSERT INTO alerts_farend AS far_end (host, failures) VALUES (%(host)s, 1)
    ON CONFLICT (host) DO UPDATE SET
        failures = far_end.failures + 1,
        open_until = CASE WHEN far_end.failures + 1 >= %(most)s
            THEN GREATEST(far_end.open_until, clock_timestamp() + %(pause)s) END,
        probe_until = CASE WHEN NOT %(is_ours)s THEN far_end.probe_until END
"""


def release(*hosts: str) -> int:
    """Make due at once what waits for these hosts, or for any that works again; answer how much.

    Rows that somebody is busy with are left; the next sweep finds them.
    """
    failing = FarEnd.objects.filter(pk=OuterRef("waits_for"))
    waiting = held().filter(~Exists(failing))
    with transaction.atomic():
        rows = waiting.filter(waits_for__in=hosts) if hosts else waiting
        locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        found = list(locked.values_list("pk", flat=True))
        if not found:
            return 0
        Delivery.objects.filter(pk__in=found).update(waits_for="", due_at=Now(), nudged_at=None)
    return len(found)


def held() -> QuerySet[Delivery]:
    """What waits for a far end."""
    return Delivery.objects.filter(state=DeliveryState.OWED).exclude(waits_for="")


def probes() -> list[UUID]:
    """The most urgent message for each far end that may be tried again."""
    due = FarEnd.objects.filter(
        _is_over("open_until"), _is_over("probe_until"), pk=OuterRef("waits_for")
    )
    found = held().filter(Exists(due), due_at__lte=Now())
    most_urgent = found.order_by("waits_for", "-level", "due_at", "created_at")
    return list(most_urgent.distinct("waits_for").values_list("pk", flat=True))


def _is_over(moment: str) -> Q:
    return Q((moment, None)) | Q((f"{moment}__lte", Now()))
