"""What the patient says of an alert's advice: kept, changed, and shown to the physician."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Alert, AlertEvent, AlertStatus
from diary.accounts import physicians_group
from diary.models import Patient, User
from tests.alerts import diaries
from tests.diary.admin import clinic
from tests.phones import Phone, at_once, enrolled, errors_of

BOTH: dict[str, Any] = {"helpful": True, "did": "followed"}


@pytest.fixture
def alert(patient: Patient) -> Alert:
    return diaries.new_alert(patient)


def say(phone: Phone, alert: Alert, **body: Any) -> Any:
    return phone.post(f"alerts/{alert.pk}/feedback/", body)


def said_before() -> list[str]:
    events = AlertEvent.objects.filter(kind="feedback").order_by("at")
    return list(events.values_list("reason", flat=True))


def test_the_last_word_counts_and_those_before_are_kept(phone: Phone, alert: Alert) -> None:
    assert phone.get(f"alerts/{alert.pk}/").json()["feedback"] == {"helpful": None, "did": None}
    for body in (BOTH, BOTH, {"helpful": False, "did": "saw_doctor"}):
        answer = say(phone, alert, **body)
        assert (answer.status_code, answer.json()["feedback"]) == (200, body)
    assert phone.get(f"alerts/{alert.pk}/").json() == answer.json()
    assert said_before() == ["helpful, followed", "not helpful, saw doctor"]
    assert {event.by for event in AlertEvent.objects.all()} == {alert.patient.user}


def test_what_is_left_out_stays_as_it_was(phone: Phone, alert: Alert) -> None:
    say(phone, alert, helpful=False)
    answer = say(phone, alert, did="not_followed", helpful=None)
    assert answer.json()["feedback"] == {"helpful": False, "did": "not_followed"}
    assert said_before() == ["not helpful", "not helpful, not followed"]


def test_it_is_no_acknowledgement_and_nothing_of_the_alert_changes(
    phone: Phone, alert: Alert
) -> None:
    before = phone.get(f"alerts/{alert.pk}/").json()
    after = say(phone, alert, **BOTH).json()
    assert after == {**before, "feedback": BOTH}


def test_an_alert_that_is_over_can_have_it_too(phone: Phone, patient: Patient) -> None:
    over = diaries.new_alert(patient, status=AlertStatus.CLEARED, ended_at=diaries.at(days=1))
    assert say(phone, over, **BOTH).json()["feedback"] == BOTH


@pytest.mark.django_db(transaction=True)
def test_the_same_word_at_once_counts_once(phone: Phone, alert: Alert) -> None:
    answers = at_once(*([lambda: say(phone, alert, **BOTH)] * 6))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert said_before() == ["helpful, followed"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("", "empty_feedback")),
        ({"helpful": None, "did": None}, ("", "empty_feedback")),
        ({"helpful": "yes"}, ("/helpful", "invalid_type")),
        ({"helpful": 1}, ("/helpful", "invalid_type")),
        ({"did": "nothing"}, ("/did", "invalid_choice")),
        ({"helpful": True, "note": "x"}, ("/note", "unknown_field")),
    ],
)
def test_what_makes_no_sense_is_refused(
    phone: Phone, alert: Alert, body: dict[str, Any], error: tuple[str, str]
) -> None:
    assert errors_of(say(phone, alert, **body)) == {error}
    assert said_before() == []


def test_an_alert_of_somebody_else_is_not_there(phone: Phone, alert: Alert) -> None:
    foreign = say(Phone.of(enrolled()), alert, **BOTH)
    unknown = phone.post(f"alerts/{uuid4()}/feedback/", BOTH)
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert said_before() == []


def test_the_physician_reads_it_on_the_page_of_the_alert(
    phone: Phone, alert: Alert, doctor: User
) -> None:
    doctor.groups.add(physicians_group())
    address = f"/admin/alerts/alert/{alert.pk}/change/"
    browser = clinic.browser(doctor)
    assert "not helpful" not in browser.get(address).content.decode()
    say(phone, alert, helpful=False)
    say(phone, alert, did="saw_doctor")
    page = browser.get(address).content.decode()
    assert page.count("not helpful, saw doctor") == 2  # what holds, and the event
    assert page.count("said by the patient of the advice") == 2


def test_the_queries_are_as_many_however_much_was_said(phone: Phone, alert: Alert) -> None:
    counts = []
    for more in (0, 10):
        for number in range(more):
            say(phone, alert, helpful=bool(number % 2))
        with CaptureQueriesContext(connection) as captured:
            assert say(phone, alert, did="followed" if more else "saw_doctor").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10
