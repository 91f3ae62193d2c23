"""Whether a message is still wanted is asked before each try."""

from collections.abc import Callable

import pytest
from django.db.models.functions import Now

from alerts.devices import MOVED
from alerts.models import Alert, AlertEvent, Delivery, DeliveryState, EventKind, PushDevice
from diary.models import Patient
from diary.services import consent
from tests.alerts import diaries
from tests.alerts.diaries import new_phone, owe_message
from tests.alerts.test_delivery import attempts, deliver, incidents
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink


def _withdraw_consent(patient: Patient) -> None:
    consent.withdraw(patient_id=patient.pk)


def _deactivate(patient: Patient) -> None:
    patient.user.is_active = False
    patient.user.save(update_fields=["is_active"])


def _retire_phone(_: Patient) -> None:
    PushDevice.objects.update(retired_at=Now())


@pytest.mark.parametrize(
    ("change", "level", "end"),
    [
        pytest.param(_withdraw_consent, 2, "cancelled consent_withdrawn", id="no-consent-2"),
        pytest.param(_withdraw_consent, 3, "accepted ", id="no-consent-3-goes-all-the-same"),
        pytest.param(_deactivate, 4, "cancelled account_inactive", id="no-account"),
        pytest.param(_retire_phone, 4, "cancelled device_retired", id="no-phone"),
    ],
)
def test_whether_a_message_is_still_wanted_is_asked_before_each_try(
    patient: Patient,
    push_service: PushSink,
    change: Callable[[Patient], None],
    level: int,
    end: str,
) -> None:
    phone = new_phone(patient, push_service)
    owed = owe_message(patient, level=level, channel="webpush", device=phone)
    change(patient)
    assert f"{deliver(owed).state} {owed.because}" == end
    sent = [("accepted", "")] if owed.state == "accepted" else []
    assert attempts(owed) == sent
    assert len(push_service.pushes) == owed.attempts == len(sent)


@pytest.mark.parametrize(
    ("level", "kind", "is_over", "end"),
    [
        pytest.param(2, EventKind.OPENED, True, "cancelled alert_ended", id="below-doctor"),
        pytest.param(2, EventKind.OPENED, False, "accepted ", id="not-over"),
        pytest.param(3, EventKind.OPENED, True, "accepted ", id="doctor-goes-all-the-same"),
        pytest.param(2, EventKind.NOTICE, True, "accepted ", id="not-about-the-diary"),
    ],
)
def test_below_doctor_what_is_over_is_no_longer_told(
    patient: Patient, mail_server: SmtpSink, level: int, kind: EventKind, end: str, *, is_over: bool
) -> None:
    owed = _owe_about_an_alert(patient, level=level, kind=kind)
    if is_over:
        Alert.objects.update(ended_at=Now(), status="cleared")
    assert f"{deliver(owed).state} {owed.because}" == end
    assert len(mail_server.mails) == owed.attempts == len(attempts(owed))


def _owe_about_an_alert(patient: Patient, *, level: int, kind: EventKind) -> Delivery:
    owed = owe_message(patient, level=level)
    owed.event = AlertEvent.objects.create(
        patient=patient,
        alert=diaries.new_alert(patient, level=level),
        kind=kind,
        at=owed.created_at,
        level=level,
        text_key=MOVED,
    )
    owed.save(update_fields=["event"])
    return owed


def test_a_reminder_without_an_alert_is_told(patient: Patient, mail_server: SmtpSink) -> None:
    assert deliver(owe_message(patient, level=0)).state == DeliveryState.ACCEPTED
    assert len(mail_server.mails) == 1


def test_nobody_to_tell_is_an_incident(patient: Patient) -> None:
    _deactivate(patient)
    diaries.put_entry(patient, diaries.at(), red_flags=diaries.BLADDER)
    assert Delivery.objects.count() == 0
    assert incidents() == ["nobody_to_tell: level 4"]
