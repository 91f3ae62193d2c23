"""Moving the clock of one patient: everything of theirs is put back, in one transaction.

The clock of all that is owed is the database's, and nobody moves that. So a patient whose clock
goes forward by an hour is one whose whole past lies an hour further back.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple
from uuid import UUID

import pgtrigger
from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from alerts import erasure
from alerts.evaluation import bring_up_to_date
from diary import belongings
from diary.belongings import Table
from diary.locking import locked
from diary.models import Patient
from diary.services.erasure import WAITS_SECONDS
from diary.signals import MessageUnderWay

# By name, and why: a test finds every column that can hold a time and is neither here nor moved.
STAYS: Final[Mapping[str, str]] = {
    "diary.Entry.utc_offsets": "minutes east of UTC, no times",
    "diary.EntryEvent.utc_offsets": "minutes east of UTC, no times",
    "diary.Massage.utc_offsets": "minutes east of UTC, no times",
    "diary.MassageEvent.utc_offsets": "minutes east of UTC, no times",
    "diary.KeptAnswer.body": "an answer is repeated as it was given",
    "diary.KeptAnswer.digest": "of a body that stays",
    "diary.RejectedItem.digest": "of an item that stays as it came",
    "alerts.PushDevice.endpoint_digest": "of an address",
}
# Whoever is logged in stays so: the account is not the diary.
ACCOUNT: Final = "an account, its log-ins and what staff did in the admin keep their times"

# Further than any diary reaches: no row meets another on its way.
_AWAY: Final = timedelta(days=400 * 365)
_FEED: Final = "take_place_in_feed"  # phones are told of what was moved
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# A date, also behind the word of a rule: "reminder 2026-11-19".
_SAID_DATE: Final = re.compile(r"((?:[a-z ]{1,20} )?)(\d{4}-\d\d-\d\d)")
# Columns of text by which rules remember a day.
_SAID: Final[Mapping[str, tuple[str, ...]]] = {"alerts.AlertEvent": ("message",)}
_LOOKS_EVERY: Final = 0.1


class Gone(NamedTuple):
    """How far a patient's clock has gone: times are put back by `by`, dates by `days`."""

    by: timedelta = timedelta()
    days: int = 0


def pass_time(*, patient_id: UUID, before: Gone, now: Gone, at: datetime) -> None:
    """Move a patient's clock from `before` to `now`, and evaluate the diary on the way, at `at`.

    The evaluation looks at the diary with its true hours of the day, as if no time had been moved:
    a reminder at seven comes at seven. Waits for a message that is being sent. Raises
    Patient.DoesNotExist when there is none.
    """
    until = time.monotonic() + WAITS_SECONDS
    while True:
        try:
            with transaction.atomic(durable=True):
                patient, _ = locked(patient_id)
                erasure.hold_messages(patient, wait=time.monotonic() < until)
                put_back(patient, -before.by, -before.days)
                bring_up_to_date(patient, now=at)
                put_back(patient, now.by, now.days)
                return
        except MessageUnderWay:
            time.sleep(_LOOKS_EVERY)


def tables() -> dict[Table, tuple[str, ...]]:
    """Every table of a patient, with the ways from its rows to the patient."""
    return {Patient: ("pk",), **belongings.of_patient()}


def moved(table: Table, kind: "type[models.Field[Any, Any]]") -> list[str]:
    """The columns of a kind that are put back with their patient."""
    fields = [field for field in table._meta.concrete_fields if isinstance(field, kind)]
    return [field.attname for field in fields if f"{table._meta.label}.{field.name}" not in STAYS]


def put_back(patient: Patient, by: timedelta, days: int) -> None:
    """Put all times of a locked patient back by `by`, and all dates by `days`."""
    found = tables()
    with pgtrigger.ignore(*_guards(found)):
        for table, ways in found.items():
            mine = reduce(or_, (Q(**{way: patient.pk}) for way in ways))
            rows: QuerySet[Any] = table._base_manager.filter(mine)  # noqa: SLF001  no manager may hide rows
            texts = [*moved(table, models.JSONField), *_SAID.get(table._meta.label, ())]
            _put_texts_back(rows, texts, by, days)
            _put_times_back(table, rows, by, days)


def _put_times_back(table: Table, rows: QuerySet[Any], by: timedelta, days: int) -> None:
    """In two leaps: on the way nothing may meet what has not gone yet, such as a daily reminder."""
    times = moved(table, models.DateTimeField)
    dates = [name for name in moved(table, models.DateField) if name not in times]
    if times:
        rows.update(**{name: F(name) - _AWAY for name in times})
        rows.update(**{name: F(name) + (_AWAY - by) for name in times})
    if dates and days:
        rows.update(**{name: F(name) - timedelta(days=days) for name in dates})


def _put_texts_back(rows: QuerySet[Any], names: list[str], by: timedelta, days: int) -> None:
    """What JSON holds of times is text, and known by its form."""
    for row in rows.values("pk", *names) if names else ():
        changed = {
            name: said for name in names if (said := earlier(row[name], by, days)) != row[name]
        }
        if changed:
            rows.model._base_manager.filter(pk=row["pk"]).update(**changed)  # noqa: SLF001  the same


def earlier(said: Any, by: timedelta, days: int) -> Any:
    """A JSON value with every time and date in it put back."""
    match said:
        case dict():
            return {name: earlier(member, by, days) for name, member in said.items()}
        case list():
            return [earlier(member, by, days) for member in said]
        case str() if _INSTANT.fullmatch(said):
            return (datetime.fromisoformat(said) - by).isoformat()
        case str() if found := _SAID_DATE.fullmatch(said):
            return f"{found[1]}{date.fromisoformat(found[2]) - timedelta(days=days)}"
    return said


def _guards(found: Iterable[Table]) -> Iterator[str]:
    """Every trigger of these tables but that of the feed: no history is made, and none refused."""
    guarded = {table._meta.label for table in found}
    for model, trigger in pgtrigger.registered():
        if model._meta.label in guarded and trigger.name != _FEED:
            yield f"{model._meta.label}:{trigger.name}"
