"""Offline sync: what a phone has stored up, and what it has not yet heard, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction

from diary.locking import locked
from diary.models import Entry, Patient
from diary.services import feed, kept_answers, rejected
from diary.services.kept_answers import Named
from diary.services.ledger import Ledger, Refused
from diary.services.rejected import Unreadable
from diary.services.wishes import Conflict, Wish
from diary.signals import Arrival, DiaryChange, announce

Item = Wish | Unreadable
# Of two items of one request the later is received later, by as little as can be told.
_TICK: Final = timedelta.resolution
_STATUS: Final = {
    "created": "created",
    "corrected": "updated",
    "annotated": "updated",
    "restored": "updated",
    "withdrawn": "deleted",
    "unchanged": "unchanged",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a phone sends: its items in order, the place it has heard up to, and perhaps a name."""

    items: Sequence[Item]
    after: int = 0
    named: Named | None = None


class Exchanged(NamedTuple):
    """The answer, and whether it was given before."""

    body: bytes
    is_repeated: bool


def exchange(
    *,
    patient_id: UUID,
    request: Request,
    render: Callable[[dict[str, Any]], bytes],
    at: datetime | None = None,
) -> Exchanged:
    """Apply the items of a request, and tell what else has changed.

    A named request has one effect and one answer, which is rendered and kept in the transaction.
    Raises KeyReused for a name that belongs to another body.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        now, named = at or clock, request.named
        if named and (kept := kept_answers.recall(patient, named, at=now)) is not None:
            return Exchanged(kept, is_repeated=True)
        body = render(_answered(patient, request, now))
        if named:
            kept_answers.keep(patient, named, body, at=now)
    return Exchanged(body, is_repeated=False)


def _answered(patient: Patient, request: Request, now: datetime) -> dict[str, Any]:
    begun_at = feed.next_place()
    outcome = _applied(patient, {now + n * _TICK: item for n, item in enumerate(request.items)})
    page = feed.page(patient, after=request.after, begun_at=begun_at, disputed=outcome.disputed)
    return {
        "results": outcome.results,
        "changes": page.changes,
        "cursor": page.cursor,
        "has_more": page.has_more,
        **outcome.answered,
    }


class _Outcome(NamedTuple):
    results: list[dict[str, Any]]  # of each item
    answered: dict[str, Any]  # what listeners say of the whole
    disputed: set[UUID]  # records that are not as their items wished


def _applied(patient: Patient, arrived: Mapping[datetime, Item]) -> _Outcome:
    """Apply items, each under the time of its receipt."""
    wishes = {at: item for at, item in arrived.items() if isinstance(item, Wish)}
    ledger = Ledger(patient, list(wishes.values()))
    done = {at: ledger.take(wish, at=at) for at, wish in wishes.items()}
    ledger.write()
    unreadable = {at: item for at, item in arrived.items() if isinstance(item, Unreadable)}
    unread = rejected.keep(patient, unreadable)
    changes = {at: each for at, each in done.items() if isinstance(each, DiaryChange)}
    arrivals: list[Arrival] = [*changes.values(), *unread]
    arrivals.sort(key=lambda arrival: arrival.at)
    answers = announce(patient, arrivals)
    heard = {arrival.at: said for arrival, said in zip(arrivals, answers.each, strict=True)}
    results = [{**_result(item, done.get(at)), **heard.get(at, {})} for at, item in arrived.items()]
    return _Outcome(results, answers.whole, _disputed(wishes, done, unreadable))


def _disputed(
    wishes: Mapping[datetime, Wish],
    done: Mapping[datetime, DiaryChange | Refused],
    unreadable: Mapping[datetime, Unreadable],
) -> set[UUID]:
    refused = {wishes[at].record_id for at, each in done.items() if isinstance(each, Refused)}
    return refused | {item.record_id for item in unreadable.values() if item.record_id}


def _result(item: Item, done: DiaryChange | Refused | None) -> dict[str, Any]:
    """What a phone is told of its item; listeners add to it."""
    result: dict[str, Any] = {"errors": [], "alerts": [], "version": None}
    if isinstance(item, Unreadable):
        named = {"type": item.type, "id": item.id, "status": "invalid"}
        return {**named, **result, "errors": item.errors}
    named = {"type": "entry" if item.kind is Entry else "massage", "id": str(item.record_id)}
    match done:
        case DiaryChange():
            status, result["version"] = _STATUS[done.effect], done.record.version
        case Refused(reason=Conflict() as conflict):
            status, result["errors"] = "conflict", [_error(conflict)]
            result["version"] = done.record.version if isinstance(done.record, item.kind) else None
        case _:
            status = "deleted"  # there is no such record, which is as wished
    return {**named, "status": status, **result}


def _error(conflict: Conflict) -> dict[str, str]:
    pointer = "/if_version" if conflict.code == "version_moved" else "/id"
    return {"pointer": pointer, "code": conflict.code, "detail": conflict.detail}
