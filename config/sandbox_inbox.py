"""What went out of this machine: mails kept as files, and pushes that the sandbox's phones got."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from alerts.models import Delivery, DeliveryState, Level, PushDevice
from config import sandbox_push
from diary.models import Patient

NEWEST: Final = 300  # of mails and of pushes, each
_FILES: Final = "django.core.mail.backends.filebased.EmailBackend"
_BETWEEN: Final = re.compile(rb"\n-{79}\n")
_OURS: Final = re.compile(r"<([0-9a-f-]{36})@")


class Sent(NamedTuple):
    """One message that really went through its channel, before its story is known."""

    at: datetime
    way: str  # "mail" or "push"
    to: str  # an address or an endpoint
    message: UUID | None  # ours, by which its deliveries are found
    headline: str
    text: str
    extra: str  # what else a program sees of it


class Shown(NamedTuple):
    """One message as the page shows it, in the zone of the patient it is about."""

    at: datetime
    way: str
    to: str
    who: str
    about: str  # the patient's address, or nothing
    level: str
    kinds: str
    headline: str
    text: str
    extra: str


class Waiting(NamedTuple):
    """A message that is owed and has not gone out."""

    at: datetime
    way: str
    to: str
    about: str
    level: str
    because: str


def keeps_mails() -> bool:
    """Whether mails stay on this machine."""
    return bool(settings.EMAIL_BACKEND == _FILES)


def messages() -> list[Shown]:
    """Everything that went out, newest first; times as the patient's clock has them now."""
    sent = [*_mails(), *_pushes()]
    stories = _stories([each.message for each in sent if each.message])
    people = _people({each.to for each in sent if each.way == "mail"})
    shown = [_shown(each, stories.get(each.message, []), people) for each in sent]
    return sorted(shown, key=lambda each: each.at, reverse=True)


def waiting() -> list[Waiting]:
    """What is owed, soonest first."""
    rows = Delivery.objects.filter(state=DeliveryState.OWED).order_by("due_at")
    return [
        Waiting(
            at=row.due_at.astimezone(_zone(row.patient)),
            way=row.channel,
            to=row.recipient.email if row.recipient else settings.ON_CALL_EMAIL,
            about=row.patient.user.email if row.patient else "",
            level=_level(row.level),
            because=row.because,
        )
        for row in rows.select_related("recipient", "patient__user")[:NEWEST]
    ]


def _mails() -> Iterator[Sent]:
    if not keeps_mails():
        return
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)
    for file in islice(files, NEWEST):
        for raw in filter(bytes.strip, _BETWEEN.split(file.read_bytes())):
            yield _mail(message_from_bytes(raw.strip(), policy=policy.default))


def _mail(mail: EmailMessage) -> Sent:
    body = mail.get_body(("plain",))
    named = _OURS.match(str(mail["Message-ID"]))
    return Sent(
        at=parsedate_to_datetime(str(mail["Date"])).astimezone(UTC),
        way="mail",
        to=str(mail["To"]),
        message=UUID(named[1]) if named else None,
        headline=str(mail["Subject"]),
        text=str(body.get_content()).strip() if body else "",
        extra=f"Message-ID {mail['Message-ID']}",
    )


def _pushes() -> Iterator[Sent]:
    for push in sandbox_push.pushes(NEWEST):
        yield Sent(
            at=push.at,
            way="push",
            to=push.endpoint,
            message=UUID(push.message),
            headline=str(push.said.get("text")),
            text="",
            extra=f"Topic {push.message}, urgency {push.urgency}, alert {push.said.get('alert')}",
        )


def _stories(ids: list[UUID]) -> dict[UUID | None, list[Delivery]]:
    """The deliveries of each message: it may speak for several events."""
    found = Delivery.objects.filter(Q(message__in=ids)).select_related(
        "event", "incident", "recipient", "patient__user"
    )
    stories: dict[UUID | None, list[Delivery]] = {}
    for row in found.order_by("-level", "created_at"):
        stories.setdefault(row.message, []).append(row)
    return stories


def _people(addresses: set[str]) -> dict[str, Patient]:
    found = Patient.objects.filter(user__email__in=addresses).select_related("user")
    return {patient.user.email: patient for patient in found}


def _shown(sent: Sent, story: list[Delivery], people: dict[str, Patient]) -> Shown:
    if story:
        return _with_story(sent, story)
    # A code to log in with, or a message to somebody who was erased since.
    patient = people.get(sent.to) or _owner(sent)
    return Shown(
        at=sent.at.astimezone(_zone(patient)),
        way=sent.way,
        to=patient.user.email if patient else sent.to,
        who="patient" if patient else "",
        about=patient.user.email if patient else "",
        level="",
        kinds="about the account" if sent.way == "mail" else "",
        headline=sent.headline,
        text=sent.text,
        extra=sent.extra,
    )


def _with_story(sent: Sent, story: list[Delivery]) -> Shown:
    first, patient = story[0], story[0].patient
    # The clock of the patient may have been moved since: then so was the end of the delivery.
    at = next((row.ended_at for row in story if row.ended_at), sent.at)
    return Shown(
        at=at.astimezone(_zone(patient)),
        way=sent.way,
        to=first.recipient.email if first.recipient else settings.ON_CALL_EMAIL,
        who=_who(first),
        about=patient.user.email if patient else "",
        level=_level(first.level),
        kinds=", ".join(dict.fromkeys(_kind(row) for row in story)),
        headline=sent.headline,
        text=sent.text,
        extra=sent.extra,
    )


def _who(row: Delivery) -> str:
    if row.recipient is None:
        return "on call"
    is_own = row.patient is not None and row.recipient_id == row.patient.user_id
    return "patient" if is_own else "physician"


def _kind(row: Delivery) -> str:
    if row.event:
        return f"{row.event.rule} {row.event.kind}".strip()
    return f"incident {row.incident.kind}" if row.incident else ""


def _owner(sent: Sent) -> Patient | None:
    device = PushDevice.objects.filter(endpoint__endswith=sent.to).select_related("patient__user")
    found = device.first() if sent.way == "push" else None
    return found.patient if found else None


def _level(level: int) -> str:
    return f"{level} {Level(level).name.lower()}"


def _zone(patient: Patient | None) -> ZoneInfo:
    return ZoneInfo(patient.timezone if patient else settings.TIME_ZONE)
