"""Whether a request has been here before, for records that it names more than once.

One that is named once shows it by itself: it is already as it is wished. Of several wishes the
history tells. Without this, a request whose answer was lost would walk a record through all its
versions again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from diary import records
from diary.models import Entry, Massage
from diary.services.wishes import Row, Wish

Wanted = dict[str, Any] | None  # the columns of a version; None: withdrawn


def repeated(wishes: Sequence[Wish], rows: Mapping[UUID, Row]) -> set[UUID]:
    """The records whose newest versions are the very ones wished for, in this order."""
    walks = _walks(wishes, rows)
    if not walks:
        return set()
    newest = _newest(walks, rows)
    return {
        record_id
        for record_id, walk in walks.items()
        if len(newest[record_id]) == len(walk)
        and all(_is(event, wanted) for event, wanted in zip(newest[record_id], walk, strict=True))
    }


def _walks(wishes: Sequence[Wish], rows: Mapping[UUID, Row]) -> dict[UUID, list[Wanted]]:
    """For each known record that is named more than once, what it is to be, step by step."""
    named: dict[UUID, list[Wish]] = defaultdict(list)
    for wish in wishes:
        if isinstance(rows.get(wish.record_id), wish.kind):
            named[wish.record_id].append(wish)
    return {
        record_id: _steps([_wanted(wish) for wish in several])
        for record_id, several in named.items()
        if len(several) > 1
    }


def _wanted(wish: Wish) -> Wanted:
    if wish.draft is None:
        return None
    columns = records.columns(wish.draft)
    del columns["utc_offsets"]  # the same instant, said in another zone
    return columns


def _steps(walk: list[Wanted]) -> list[Wanted]:
    """Without the wishes that ask for what the wish before has asked for."""
    return [wanted for index, wanted in enumerate(walk) if not index or wanted != walk[index - 1]]


def _newest(walks: Mapping[UUID, list[Wanted]], rows: Mapping[UUID, Row]) -> dict[UUID, list[Any]]:
    """As many of the newest versions of each record as its walk has steps, oldest first."""
    newest: dict[UUID, list[Any]] = defaultdict(list)
    for kind in (Entry, Massage):
        own = [record_id for record_id in walks if isinstance(rows[record_id], kind)]
        since = {record_id: rows[record_id].version - len(walks[record_id]) for record_id in own}
        for event in _events(kind, [rows[record_id] for record_id in own], since):
            if event.version > since[event.record_id]:
                newest[event.record_id].append(event)
    return newest


def _events(kind: Any, rows: list[Row], since: Mapping[UUID, int]) -> Iterable[Any]:
    if not rows:
        return ()
    versions = kind.events.rel.related_model.objects.filter(
        pgh_obj__in=[row.pk for row in rows], version__gt=min(since.values())
    )
    ordered: Iterable[Any] = versions.order_by("version")
    return ordered


def _is(event: Any, wanted: Wanted) -> bool:
    if wanted is None or event.deleted_at:
        return wanted is None and event.deleted_at is not None
    return not records.differing(event, wanted)
