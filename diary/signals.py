"""The signals of our own, sent inside the transaction of a write.

They turn the direction of imports round: `alerts` listens, and what it answers goes back to the
client that wrote, without `diary` knowing what it means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.dispatch import Signal

from diary.models import Entry, Massage, Patient

diary_changed = Signal()
profile_changed = Signal()
patient_erasing = Signal()
feed_read = Signal()

Effect = Literal["created", "corrected", "restored", "withdrawn", "annotated", "unchanged"]


@dataclass(frozen=True, slots=True)
class DiaryChange:
    """One accepted write of one record; `record` is the version it made or found."""

    record: Entry | Massage
    effect: Effect
    at: datetime  # our clock; of two in one request, the later has the later time
    previous: dict[str, Any] | None  # the wire fields of the version it replaces, if that stood

    @property
    def matters(self) -> bool:
        """Rules look at it; a changed note and a repeated body are nothing to them."""
        return self.effect not in ("annotated", "unchanged")


@dataclass(frozen=True, slots=True)
class UnreadItem:
    """What a client sent that could not become a record; some of it may be readable."""

    id: UUID  # as the client named it; where that cannot be read, that of its RejectedItem
    content: Mapping[str, Any]
    at: datetime


Arrival = DiaryChange | UnreadItem


class Answers(NamedTuple):
    """What listeners say: of each arrival, and of the whole; both belong into the response."""

    each: list[dict[str, Any]]
    whole: dict[str, Any]


class FeedItem(NamedTuple):
    """Something that a phone is to be told, and its place in the feed."""

    position: int
    said: dict[str, Any]


def announce(patient: Patient, arrivals: Sequence[Arrival]) -> Answers:
    """Tell the listeners what arrived, in order; the patient's row is locked."""
    answers = Answers([{} for _ in arrivals], {})
    heard: Any = diary_changed.send(sender=Patient, patient=patient, arrivals=arrivals)
    for _listener, answer in heard:
        for own, said in zip(answers.each, answer.each, strict=True):
            own.update(said)
        answers.whole.update(answer.whole)
    return answers


def announce_profile(patient: Patient, *, at: datetime) -> None:
    """Tell the listeners that a patient's profile has changed."""
    profile_changed.send(sender=Patient, patient=patient, at=at)


class MessageUnderWay(Exception):
    """Something about the patient is just being sent: the erasure comes back in a moment."""


def announce_erasure(patient: Patient, *, wait: bool) -> None:
    """Tell the listeners that everything of a patient goes now; what they do goes with it.

    A listener may raise MessageUnderWay, for a message on the wire only where `wait` is set.
    """
    patient_erasing.send(sender=Patient, patient=patient, wait=wait)


def feed_of_others(patient: Patient, *, after: int, limit: int) -> list[FeedItem]:
    """What the listeners have for the patient's feed beyond a place, at most `limit` of each."""
    heard: Any = feed_read.send(sender=Patient, patient=patient, after=after, limit=limit)
    return [item for _listener, items in heard for item in items]
