"""F33: the ways to have nobody to tell. Every red flag still reaches a human."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from alerts import devices
from alerts.core import texts
from alerts.models import Alert, Delivery, DeviceKind, PushDevice
from diary.locking import database_now
from diary.models import CareRelationship, Patient, User
from diary.services import consent
from tests.alerts.diaries import new_patient, new_physician
from tests.faults import stories
from tests.faults.figures import report, size
from tests.sinks.push import Answer, PushSink
from tests.sinks.smtp import SmtpSink

pytestmark = stories.FAULT
ON_CALL = "oncall@clinic.example"
LIMIT = timedelta(seconds=60)
# Mails about a phone or about the service itself: they speak of no alert.
_OF_THE_SERVICE = (
    texts.text("account.push_off", "en").title,
    texts.text("account.device_moved", "en").title,
    texts.catalogue("en").clinic_mails["incident"].subject,
)


class Mailboxes(SmtpSink):
    """A mail server that does not know some of the addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: object
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user"
        return await super().handle_RCPT(server, session, envelope, address, options)


@dataclass
class Clinic:
    """A patient with a phone, a physician and a backup, and the far ends that reach them."""

    patient: Patient
    doctor: User
    backup: User
    mails: Mailboxes
    pushes: PushSink

    @property
    def own(self) -> str:
        return self.patient.user.email

    def bounce(self, *addresses: str) -> None:
        self.mails.unknown.update(addresses)

    def close_account(self, *users: User) -> None:
        User.objects.filter(pk__in=[user.pk for user in users]).update(is_active=False)

    def end_care(self, *physicians: User) -> None:
        care = CareRelationship.objects.filter(patient=self.patient, physician__in=physicians)
        care.update(ended_at=database_now())

    def lose_phone(self) -> None:
        PushDevice.objects.filter(patient=self.patient).delete()

    def displace_phone(self) -> None:
        """Another account registers on the same phone."""
        phone = PushDevice.objects.get(patient=self.patient)
        target = devices.Target(
            kind=DeviceKind.WEBPUSH, endpoint=phone.endpoint, p256dh=phone.p256dh, auth=phone.auth
        )
        devices.register(patient_id=new_patient().pk, device_id=uuid4(), target=target)

    def reached(self) -> set[str]:
        """Who was given a message about the alert, by their names here."""
        names = {
            self.patient.user_id: "patient",
            self.doctor.pk: "doctor",
            self.backup.pk: "backup",
            None: "on call",
        }
        rows = Delivery.objects.filter(event__alert__patient=self.patient, state="accepted")
        return {names[recipient] for recipient in rows.values_list("recipient", flat=True)}

    def arrived(self) -> set[str]:
        """Whom the far ends were given a message for."""
        names = {self.doctor.email: "doctor", self.backup.email: "backup", ON_CALL: "on call"}
        names[self.own] = "patient"
        said = [mail for mail in self.mails.mails if mail.message["Subject"] not in _OF_THE_SERVICE]
        found = {names[to] for mail in said for to in mail.recipients if to in names}
        name = str(self.patient.pk)
        return found | (
            {"patient"} if any(p.subscriber == name for p in self.pushes.pushes) else set()
        )


@contextmanager
def clinic() -> Iterator[Clinic]:
    with Mailboxes() as mails, stories.push_service() as pushes:
        settings: dict[str, Any] = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": mails.port,
            "ON_CALL_EMAIL": ON_CALL,
        }
        with override_settings(**settings), stories.doorbell():
            patient = new_patient()
            subscription = pushes.subscribe(str(patient.pk))
            target = devices.Target(
                kind=DeviceKind.WEBPUSH, endpoint=subscription["endpoint"], **subscription["keys"]
            )
            devices.register(patient_id=patient.pk, device_id=uuid4(), target=target)
            doctor, backup = new_physician(patient), new_physician(patient, role="backup")
            yield Clinic(patient, doctor, backup, mails, pushes)


Change = Callable[[Clinic], object]


def nothing(_: Clinic) -> None:
    """All is as it should be."""


def gone(place: Clinic) -> None:
    place.pushes.answer = Answer(410)


def unassigned(place: Clinic) -> None:
    place.end_care(place.doctor, place.backup)


def nobody(place: Clinic) -> None:
    unassigned(place)
    place.close_account(place.patient.user)


def backup_missing(place: Clinic) -> None:
    place.end_care(place.backup)
    place.bounce(place.doctor.email)


def backup_deactivated(place: Clinic) -> None:
    place.close_account(place.backup)
    place.bounce(place.doctor.email)


def bounced(place: Clinic) -> None:
    place.lose_phone()
    place.bounce(place.own)


def displaced(place: Clinic) -> None:
    place.displace_phone()
    place.bounce(place.own)


# What happens before the red flag is written, what before it is sent, and who must be reached.
WAYS = [
    pytest.param(unassigned, nothing, {"patient", "on call"}, id="unassigned"),
    pytest.param(
        lambda it: it.close_account(it.doctor), nothing, {"patient", "backup"}, id="deactivated"
    ),
    pytest.param(
        nothing, lambda it: it.close_account(it.doctor), {"patient", "backup"}, id="just-then"
    ),
    pytest.param(
        lambda it: it.end_care(it.doctor), nothing, {"patient", "backup"}, id="care-ended"
    ),
    pytest.param(
        nothing, lambda it: it.end_care(it.doctor), {"patient", "backup"}, id="care-ends-just-then"
    ),
    pytest.param(backup_missing, nothing, {"patient", "on call"}, id="no-backup"),
    pytest.param(backup_deactivated, nothing, {"patient", "on call"}, id="backup-deactivated"),
    pytest.param(lambda it: it.lose_phone(), nothing, {"patient", "doctor"}, id="no-device"),
    pytest.param(bounced, nothing, {"doctor"}, id="address-bounces"),
    pytest.param(gone, nothing, {"patient", "doctor"}, id="all-endpoints-gone"),
    pytest.param(nothing, displaced, {"doctor"}, id="phone-displaced"),
    pytest.param(
        lambda it: it.close_account(it.patient.user), nothing, {"doctor"}, id="account-closed"
    ),
    pytest.param(
        lambda it: it.bounce(it.doctor.email), nothing, {"patient", "backup"}, id="doctor-bounces"
    ),
    pytest.param(nobody, nothing, {"on call"}, id="nobody-but-on-call"),
    pytest.param(
        nothing,
        lambda it: consent.withdraw(patient_id=it.patient.pk),
        {"patient", "doctor"},
        id="consent-withdrawn",
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), WAYS)
def test_f33_each_red_flag_reaches_a_human(
    request: pytest.FixtureRequest, before: Change, after: Change, expected: set[str]
) -> None:
    times, slowest = size(ci=2, full=20), timedelta(0)
    for _ in range(times):
        with clinic() as place:
            before(place)
            stories.write(place.patient, stories.entry(**stories.RED))
            after(place)
            stories.drain()
            alert = Alert.objects.get(patient=place.patient)
            accepted = Delivery.objects.filter(event__alert=alert, state="accepted")
            first = accepted.order_by("ended_at").first()
            assert first is not None, "nobody was told"
            assert first.ended_at is not None
            slowest = max(slowest, first.ended_at - alert.opened_at)
            assert place.reached() == place.arrived() == expected
            assert not Delivery.objects.filter(event__alert=alert, state="owed").exists()
    way = request.node.callspec.id
    report("F33", f"{times} x {way}", seconds_to_a_human=slowest.total_seconds())
    assert slowest < LIMIT
