"""A test message to one device, when its owner asks for it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from alerts import devices, providers, tasks
from alerts.models import AlertEvent, Delivery, EventKind, Level, PushDevice
from diary.locking import locked
from diary.models import Patient

TEXT: Final = "account.device_test"
MOST_AN_HOUR: Final = 5
_HOUR: Final = timedelta(hours=1)


class Unreachable(Exception):
    """No message can be sent to the device; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TooManyTests(Exception):
    """The device has had its tests of this hour; `wait` is when the next one may be asked for."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(str(wait))


def ask(*, patient_id: UUID, device_id: UUID, at: datetime | None = None) -> PushDevice:
    """Owe a test message to a device of the patient, at once and whatever the hour.

    Raises PushDevice.DoesNotExist, Unreachable and TooManyTests.
    """
    with transaction.atomic(durable=True):
        patient, clock = locked(patient_id)
        device = devices.shown_to(patient).get(device_id=device_id)
        _check_reachable(device)
        _check_room(device, now=at or clock)
        delivery = _owe(patient, device, now=at or clock)
        # To a worker of its own: the answer does not wait for the provider.
        transaction.on_commit(partial(tasks.nudge_delivery, delivery.pk), robust=True)
    return device


def _check_reachable(device: PushDevice) -> None:
    if device.retired_at is not None:
        raise Unreachable("device_off")
    if not providers.is_configured(device.channel):
        raise Unreachable("channel_off")


def _check_room(device: PushDevice, *, now: datetime) -> None:
    """Under the patient's lock, so that two who ask at once are counted both."""
    tests = Delivery.objects.filter(
        device=device, event__text_key=TEXT, created_at__gt=now - _HOUR
    ).order_by("-created_at")
    newest = list(tests.values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if len(newest) == MOST_AN_HOUR:
        raise TooManyTests(newest[-1] + _HOUR - now)


def _owe(patient: Patient, device: PushDevice, *, now: datetime) -> Delivery:
    event = AlertEvent.objects.create(
        patient=patient, kind=EventKind.NOTICE, at=now, level=Level.INFO, text_key=TEXT
    )
    return Delivery.objects.create(
        patient=patient,
        event=event,
        recipient_id=patient.user_id,
        channel=device.channel,
        device=device,
        level=Level.INFO,
        created_at=now,
        due_at=now,
    )
