"""What the app says of an alert: that it was displayed, and that the patient opened it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alerts.models import Alert, AlertEvent
from diary.models import Patient
from tests.alerts import diaries
from tests.phones import Phone, at_once, enrolled, errors_of

OPENED = datetime.fromisoformat("2026-03-02T12:00:00Z")


@pytest.fixture
def alert(patient: Patient) -> Alert:
    return diaries.new_alert(patient, level=4, told_at=OPENED, opened_at=OPENED)


def say(phone: Phone, alert: Alert, event: str, **body: Any) -> Any:
    return phone.post(f"alerts/{alert.pk}/receipt/", {"event": event, **body})


def noted() -> list[tuple[str, datetime]]:
    events = AlertEvent.objects.filter(kind__in=["displayed", "opened_by_patient"])
    return list(events.order_by("at").values_list("kind", "at"))


def test_each_receipt_stands_once_in_the_timeline(phone: Phone, alert: Alert) -> None:
    first, second = "2026-03-02T13:05:00+01:00", "2026-03-02T12:06:00Z"
    for _ in range(2):
        assert say(phone, alert, "displayed", at=first).status_code == 200
        answer = say(phone, alert, "opened", at=second)
    happened = [(item["event"], item["at"]) for item in answer.json()["timeline"]]
    expected = [("displayed", "2026-03-02T12:05:00Z"), ("opened_by_patient", second)]
    assert happened == expected
    assert {event.by for event in AlertEvent.objects.all()} == {alert.patient.user}


def test_it_is_no_acknowledgement(phone: Phone, alert: Alert) -> None:
    answer = say(phone, alert, "opened").json()
    assert (answer["status"], answer["acknowledged_at"]) == ("open", None)


def test_what_was_told_again_is_displayed_again(phone: Phone, alert: Alert) -> None:
    early, late = OPENED + timedelta(minutes=1), OPENED + timedelta(minutes=30)
    say(phone, alert, "displayed", at=early.isoformat())
    Alert.objects.update(told_at=OPENED + timedelta(minutes=20))
    for moment in (late, early, late + timedelta(minutes=1)):
        say(phone, alert, "displayed", at=moment.isoformat())
    assert noted() == [("displayed", early), ("displayed", late)]


def test_a_wrong_clock_of_the_phone_is_corrected(phone: Phone, alert: Alert) -> None:
    say(phone, alert, "displayed", at="2001-01-01T00:00:00Z")
    before = timezone.now()
    say(phone, alert, "opened", at="2099-01-01T00:00:00Z")
    (shown, at), (opened, then) = noted()
    assert (shown, at, opened) == ("displayed", OPENED, "opened_by_patient")
    assert before <= then <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_the_same_receipt_at_once_counts_once(phone: Phone, alert: Alert) -> None:
    calls = [lambda: say(phone, alert, "displayed", at="2026-03-02T12:05:00Z")] * 8
    assert [answer.status_code for answer in at_once(*calls)] == [200] * 8
    assert len(noted()) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"event": "seen"}, ("/event", "invalid_choice")),
        ({}, ("/event", "required")),
        ({"event": "opened", "at": "yesterday"}, ("/at", "invalid_time")),
        ({"event": "opened", "at": "2026-03-02T12:05:00"}, ("/at", "time_without_offset")),
        ({"event": "opened", "by": "me"}, ("/by", "unknown_field")),
    ],
)
def test_what_makes_no_sense_is_refused(
    phone: Phone, alert: Alert, body: dict[str, Any], error: tuple[str, str]
) -> None:
    answer = phone.post(f"alerts/{alert.pk}/receipt/", body)
    assert errors_of(answer) == {error}
    assert noted() == []


def test_an_alert_of_somebody_else_is_not_there(alert: Alert) -> None:
    stranger = Phone.of(enrolled())
    assert say(stranger, alert, "displayed").status_code == 404
    unknown = stranger.post(f"alerts/{uuid4()}/receipt/", {"event": "displayed"})
    assert (unknown.status_code, noted()) == (404, [])
