"""R22 in the shell: urgent alerts ring again, and reach the next physician's list."""

from datetime import timedelta

import pytest

from alerts import acts, escalations, evaluation
from alerts.core.rules import CURRENT
from alerts.models import Alert, AlertEvent, Delivery, PushDevice, Watch
from diary.consent import required_version
from diary.models import Patient, User
from diary.services import consent
from tests.alerts import diaries
from tests.alerts.diaries import BLADDER, at, evaluate_all_due, new_phone, put_entry, put_massage
from tests.alerts.test_delivery import deliver
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

BOWEL = {"bowel": "new_or_worse"}
MINUTE = 60


@pytest.fixture
def patient(db: None) -> Patient:
    """A patient of whom nothing was heard before the story begins."""
    return diaries.new_patient()


def chased(patient: Patient) -> list[tuple[float, str]]:
    """What the chase said, each with its minute."""
    events = AlertEvent.objects.filter(patient=patient, rule="R22").order_by("at", "kind")
    return [((event.at - at()).total_seconds() / MINUTE, event.kind) for event in events]


def emergency(patient: Patient) -> Alert:
    put_entry(patient, at(), red_flags=BLADDER)
    return Alert.objects.get(patient=patient)


def read(alert: Alert, *, seconds: float) -> Alert:
    return acts.acknowledge(
        alert_id=alert.pk,
        patient_id=alert.patient_id,
        by=alert.patient.user,
        at=at(seconds=seconds),
    )


def see(alert: Alert, *, seconds: float) -> Alert:
    return acts.see(
        alert_id=alert.pk,
        patient_id=alert.patient_id,
        by=alert.patient.user,
        at=at(seconds=seconds),
    )


def test_a_red_flag_of_the_request_wakes_the_chase(patient: Patient) -> None:
    emergency(patient)
    assert Watch.objects.get().due_at == at()
    evaluation.evaluate(patient_id=patient.pk, at=at(seconds=1))
    assert Watch.objects.get().due_at == at(seconds=5 * MINUTE)
    evaluate_all_due(patient, at(hours=2))
    expected = [(5, "reminder"), (15, "reminder"), (30, "escalated"), (30, "reminder")]
    assert chased(patient) == expected


def test_each_reminder_goes_through_every_channel_anew(
    patient: Patient, push_service: PushSink, mail_server: SmtpSink
) -> None:
    new_phone(patient, push_service)
    emergency(patient)
    for number, minute in enumerate([5, 15], start=1):
        evaluate_all_due(patient, at(seconds=minute * MINUTE))
        owed = Delivery.objects.filter(event__rule="R22", state="owed")
        assert sorted(owed.values_list("channel", "level")) == [("email", 4), ("webpush", 4)]
        for delivery in owed:
            assert deliver(delivery).state == "accepted"
        assert (len(push_service.pushes), len(mail_server.mails)) == (number, number)
    assert PushDevice.objects.count() == 1


def test_what_the_patient_has_read_meanwhile_is_not_sent_again(patient: Patient) -> None:
    """Nobody looked for 20 minutes: what fell due is kept, and not sent after the answer."""
    alert = emergency(patient)
    evaluation.evaluate(patient_id=patient.pk, at=at())
    read(alert, seconds=20 * MINUTE)
    assert chased(patient) == [(5, "reminder"), (15, "reminder")]
    Delivery.objects.update(due_at=at(), created_at=at())
    for delivery in Delivery.objects.filter(event__rule="R22"):
        ended = deliver(delivery)
        assert (ended.state, ended.because) == ("cancelled", "alert_read")


def test_nor_is_what_a_physician_has_closed(patient: Patient) -> None:
    alert = emergency(patient)
    evaluate_all_due(patient, at(seconds=6 * MINUTE))
    moment = at(seconds=7 * MINUTE)
    acts.close(
        alert_id=alert.pk, patient_id=patient.pk, by=patient.user, reason="examined", at=moment
    )
    evaluate_all_due(patient, at(days=2))
    assert chased(patient) == [(5, "reminder")]
    again = deliver(Delivery.objects.get(event__rule="R22"))
    assert (again.state, again.because) == ("cancelled", "alert_ended")


def test_who_has_read_it_is_left_alone_until_the_alert_speaks_again(patient: Patient) -> None:
    alert = emergency(patient)
    read(alert, seconds=MINUTE)
    put_entry(patient, at(seconds=10 * MINUTE), red_flags=BOWEL)
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_at) == ("open", None)
    evaluate_all_due(patient, at(seconds=16 * MINUTE))
    again = read(alert, seconds=17 * MINUTE)
    assert (again.status, again.acknowledged_at) == ("acknowledged", at(seconds=17 * MINUTE))
    evaluate_all_due(patient, at(hours=3))
    assert chased(patient) == [(15, "reminder"), (30, "escalated")]


