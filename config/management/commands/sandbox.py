"""The sandbox of app developers: its patients, and a clock for each of them."""

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alerts.models import AlertEvent, Delivery, EventKind
from config import sandbox, sandbox_clock, sandbox_push
from config.local import CannotRun
from config.local.alone import environ_beside_services
from config.local.places import PROJECT
from diary.models import Patient


class Command(BaseCommand):
    help = "Patients for app developers: list them, make one, move a clock, begin anew."

    def add_arguments(self, parser: CommandParser) -> None:
        orders = parser.add_subparsers(dest="order", required=True)
        orders.add_parser("list", help="who there is, and what each is there to show")
        orders.add_parser("reset", help="erase all of them and make the stories anew")
        new = orders.add_parser("new", help="make one more, with an empty diary")
        new.add_argument("--patient", required=True, metavar="EMAIL")
        advance = orders.add_parser("advance", help="let time pass for one of them")
        advance.add_argument("--patient", required=True, metavar="EMAIL")
        advance.add_argument("--hours", required=True, type=float, help="more than 0, at most 8784")

    def handle(self, *, order: str, **options: Any) -> None:
        _join_local_instance()
        try:
            sandbox.check_allowed()
            for line in _ORDERS[order](**{k: options[k] for k in _NEEDS[order]}):
                self.stdout.write(line)
        except sandbox.Refused as refusal:
            raise CommandError(str(refusal)) from None


def _join_local_instance() -> None:
    """Be a process of the instance that `make run` started, unless another service is named."""
    if settings.RELAXED or os.environ.get("DEBUG") or os.environ.get("DATABASE_URL"):
        return
    try:
        # Mails name an address of the web process, and phones are reached there.
        surroundings = {**environ_beside_services(os.environ), "PORT": sandbox_push.port()}
    except CannotRun as reason:
        raise CommandError(str(reason)) from None
    sys.stdout.flush()
    argv = [sys.executable, str(PROJECT / "manage.py"), *sys.argv[1:]]
    os.execve(argv[0], argv, surroundings)  # noqa: S606 - no shell is the point


def _list() -> Iterator[str]:
    for patient in sandbox.patients():
        open_alerts = patient.alerts.filter(ended_at=None).order_by("-level", "rule")
        said = ", ".join(f"{alert.rule} level {alert.level}" for alert in open_alerts)
        yield f"{patient.user.email:<30} {sandbox.story_of(patient):<30} {said or 'no open alert'}"


def _reset() -> Iterator[str]:
    for email in sandbox.empty():
        yield f"Erased {email}."
    sandbox.fill()
    yield from _list()


def _new(patient: str) -> Iterator[str]:
    made = sandbox.enrol(patient)
    yield f"Made {made.user.email}; the password is that of the demonstration."


def _advance(patient: str, hours: float) -> Iterator[str]:
    by = timedelta(hours=hours) if 0 < hours <= 8784 else None
    if by is None:
        raise sandbox.Refused("--hours is more than 0 and at most 8784.")
    person = sandbox.patient_of(patient)
    passed = sandbox_clock.advance(person, by)
    zone = ZoneInfo(person.timezone)
    yield f"{hours:g} hours have passed for {person.user.email} ({person.timezone})."
    # That a message was taken stands beside the message.
    told = [event for event in passed.events if event.kind != EventKind.DELIVERED]
    for event in told:
        yield f"{_local(event.at, zone)}  {_named(event)}"
        yield from (f"{'':19}{_line(row, person)}" for row in _rows(event))
    yield from (
        f"Waits until {_local(row.due_at, zone)}: {row.channel}, level {row.level}"
        for row in passed.waiting
    )
    if not told:
        yield "Nothing came of it."


def _rows(event: AlertEvent) -> list[Delivery]:
    return sorted(event.deliveries.all(), key=lambda row: (row.channel, str(row.recipient)))


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}"


def _named(event: AlertEvent) -> str:
    return f"{event.rule or 'account'} {event.kind}, level {event.level} {event.text_key}".strip()


def _line(row: Delivery, patient: Patient) -> str:
    if row.recipient is None:
        to = "whoever is on call"
    else:
        to = "the patient" if row.recipient_id == patient.user_id else row.recipient.email
    because = f" ({row.because})" if row.because else ""
    return f"{row.channel} to {to}: {row.state}{because}"


_ORDERS: dict[str, Any] = {"list": _list, "reset": _reset, "new": _new, "advance": _advance}
_NEEDS = {"list": (), "reset": (), "new": ("patient",), "advance": ("patient", "hours")}
