"""Whether a message is still wanted is asked before each try."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from alerts.devices import MOVED
from alerts.models import Alert, AlertEvent, Delivery, DeliveryState, EventKind, PushDevice
from diary.locking import database_now
from diary.models import CareRelationship, Patient
from diary.models.people import CareRole
from diary.services import consent
from tests.alerts import diaries
from tests.alerts.diaries import START, new_phone, owe_message
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
    assert not Delivery.objects.filter(recipient=patient.user).exists()
    assert incidents() == ["nobody_to_tell: no physician", "nobody_to_tell: patient unreachable"]


# --- Reminders and the chase --------------------------------------------------------------------


def _owe_event(patient: Patient, *, level: int, **event: Any) -> Delivery:
    at = database_now() - timedelta(minutes=5)
    event = {"kind": EventKind.REMINDER, "at": at, "level": level, **event}
    return owe_message(
        patient, level=level, event=AlertEvent.objects.create(patient=patient, **event)
    )


@pytest.mark.parametrize(
    ("text_key", "minutes", "end"),
    [
        pytest.param("remind.followup", 4, "cancelled answered_meanwhile", id="entry-after-it"),
        pytest.param("remind.diary", 4, "cancelled answered_meanwhile", id="diary-reminder"),
        pytest.param("remind.followup", 6, "accepted ", id="entry-before-it"),
        pytest.param("prompt.checks", 4, "accepted ", id="no-reminder"),
    ],
)
def test_a_reminder_that_was_answered_meanwhile_is_not_sent(
    patient: Patient, mail_server: SmtpSink, text_key: str, minutes: int, end: str
) -> None:
    received = database_now() - timedelta(minutes=minutes)
    diaries.put_entry(diaries.new_patient(), received, pain=3)
    owed = _owe_event(patient, level=0, text_key=text_key)
    diaries.put_entry(patient, received, pain=3)
    assert f"{deliver(owed).state} {owed.because}" == end


@pytest.mark.parametrize(
    ("text_key", "change", "because"),
    [
        ("chase.patient", {"acknowledged_at": START}, "alert_read"),
        ("chase.patient", {"seen_by_clinic_at": START}, ""),
        ("chase.patient", {"ended_at": START, "status": "cleared"}, "alert_ended"),
        ("chase.backup", {"seen_by_clinic_at": START}, "alert_seen"),
        ("chase.backup", {"acknowledged_at": START}, ""),
        ("chase.backup", {"ended_at": START, "status": "cleared"}, "alert_ended"),
    ],
)
def test_who_has_answered_is_not_chased(
    patient: Patient,
    mail_server: SmtpSink,
    text_key: str,
    change: dict[str, Any],
    because: str,
) -> None:
    alert = diaries.new_alert(patient, level=4)
    owed = _owe_event(patient, level=4, text_key=text_key, alert=alert, rule="R22")
    Alert.objects.update(**change)
    assert deliver(owed).because == because
    assert owed.state == ("cancelled" if because else "accepted")


# --- Who may still be told ----------------------------------------------------------------------


def test_a_physician_whose_care_has_ended_is_not_told_and_the_next_is(
    patient: Patient, mail_server: SmtpSink
) -> None:
    physicians = [diaries.new_patient().user for _ in range(2)]
    for physician, role in zip(physicians, CareRole, strict=True):
        CareRelationship.objects.create(
            patient=patient, physician=physician, role=role, began_at=START
        )
    owed = owe_message(patient, recipient=physicians[0])
    CareRelationship.objects.filter(physician=physicians[0]).update(ended_at=Now())
    assert f"{deliver(owed).state} {owed.because}" == "cancelled not_entitled"
    next_one = Delivery.objects.get(recipient=physicians[1])
    assert (next_one.event_id, deliver(next_one).state) == (owed.event_id, "accepted")
    assert [mail.recipients for mail in mail_server.mails] == [(physicians[1].email,)]


def test_whoever_is_on_call_is_told_whatever_happens_to_accounts(
    patient: Patient, mail_server: SmtpSink
) -> None:
    _deactivate(patient)
    assert deliver(owe_message(patient, recipient=None)).state == "accepted"
    assert len(mail_server.mails) == 1
