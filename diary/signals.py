"""The one signal of our own, sent inside the transaction of every write.

It turns the direction of imports round: `alerts` listens, and what it answers goes back to the
client that wrote, without `diary` knowing what it means.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.dispatch import Signal

from diary.models import Entry, Massage, Patient

diary_changed = Signal()
profile_changed = Signal()
patient_erasing = Signal()

Effect = Literal["created", "corrected", "restored", "withdrawn", "annotated", "unchanged"]


@dataclass(frozen=True, slots=True)
class DiaryChange:
    """One accepted write of one record, in the order in which it was stored."""

    patient: Patient  # its row is locked
    record: Entry | Massage
    effect: Effect
    at: datetime  # our clock
    previous: dict[str, Any] | None  # the wire fields of the version it replaces, if that stood

    @property
    def matters(self) -> bool:
        """Rules look at it; a changed note and a repeated body are nothing to them."""
        return self.effect not in ("annotated", "unchanged")


def announce(change: DiaryChange) -> dict[str, Any]:
    """Tell the listeners of a change; their answers, joined, belong into the response."""
    answers: dict[str, Any] = {}
    heard: Any = diary_changed.send(sender=DiaryChange, change=change)
    for _listener, answer in heard:
        answers |= answer or {}
    return answers


def announce_profile(patient: Patient, *, at: datetime) -> None:
    """Tell the listeners that a patient's profile has changed."""
    profile_changed.send(sender=Patient, patient=patient, at=at)


class MessageUnderWay(Exception):
    """Something about the patient is just being sent: the erasure comes back in a moment."""


def announce_erasure(patient: Patient, *, wait: bool) -> None:
    """Tell the listeners that everything of a patient goes now; what they do goes with it.

    Where `wait` is set, a listener may raise MessageUnderWay.
    """
    patient_erasing.send(sender=Patient, patient=patient, wait=wait)
