"""What a physician does with an alert: acknowledge, close with a reason, look at what came up."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from alerts import acts
from alerts.models import Alert, AlertEvent, EventKind
from diary.models import CareRelationship, Patient, User
from tests.diary.admin import clinic

pytestmark = pytest.mark.django_db
QUEUE = "/admin/alerts/alert/"
TO_LOOK_AT = "/admin/alerts/alertevent/"


@pytest.fixture
def doctor() -> User:
    return clinic.physician("Anna")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return clinic.patient("Alva", doctor)


@pytest.fixture
def alert(patient: Patient) -> Alert:
    return clinic.emergency(patient)


def acknowledging(alert: Alert) -> str:
    return f"{QUEUE}{alert.pk}/acknowledge/"


def closing(alert: Alert) -> str:
    return f"{QUEUE}{alert.pk}/close/"


def kept(alert: Alert, kind: EventKind) -> list[AlertEvent]:
    return list(alert.events.filter(kind=kind))


def test_acknowledging_marks_the_alert_as_seen_by_the_clinic(doctor: User, alert: Alert) -> None:
    response = clinic.browser(doctor).post(acknowledging(alert))
    assert response["Location"] == f"{QUEUE}{alert.pk}/change/"
    alert.refresh_from_db()
    assert alert.seen_by_clinic_at is not None
    assert alert.ended_at is None
    assert [event.by for event in kept(alert, EventKind.SEEN_BY_CLINIC)] == [doctor]


def test_acknowledging_in_the_queue_stays_in_the_queue(doctor: User, alert: Alert) -> None:
    response = clinic.browser(doctor).post(acknowledging(alert), {"from_queue": "1"})
    assert response["Location"] == QUEUE


def test_acknowledging_twice_is_acknowledging_once(doctor: User, alert: Alert) -> None:
    browser = clinic.browser(doctor)
    for _ in range(2):
        assert browser.post(acknowledging(alert)).status_code == 302
    assert len(kept(alert, EventKind.SEEN_BY_CLINIC)) == 1


def test_several_alerts_are_acknowledged_at_once(doctor: User, alert: Alert) -> None:
    other = clinic.emergency(clinic.patient("Bo", doctor))
    foreign = clinic.emergency(clinic.patient("Cleo", clinic.physician("Ben")))
    chosen = [each.pk for each in (alert, other, foreign)]
    said = {"action": "acknowledge_selected", "_selected_action": chosen}
    clinic.browser(doctor).post(QUEUE, said)
    seen = Alert.objects.exclude(seen_by_clinic_at=None)
    assert set(seen) == {alert, other}


def test_closing_asks_for_a_reason_first(doctor: User, alert: Alert) -> None:
    body = clinic.browser(doctor).get(closing(alert)).content.decode()
    assert 'name="reason"' in body
    assert "Alva" in body
    assert kept(alert, EventKind.CLOSED) == []


@pytest.mark.parametrize("reason", [None, "", "   \n\t ", "x" * 2001, "nul \0"])
def test_an_alert_is_not_closed_without_a_readable_reason(
    doctor: User, alert: Alert, reason: str | None
) -> None:
    said = {} if reason is None else {"reason": reason}
    response = clinic.browser(doctor).post(closing(alert), said)
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    alert.refresh_from_db()
    assert alert.ended_at is None
    assert kept(alert, EventKind.CLOSED) == []


def test_closing_keeps_the_reason_and_ends_the_alert(doctor: User, alert: Alert) -> None:
    browser = clinic.browser(doctor)
    response = browser.post(closing(alert), {"reason": " Examined <b>today</b> "})
    assert response["Location"] == QUEUE
    alert.refresh_from_db()
    assert alert.ended_at is not None
    (event,) = kept(alert, EventKind.CLOSED)
    assert (event.by, event.reason) == (doctor, "Examined <b>today</b>")
    page = browser.get(f"{QUEUE}{alert.pk}/change/").content.decode()
    assert "Examined &lt;b&gt;today&lt;/b&gt;" in page


def test_closing_twice_is_closing_once(doctor: User, alert: Alert) -> None:
    browser = clinic.browser(doctor)
    for _ in range(2):
        response = browser.post(closing(alert), {"reason": "examined"}, follow=True)
        assert response.status_code == 200
    assert "had ended already" in response.content.decode()
    assert len(kept(alert, EventKind.CLOSED)) == 1


def test_an_alert_closed_between_the_look_and_the_click_says_so(
    doctor: User, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: object) -> None:
        raise acts.AlreadyEnded

    monkeypatch.setattr(acts, "close", too_late)
    response = clinic.browser(doctor).post(closing(alert), {"reason": "examined"}, follow=True)
    assert "had ended already" in response.content.decode()


def test_an_ended_alert_is_not_acknowledged_any_more(doctor: User, alert: Alert) -> None:
    acts.close(alert_id=alert.pk, patient_id=alert.patient_id, by=doctor, reason="examined")
    response = clinic.browser(doctor).post(acknowledging(alert), follow=True)
    assert "nothing was changed" in response.content.decode()
    assert kept(alert, EventKind.SEEN_BY_CLINIC) == []


def test_a_link_acknowledges_nothing(doctor: User, alert: Alert) -> None:
    assert clinic.browser(doctor).get(acknowledging(alert)).status_code == 405
    assert kept(alert, EventKind.SEEN_BY_CLINIC) == []


@pytest.mark.parametrize("address", [acknowledging, closing])
def test_a_form_of_another_site_changes_nothing(
    doctor: User, alert: Alert, address: Callable[[Alert], str]
) -> None:
    browser = clinic.browser(doctor, enforce_csrf_checks=True)
    assert browser.post(address(alert), {"reason": "forged"}).status_code == 403
    assert not alert.events.filter(by=doctor).exists()


@pytest.mark.parametrize("address", [acknowledging, closing])
def test_the_physician_of_another_patient_cannot_act(
    alert: Alert, address: Callable[[Alert], str]
) -> None:
    other = clinic.physician("Ben")
    assert clinic.browser(other).post(address(alert), {"reason": "no"}).status_code == 404
    assert not alert.events.filter(by=other).exists()


@pytest.mark.parametrize("address", [acknowledging, closing])
def test_a_former_physician_cannot_act(
    doctor: User, alert: Alert, address: Callable[[Alert], str]
) -> None:
    browser = clinic.browser(doctor)
    CareRelationship.objects.filter(physician=doctor).update(ended_at=timezone.now())
    assert browser.post(address(alert), {"reason": "no"}).status_code == 404
    assert not alert.events.filter(by=doctor).exists()


@pytest.mark.parametrize("address", [acknowledging, closing])
def test_a_superuser_looks_but_does_not_act(alert: Alert, address: Callable[[Alert], str]) -> None:
    operator = clinic.superuser()
    browser = clinic.browser(operator)
    assert browser.post(address(alert), {"reason": "no"}).status_code == 403
    chosen = {"action": "acknowledge_selected", "_selected_action": [alert.pk]}
    assert browser.post(QUEUE, chosen).status_code == 403
    assert "Acknowledge</button>" not in browser.get(f"{QUEUE}{alert.pk}/change/").content.decode()
    assert not alert.events.filter(by=operator).exists()


def test_the_page_of_an_alert_shows_what_it_rests_on_and_no_address(
    doctor: User, patient: Patient, alert: Alert
) -> None:
    body = clinic.browser(doctor).get(f"{QUEUE}{alert.pk}/change/").content.decode()
    entry = patient.entry_set.get()
    assert f"/admin/diary/entry/{entry.pk}/change/" in body
    for part in ("new or worse", "Go to the emergency department now", "Who was told", "Email"):
        assert part in body
    assert patient.user.email not in body


def test_nobody_adds_changes_or_deletes_an_alert(doctor: User, alert: Alert) -> None:
    browser = clinic.browser(doctor)
    assert browser.get(f"{QUEUE}add/").status_code == 403
    assert browser.post(f"{QUEUE}{alert.pk}/change/", {"level": 0}).status_code == 403
    assert browser.post(f"{QUEUE}{alert.pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_was_passed_on_is_looked_at_until_it_is_marked_as_seen(
    doctor: User, patient: Patient
) -> None:
    clinic.unanswered_massage(patient)
    event = AlertEvent.objects.get(kind=EventKind.ESCALATED, rule="R20")
    browser = clinic.browser(doctor)
    assert "No answer after a massage" in browser.get(TO_LOOK_AT).content.decode()
    assert browser.get(f"{TO_LOOK_AT}{event.pk}/change/").status_code == 200
    for _ in range(2):
        assert browser.post(f"{TO_LOOK_AT}{event.pk}/see/")["Location"] == TO_LOOK_AT
    assert "No answer after a massage" not in browser.get(TO_LOOK_AT).content.decode()
    answers = AlertEvent.objects.filter(rule="R20", kind=EventKind.SEEN_BY_CLINIC)
    assert [answer.by for answer in answers] == [doctor]


def test_an_escalated_alert_is_looked_at_until_it_is_acknowledged(
    doctor: User, alert: Alert
) -> None:
    escalated = AlertEvent.objects.create(
        patient=alert.patient,
        alert=alert,
        kind=EventKind.ESCALATED,
        at=timezone.now(),
        rule="R22",
        level=4,
        text_key="chase.backup",
    )
    browser = clinic.browser(doctor)
    assert "An urgent alert has no answer" in browser.get(TO_LOOK_AT).content.decode()
    browser.post(f"{TO_LOOK_AT}{escalated.pk}/see/")
    alert.refresh_from_db()
    assert alert.seen_by_clinic_at is not None
    assert "An urgent alert has no answer" not in browser.get(TO_LOOK_AT).content.decode()


def test_an_escalation_is_seen_by_its_own_physician_only(patient: Patient) -> None:
    clinic.unanswered_massage(patient)
    event = AlertEvent.objects.get(kind=EventKind.ESCALATED)
    see = f"{TO_LOOK_AT}{event.pk}/see/"
    assert clinic.browser(clinic.physician("Ben")).post(see).status_code == 404
    assert clinic.browser(clinic.superuser()).post(see).status_code == 403
    assert not AlertEvent.objects.filter(kind=EventKind.SEEN_BY_CLINIC).exists()
