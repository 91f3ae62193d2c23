"""Erasing a patient: everything, in one transaction; what stays is a receipt without content."""

import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pgtrigger
import structlog
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from diary import belongings, traces
from diary.belongings import Table, Ways
from diary.locking import locked
from diary.models import Erasure, Patient, User
from diary.signals import MessageUnderWay, announce_erasure

# A message that is on the wire would arrive after its patient is gone: its end is waited for as
# long as any send may take.
WAITS_SECONDS = 16.0
_LOOKS_EVERY = 0.1
log = structlog.get_logger("diary.erasure")


def erase(*, patient_id: UUID, at: datetime | None = None) -> Erasure:
    """Delete a patient, the account behind and every row about them; answer the receipt.

    Everything goes in one transaction under the patient's lock, the histories that nothing else
    may delete too. An account that also works here (a physician who is a patient) stays, logged
    out. Works for canaries as for people. Raises Patient.DoesNotExist when there is none.
    """
    until = time.monotonic() + WAITS_SECONDS
    while True:
        try:
            with transaction.atomic(durable=True):
                return _erased(patient_id, at, wait=time.monotonic() < until)
        except MessageUnderWay:
            time.sleep(_LOOKS_EVERY)


def digest_of(patient_id: UUID) -> str:
    """What the ledger knows a patient by; without the secret key nobody can make it."""
    return salted_hmac("diary.erasure", str(patient_id), algorithm="sha256").hexdigest()


def _erased(patient_id: UUID, at: datetime | None, *, wait: bool) -> Erasure:
    patient, clock = locked(patient_id)
    announce_erasure(patient, wait=wait)
    # Now also against rows that merely refer to the patient, such as that somebody has read.
    patient = Patient.objects.select_for_update().select_related("user").get(pk=patient_id)
    tables = belongings.of_patient()
    with pgtrigger.ignore(*_guards([Patient, *tables])):
        counts = _rows_deleted(tables, patient)
        counts |= _deleted(Patient, Patient.objects.filter(pk=patient_id))
    counts |= _account_deleted(patient.user)
    traces.forget_counters([patient_id, patient.user_id], address=patient.user.email)
    transaction.on_commit(partial(traces.burn_mails, patient.user.email), robust=True)
    receipt = Erasure.objects.create(
        at=at or clock, digest=digest_of(patient_id), counts=_without_nothing(counts)
    )
    # Outside the database: a backup that is restored does not know of it.
    said = {"receipt": str(receipt.pk), "digest": receipt.digest}
    transaction.on_commit(partial(log.info, "patient erased", **said), robust=True)
    return receipt


def _guards(tables: Iterable[Table]) -> list[str]:
    """The triggers that keep these tables append-only, each by its exact name."""
    guarded = {table._meta.label for table in tables}
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if model._meta.label in guarded and isinstance(trigger, pgtrigger.Protect)
    ]


def _rows_deleted(tables: Ways, owner: Patient | User) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, ways in tables.items():
        for way in belongings.needed(table, ways):
            for name, count in _deleted(table, _of(table, way, owner)).items():
                counts[name] = counts.get(name, 0) + count
    return counts


def _of(table: Table, way: str, owner: Patient | User) -> QuerySet[Any]:
    return table._base_manager.filter(**{way: owner})  # noqa: SLF001  no manager may hide rows


def _deleted(table: Table, rows: QuerySet[Any]) -> dict[str, int]:
    """Delete rows, and what the admin's log says of them."""
    traces.forget_staff_log(table, rows)
    # By one statement: the rows of ten years need not come here, and the order is ours.
    return {table._meta.db_table: rows._raw_delete(rows.db)}  # noqa: SLF001


def _account_deleted(user: User) -> dict[str, int]:
    traces.end_sessions(user)
    if _works_here(user):
        return _deleted(UserSession, UserSession.objects.filter(user=user))
    counts = _rows_deleted(belongings.of_account(), user)
    return counts | _deleted(User, User.objects.filter(pk=user.pk))


def _works_here(user: User) -> bool:
    """Whether the account has, or had, to do with other patients: what was done there names it."""
    return (
        user.is_staff
        or user.is_superuser
        or any(
            _of(table, column, user).exists() for table, column in belongings.naming_an_account()
        )
    )


def _without_nothing(counts: dict[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}
