"""Who can be told about a patient: the patient, the physicians, and whoever is on call."""

from collections.abc import Collection
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from alerts.models import Channel, Delivery, Level, PushDevice
from diary.models import CareRelationship, Patient
from diary.models.people import CareRole
from diary.queries import current_care


class Rung(IntEnum):
    """Where the clinic's ladder begins; above the backup stands whoever is on call."""

    PRIMARY = 0
    BACKUP = 1


class Reach(NamedTuple):
    """Everybody who can be told about a patient now; on call there is always somebody."""

    account_is_active: bool
    devices: list[PushDevice]  # with their ids and kinds alone
    physicians: tuple[list[UUID], ...]  # by rung

    def next_physicians(self, first: Rung, *, told: Collection[UUID | None] = ()) -> list[UUID]:
        """Who is left on the lowest rung, from `first` up, where anybody is; none: who is on call.

        `told` are those who were told already, in vain.
        """
        left = ([who for who in rung if who not in told] for rung in self.physicians[first:])
        return next(filter(None, left), [])


def reach_of(patient: Patient) -> Reach:
    """Whom messages about a patient can go to, in one query."""
    found: Any = (
        Patient.objects.filter(pk=patient.pk)
        .annotate(
            phones=ArraySubquery(_devices()),
            primary=ArraySubquery(_physicians(CareRole.PRIMARY)),
            backup=ArraySubquery(_physicians(CareRole.BACKUP)),
        )
        .values("user__is_active", "phones", "primary", "backup")
        .get()
    )
    return Reach(
        account_is_active=found["user__is_active"],
        devices=[PushDevice(**phone, patient=patient) for phone in found["phones"]],
        physicians=(found["primary"], found["backup"]),
    )


def wants(patient: Patient, *, channel: str, level: int) -> bool:
    """Whether the patient lets a message come this way; urgent ones always do."""
    way = "email" if channel == Channel.EMAIL else "push"
    return level >= Level.DOCTOR or patient.notifications[way]


def may_be_told(delivery: Delivery) -> bool:
    """Whether the recipient may hear of this patient still: asked anew before each try."""
    recipient, patient = delivery.recipient, delivery.patient
    if recipient is None or patient is None:
        return True  # on call
    if not recipient.is_active:
        return False
    if recipient.pk == patient.user_id:
        return delivery.device is None or _is_still_theirs(delivery.device, patient)
    return _care_of(patient).filter(physician=recipient).exists()


def _is_still_theirs(device: PushDevice, patient: Patient) -> bool:
    return device.retired_at is None and device.patient_id == patient.pk


def _care_of(patient: Patient | OuterRef) -> QuerySet[CareRelationship]:
    """Who cares for a patient now, and can be told."""
    return CareRelationship.objects.filter(
        current_care(), patient=patient, physician__is_active=True
    )


def _devices() -> QuerySet[Any, Any]:
    standing = PushDevice.objects.filter(patient=OuterRef("pk"), retired_at=None).order_by("pk")
    return standing.values(json=JSONObject(pk="pk", kind="kind"))


def _physicians(role: CareRole) -> QuerySet[Any, Any]:
    care = _care_of(OuterRef("pk")).filter(role=role).order_by("began_at", "pk")
    return care.values("physician_id")
