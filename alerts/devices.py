"""Push devices: registering one, and what happens when a phone changes hands."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from alerts import messages
from alerts.channels.endpoint import EndpointRefused, check_endpoint
from alerts.channels.webpush_keys import check_keys
from alerts.models import AlertEvent, DeviceKind, EventKind, PushDevice
from diary.locking import locked
from diary.models import Patient
from diary.wire import Invalid

MOVED = "account.device_moved"
MOST_DEVICES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a device takes its messages: an address with keys, or a provider's token."""

    kind: DeviceKind
    endpoint: str
    p256dh: str = ""
    auth: str = ""
    name: str = ""
    app_version: str = ""

    def check(self) -> None:
        """Raise Invalid unless messages may be sent there; nothing is sent or looked up."""
        if self.kind != DeviceKind.WEBPUSH:
            return
        try:
            check_endpoint(
                self.endpoint,
                allowed_hosts=settings.WEBPUSH_ALLOWED_HOSTS,
                allow_loopback=settings.WEBPUSH_ALLOW_LOOPBACK,
            )
            check_keys(self.p256dh, self.auth)
        except EndpointRefused as refusal:
            detail = "No message can be sent to this subscription."
            error = {"pointer": "/subscription", "code": refusal.code, "detail": detail}
            raise Invalid([error]) from refusal


def register(
    *, patient_id: UUID, device_id: UUID, target: Target, at: datetime | None = None
) -> tuple[PushDevice, bool]:
    """Register or change a device; answer it and whether it is new.

    An endpoint that another account had leaves that account, whose owner is told by email.
    """
    target.check()
    digest = sha256(f"{target.kind}:{target.endpoint}".encode()).digest()
    with transaction.atomic(durable=True):
        _claim(digest)
        former = _holders(digest, patient_id=patient_id, device_id=device_id)
        # In the order of their ids: two accounts that swap their phones must not wait in a ring.
        people = sorted({patient_id, *(device.patient_id for device in former)})
        locks = {person: locked(person) for person in people}
        patient, clock = locks[patient_id]
        _check_room(patient, device_id)
        for owner in _displaced(former, at=at or clock) - {patient_id}:
            _tell(locks[owner][0], at=at or clock)
        return PushDevice.objects.update_or_create(
            patient=patient,
            device_id=device_id,
            defaults={
                "kind": target.kind,
                "endpoint": target.endpoint,
                "endpoint_digest": digest,
                "p256dh": target.p256dh,
                "auth": target.auth,
                "name": target.name,
                "app_version": target.app_version,
                "registered_at": at or clock,
                "retired_at": None,
                "retired_because": "",
            },
        )


def remove(*, patient_id: UUID, device_id: UUID) -> bool:
    """Retire a device for its owner; False when there is none."""
    with transaction.atomic(durable=True):
        _, now = locked(patient_id)
        return bool(
            PushDevice.objects.filter(
                patient_id=patient_id, device_id=device_id, retired_at=None
            ).update(retired_at=now, retired_because="removed")
        )


def _claim(digest: bytes) -> None:
    """Let nobody else register this endpoint until the end of the transaction."""
    with connection.cursor() as cursor:
        number = int.from_bytes(digest[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _holders(digest: bytes, *, patient_id: UUID, device_id: UUID) -> list[PushDevice]:
    """The other devices that have this endpoint; once it is claimed, none can join them."""
    holding = PushDevice.objects.filter(endpoint_digest=digest, retired_at=None)
    return list(holding.exclude(patient_id=patient_id, device_id=device_id))


def _displaced(former: list[PushDevice], *, at: datetime) -> set[UUID]:
    """Take the endpoint from those who have it still; the owners who lost it come back."""
    owners = set()
    for device in former:
        # Before the lock was had, its owner may have removed it or subscribed anew.
        holding = PushDevice.objects.filter(
            pk=device.pk, endpoint_digest=device.endpoint_digest, retired_at=None
        )
        if holding.update(retired_at=at, retired_because="moved"):
            owners.add(device.patient_id)
    return owners


def _tell(owner: Patient, *, at: datetime) -> None:
    event = AlertEvent.objects.create(
        patient=owner, kind=EventKind.NOTICE, at=at, level=0, text_key=MOVED
    )
    messages.owe(owner, [event], at=at)


def _check_room(patient: Patient, device_id: UUID) -> None:
    others = PushDevice.objects.filter(patient=patient, retired_at=None)
    if others.exclude(device_id=device_id).count() >= MOST_DEVICES:
        detail = f"An account has at most {MOST_DEVICES} devices."
        raise Invalid([{"pointer": "", "code": "too_many_devices", "detail": detail}])
