"""Proving on live data that what was promised holds: nothing lost, nothing doubled.

`proof` looks at some patients at a time, in one snapshot of the database, so that its memory does
not grow and that nothing is taken for broken that was merely being written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alerts.models import AlertEvent, Delivery
from alerts.verification import judgement, promises
from diary.models import Entry, Massage, Patient

__all__ = ["Finding", "Progress", "Whom", "proof"]

_AT_ONCE = 200  # patients
_SHOWN = 5  # ids

Progress = Callable[[int], None]  # is told how many patients have been looked at


@dataclass
class Finding:
    """How often a promise is broken, and where to look first."""

    code: str
    promise: str
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, where: Iterable[object]) -> None:
        for identifier in where:
            self.count += 1
            if len(self.examples) < _SHOWN:
                self.examples.append(str(identifier))


class Whom(NamedTuple):
    """The patients to look at: everybody, unless it says otherwise."""

    since: datetime | None = None  # only those of whom something was written since
    most: int | None = None  # only so many, drawn by lot


def proof(who: Whom, *, progress: Progress = lambda _: None) -> list[Finding]:
    """Every promise, with what breaks it."""
    findings = {
        code: Finding(code, promise) for code, promise in (promises.SAID | judgement.SAID).items()
    }
    with _one_snapshot():
        _look(findings, promises.of_the_service())
    done = 0
    for patients in _chunks(who):
        with _one_snapshot():
            _look(findings, promises.of_patients(patients))
            _look(findings, judgement.of_patients(patients))
        done += len(patients)
        progress(done)
    return list(findings.values())


def _look(findings: dict[str, Finding], broken: Iterator[tuple[str, list[object]]]) -> None:
    for code, where in broken:
        findings[code].add(where)


class _one_snapshot(transaction.Atomic):  # noqa: N801  it reads like `transaction.atomic`
    """A transaction that sees one state of the database and changes none."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=False, durable=True)

    def __enter__(self) -> None:
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _chunks(who: Whom) -> Iterator[list[UUID]]:
    if who.most is not None:
        drawn = list(_patients(who).order_by("?").values_list("pk", flat=True)[: who.most])
        yield from (drawn[at : at + _AT_ONCE] for at in range(0, len(drawn), _AT_ONCE))
        return
    after = UUID(int=0)
    while chunk := _next(_patients(who), after):
        yield chunk
        after = chunk[-1]


def _next(patients: QuerySet[Patient], after: UUID) -> list[UUID]:
    return list(
        patients.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]
    )


def _patients(who: Whom) -> QuerySet[Patient]:
    if who.since is None:
        return Patient.objects.all()
    own = {"patient": OuterRef("pk")}
    written: Sequence[Exists] = [
        Exists(Entry.objects.filter(**own, changed_at__gte=who.since)),
        Exists(Massage.objects.filter(**own, changed_at__gte=who.since)),
        Exists(AlertEvent.objects.filter(**own, at__gte=who.since)),
        Exists(Delivery.objects.filter(**own, created_at__gte=who.since)),
    ]
    any_of = Q()
    for condition in written:
        any_of |= Q(condition)
    return Patient.objects.filter(any_of)
