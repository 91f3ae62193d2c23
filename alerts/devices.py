"""Push devices: registering one, and what happens when a phone changes hands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from alerts import messages, providers
from alerts.channels import apns, fcm
from alerts.channels.endpoint import EndpointRefused, check_endpoint
from alerts.channels.webpush_keys import check_keys
from alerts.models import AlertEvent, DeviceKind, EventKind, PushDevice
from diary.locking import locked
from diary.models import Patient
from diary.wire import Invalid

MOVED = "account.device_moved"
MOST_DEVICES = 10
_REMOVED, _MOVED = "removed", "moved"
_GIVEN_UP = (_REMOVED, _MOVED)  # every other reason is the provider's

# What a provider's address must look like, and the field of the body that holds it.
_SHAPES: dict[DeviceKind, tuple[str, Callable[[str], bool]]] = {
    DeviceKind.FCM: ("token", partial(fcm.is_target, fcm.REGISTRATION_TOKEN)),
    DeviceKind.FCM_FID: ("installation_id", partial(fcm.is_target, fcm.INSTALLATION_ID)),
    DeviceKind.APNS: ("token", apns.is_token),
    DeviceKind.CANARY: ("token", bool),
}


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
        if self.kind == DeviceKind.WEBPUSH:
            self._check_subscription()
            return
        field, fits = _SHAPES[self.kind]
        if not fits(self.endpoint):
            raise _not_sendable(f"/{field}", f"{field}_malformed")

    def _check_subscription(self) -> None:
        try:
            check_endpoint(
                self.endpoint,
                allowed_hosts=settings.WEBPUSH_ALLOWED_HOSTS,
                allow_loopback=providers.may_be_local(self.endpoint),
            )
            check_keys(self.p256dh, self.auth)
        except EndpointRefused as refusal:
            raise _not_sendable("/subscription", refusal.code) from refusal


def _not_sendable(pointer: str, code: str) -> Invalid:
    detail = f"No message can be sent to this {pointer[1:].replace('_', ' ')}."
    return Invalid([{"pointer": pointer, "code": code, "detail": detail}])


def shown_to(patient: Patient) -> QuerySet[PushDevice]:
    """The devices a patient has, with those that their provider says are gone."""
    return PushDevice.objects.filter(patient=patient).exclude(retired_because__in=_GIVEN_UP)


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
            PushDevice.objects.filter(patient_id=patient_id, device_id=device_id)
            .exclude(retired_because__in=_GIVEN_UP)
            .update(retired_at=now, retired_because=_REMOVED)
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
        if holding.update(retired_at=at, retired_because=_MOVED):
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