def test_a_clinic_that_has_answered_is_asked_again_after_a_reminder(patient: Patient) -> None:
    alert = emergency(patient)
    see(alert, seconds=MINUTE)
    put_entry(patient, at(seconds=10 * MINUTE), red_flags=BOWEL)
    alert.refresh_from_db()
    assert (alert.seen_by_clinic_at, alert.clinic_told_at) == (None, at(seconds=10 * MINUTE))
    evaluate_all_due(patient, at(hours=3))
    assert (40, "escalated") in chased(patient)


def test_two_alerts_of_one_moment_are_both_chased(patient: Patient) -> None:
    put_entry(patient, at(), red_flags={**BLADDER, "gait_unsteady": "new_or_worse"})
    evaluate_all_due(patient, at(seconds=5 * MINUTE))
    said = AlertEvent.objects.filter(rule="R22").values_list("alert__rule", "message")
    assert sorted(said) == [("R01", "R01 reminder"), ("R02", "R02 reminder")]
    assert Watch.objects.get().due_at == at(seconds=15 * MINUTE)


def test_an_answer_to_one_massage_leaves_the_other_alert_ringing(patient: Patient) -> None:
    for hours in (-30, -29):
        put_massage(patient, at(hours=hours), pain_before=3)
    for hours in (0, 22):
        put_entry(patient, at(hours=hours), pain=7)
        evaluate_all_due(patient, at(hours=hours))
    one, other = Alert.objects.filter(rule="R08", level=3).order_by("pk")
    read(one, seconds=23 * 3600)
    evaluate_all_due(patient, at(hours=27))
    (event,) = AlertEvent.objects.filter(rule="R22")
    assert (event.alert, event.subject) == (other, other.subject)


def test_what_is_passed_on_waits_in_the_list_until_a_physician_answers(patient: Patient) -> None:
    alert = emergency(patient)
    evaluate_all_due(patient, at(hours=1))
    waiting = escalations.unanswered().get(rule="R22")
    assert (waiting.alert, waiting.level, waiting.text_key) == (alert, 4, "chase.backup")
    physician = User.objects.create(email="dr@example.org")
    escalations.answer(waiting, by=physician)
    assert not escalations.unanswered().filter(rule="R22").exists()
    alert.refresh_from_db()
    assert alert.seen_by_clinic_at is not None


def test_a_second_evaluation_of_a_moment_chases_nobody_twice(patient: Patient) -> None:
    emergency(patient)
    for _ in range(3):
        evaluation.evaluate(patient_id=patient.pk, at=at(seconds=5 * MINUTE))
    assert chased(patient) == [(5, "reminder")]


def test_the_emergency_of_a_rule_that_failed_is_chased_though_the_alert_was_read(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_entry(patient, at(), red_flags={"bladder": "unchanged_longstanding"})
    alert = Alert.objects.get()
    read(alert, seconds=MINUTE)
    with monkeypatch.context() as patched:
        rule = CURRENT.red_flags[0]
        patched.setattr(type(rule), "level_of", lambda *_: 1 // 0)
        put_entry(patient, at(hours=1), red_flags=BOWEL)
    alert.refresh_from_db()
    assert (alert.level, alert.status, alert.told_at) == (4, "open", at(hours=1))
    evaluate_all_due(patient, at(hours=1, seconds=6 * MINUTE))
    assert chased(patient) == [(65, "reminder")]


# --- R21 ----------------------------------------------------------------------------------------


def silent(patient: Patient) -> list[tuple[str, str]]:
    """What R21 said, each with its date."""
    events = AlertEvent.objects.filter(patient=patient, rule="R21").order_by("at", "kind")
    return [(f"{event.at:%d %H:%M}", event.kind) for event in events]


def test_who_stops_writing_is_reminded_through_every_channel(patient: Patient) -> None:
    put_entry(patient, at(), pain=2)
    evaluate_all_due(patient, at(days=5))
    assert silent(patient) == [("05 19:00", "reminder"), ("06 19:00", "reminder")]
    texts = Delivery.objects.values_list("event__text_key", "level", "channel")
    assert set(texts) == {("remind.diary", 0, "email")}


def test_a_patient_who_never_writes_is_silent_since_the_first_consent(db: None) -> None:
    patient = diaries.new_patient(consented=False, approved=False)
    consent.give(patient_id=patient.pk, version=required_version(), at=at())
    evaluate_all_due(patient, at(days=4))
    assert silent(patient) == [("05 19:00", "reminder")]


def test_an_open_alert_in_silence_waits_in_the_list_until_a_physician_answers(
    patient: Patient,
) -> None:
    see(emergency(patient), seconds=MINUTE)
    evaluate_all_due(patient, at(days=8))
    waiting = escalations.unanswered().get()
    assert (waiting.rule, waiting.level, waiting.text_key) == ("R21", 3, "staff.silent_patient")
    assert (waiting.at, waiting.alert) == (at(days=3) + timedelta(hours=7), None)
    escalations.answer(waiting, by=User.objects.create(email="dr@example.org"))
    assert not escalations.unanswered().exists()
