"""Finding what is due in PostgreSQL: the only scheduler, as often and as many as one likes."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby, zip_longest
from typing import Any
from uuid import UUID

import structlog
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, Now
from django.db.models.lookups import LessThan

from alerts import breaker, delivery, ends, evaluation, outages, tasks
from alerts.models import Delivery, DeliveryState, FarEnd, Watch
from diary.failpoints import reached

# A worker that was asked gets this long before it is asked again; less when the broker has nothing
# left to tell it, for then it has been told, or the broker has forgotten.
PATIENCE = timedelta(seconds=10)
SHORT_PATIENCE = timedelta(seconds=2)
# What is overdue by more than this is not waited for: nobody seems to listen.
OVERDUE = timedelta(seconds=20)
# What a sweep does itself takes at most so long, for evaluations and for deliveries each: a far
# end that hangs must not stop the rest.
INLINE_SECONDS = 2.5
_AT_ONCE = 200
log = structlog.get_logger("alerts.sweep")
_ear = outages.Ear()


@dataclass(slots=True)
class Due:
    """Something that is due, and that was not asked for lately."""

    key: UUID
    is_overdue: bool
    was_asked: bool
    channel: str = ""
    level: int = 0
    is_refused: bool = False  # by the broker

    @property
    def is_unheard(self) -> bool:
        """Whether to do it here. Workers that have come back take what this cannot do."""
        return self.is_refused or self.is_overdue


def sweep() -> int:
    """Ask workers for everything that is due, or do it here if nobody hears; answer how much."""
    _calmly(breaker.release)
    _calmly(ends.end_held)
    patience = SHORT_PATIENCE if tasks.nothing_waits() else PATIENCE
    watches, deliveries, probes = _watches(patience), _deliveries(patience), _probes(patience)
    taken = [*watches, *deliveries, *probes]
    if taken:
        reached("swept")
    _ask(watches, tasks.nudge_evaluation)
    _ask([*deliveries, *probes], tasks.nudge_delivery)
    _calmly(lambda: _listen(taken))
    if _do(Watch, watches, _evaluate):
        owed_anew = _deliveries()
        _ask(owed_anew, tasks.nudge_delivery)
        deliveries += owed_anew
    # Far ends that failed are tried last: each may cost the time of all that comes after.
    _do(Delivery, [*_in_turn(deliveries), *probes], delivery.deliver)
    return len(taken)


def _calmly(do: Callable[[], object]) -> None:
    """What fails must not stop the sweep."""
    try:
        do()
    except Exception:
        log.exception("could not be done")


def _watches(patience: timedelta) -> list[Due]:
    return _taken(Watch.objects.order_by("due_at"), since=F("due_at"), patience=patience)


def _deliveries(patience: timedelta = PATIENCE) -> list[Due]:
    """What is owed; what waits for a far end that is down is left alone."""
    owed = Delivery.objects.filter(_is_free(), state=DeliveryState.OWED, waits_for="")
    urgent_first = owed.order_by("-level", "due_at", "created_at")
    return _taken(urgent_first, "channel", "level", since=F("due_at"), patience=patience)


def _probes(patience: timedelta) -> list[Due]:
    """One message for each far end that failed and may be tried again."""
    keys = breaker.probes()
    if not keys:
        return []
    far_end = FarEnd.objects.filter(pk=OuterRef("waits_for"))
    since = Greatest(
        "due_at", Subquery(far_end.values("open_until")), Subquery(far_end.values("probe_until"))
    )
    found = Delivery.objects.filter(_is_free(), pk__in=keys).order_by("-level")
    return _taken(found, "channel", "level", since=since, patience=patience)


def _is_free() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=Now())


def _taken(rows: models.QuerySet[Any], *more: str, since: Any, patience: timedelta) -> list[Due]:
    """Take what is due `since` then and was not asked for lately."""
    unasked = Q(nudged_at=None) | Q(nudged_at__lt=Now() - patience)
    with transaction.atomic():
        found = list(
            rows.filter(unasked, due_at__lte=Now())
            .select_for_update(skip_locked=True, of=("self",))
            .annotate(is_overdue=LessThan(since, Now() - OVERDUE))
            .values("pk", "is_overdue", "nudged_at", *more)[:_AT_ONCE]
        )
        _mark(rows.model, [row["pk"] for row in found], nudged_at=Now())
    return [Due(row.pop("pk"), was_asked=row.pop("nudged_at") is not None, **row) for row in found]


def _mark(model: Any, keys: list[UUID], *, nudged_at: Any) -> None:
    if keys:
        model.objects.filter(pk__in=keys).update(nudged_at=nudged_at)


def _ask(found: Iterable[Due], nudge: Callable[..., bool]) -> None:
    for due in found:
        due.is_refused = not nudge(due.key, level=due.level)


def _listen(taken: list[Due]) -> None:
    """Notice when the broker takes what nobody does."""
    if taken:
        _ear.note(refused=any(due.is_refused for due in taken))
    outages.watch(nobody_came=_ear.has_waited and any(map(_is_left_lying, taken)))


def _is_left_lying(due: Due) -> bool:
    return due.is_overdue and due.was_asked and not due.is_refused


def _in_turn(deliveries: list[Due]) -> list[Due]:
    """By level, and within a level one of each channel in turn: slow mails must not stop pushes."""
    turns: list[Due | None] = []
    urgent_first = sorted(deliveries, key=lambda due: -due.level)
    for _, equals in groupby(urgent_first, key=lambda due: due.level):
        channels: dict[str, list[Due]] = {}
        for due in equals:
            channels.setdefault(due.channel, []).append(due)
        turns += [due for turn in zip_longest(*channels.values()) for due in turn]
    return [due for due in turns if due is not None]


def _do(model: type[models.Model], found: list[Due], do: Callable[[UUID], object]) -> int:
    """Do here what nobody has heard of, and answer how much.

    What there was no time for is taken by the next sweep, unless the broker has it.
    """
    until = time.monotonic() + INLINE_SECONDS
    unheard = [due for due in found if due.is_unheard]
    done = 0
    while done < len(unheard) and time.monotonic() <= until:
        _calmly(partial(do, unheard[done].key))
        done += 1
    _mark(model, [due.key for due in unheard[done:] if due.is_refused], nudged_at=None)
    return done


def _evaluate(patient_id: UUID) -> None:
    evaluation.evaluate(patient_id=patient_id)  # what it owes is asked for next, like the rest
