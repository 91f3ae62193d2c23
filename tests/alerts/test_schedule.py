"""Quiet hours in the zone of the patient, and the budget of what is not urgent."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from alerts import schedule
from alerts.models import AlertEvent, Delivery, EventKind
from alerts.schedule import Told, room_on
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.diaries import owe_message

NIGHT = "21:00-08:00"
BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- Quiet hours --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hours", "at", "due"),
    [
        pytest.param("UTC", NIGHT, "2026-03-02 20:59:59", None, id="just-before"),
        pytest.param("UTC", NIGHT, "2026-03-02 21:00", "2026-03-03 08:00", id="start"),
        pytest.param("UTC", NIGHT, "2026-03-03 03:00", "2026-03-03 08:00", id="after-midnight"),
        pytest.param("UTC", NIGHT, "2026-03-03 08:00", None, id="end"),
        pytest.param("UTC", "00:00-00:00", "2026-03-03 00:00", None, id="none"),
        pytest.param("UTC", "13:00-15:00", "2026-03-03 14:00", "2026-03-03 15:00", id="a-nap"),
        pytest.param(TOKYO, NIGHT, "2026-03-02 12:00", "2026-03-02 23:00", id="far-east"),
        pytest.param(BERLIN, NIGHT, "2026-03-28 22:00", "2026-03-29 06:00", id="spring-night"),
        pytest.param(BERLIN, NIGHT, "2026-10-24 22:00", "2026-10-25 07:00", id="autumn-night"),
        pytest.param(
            BERLIN, "23:00-02:30", "2026-03-28 23:00", "2026-03-29 01:00", id="end-in-a-gap"
        ),
        pytest.param(
            BERLIN, "23:00-02:30", "2026-10-24 23:00", "2026-10-25 00:30", id="end-comes-twice"
        ),
        pytest.param(
            "Pacific/Kiritimati", NIGHT, "2026-03-02 07:00", "2026-03-02 18:00", id="plus-14"
        ),
        pytest.param("Etc/GMT+12", NIGHT, "2026-03-02 09:00", "2026-03-02 20:00", id="minus-12"),
    ],
)
def test_what_is_not_urgent_is_due_after_the_quiet_hours(
    zone: str, hours: str, at: str, due: str | None
) -> None:
    patient = Patient(timezone=zone, quiet_hours=hours)
    assert schedule.first_due(patient, level=2, at=utc(at)) == utc(due or at)


@pytest.mark.parametrize("level", [3, 4])
def test_what_is_urgent_is_due_at_once(level: int) -> None:
    patient, at = Patient(timezone="UTC", quiet_hours=NIGHT), utc("2026-03-03 03:00")
    assert schedule.first_due(patient, level=level, at=at) == at


def waits(*rows: Delivery, at: str) -> list[datetime | None]:
    found = schedule.waits(rows, at=utc(at))
    return [found.get(row.pk) for row in rows]


def awake(patient: Patient, zone: str = "UTC") -> Patient:
    """At night the patient sleeps."""
    Patient.objects.filter(pk=patient.pk).update(quiet_hours=NIGHT, timezone=zone)
    patient.refresh_from_db()
    return patient


def test_the_zone_is_that_of_the_moment_of_sending(patient: Patient) -> None:
    """Owed at noon in Berlin, sent after a flight to Tokyo, where it is night."""
    owed = owe_message(awake(patient, BERLIN), level=2)
    assert waits(owed, at="2026-03-02 13:00") == [None]
    owed.patient = awake(patient, TOKYO)
    assert waits(owed, at="2026-03-02 13:00") == [utc("2026-03-02 23:00")]


def test_at_night_what_is_urgent_takes_the_others_along(patient: Patient) -> None:
    mild, urgent = owe_message(awake(patient), level=1), owe_message(patient, level=3)
    assert waits(mild, at="2026-03-03 03:00") == [utc("2026-03-03 08:00")]
    assert waits(mild, urgent, at="2026-03-03 03:00") == [None, None]


def test_notices_and_the_clinic_and_incidents_never_wait(patient: Patient) -> None:
    notice = owe_message(awake(patient), level=0)
    notice.event = AlertEvent(patient=patient, kind=EventKind.NOTICE, text_key="account.push_off")
    to_clinic = owe_message(patient, level=2, recipient=diaries.new_patient().user)
    of_nobody = Delivery(patient=None, level=2, channel="email")
    for row in (notice, to_clinic, of_nobody):
        assert waits(row, at="2026-03-03 03:00") == [None]


# --- The budget ---------------------------------------------------------------------------------

TODAY = date(2026, 3, 12)  # a Thursday


def soft(*days_ago: int) -> list[Told]:
    return [Told(TODAY - timedelta(days=days), level=1) for days in days_ago]


def hold(days_ago: int, *rules: str) -> list[Told]:
    return [Told(TODAY - timedelta(days=days_ago), level=2, holding=set(rules))]


@pytest.mark.parametrize(
    ("told", "level", "in_days"),
    [
        pytest.param([], 1, 0, id="nothing-yet"),
        pytest.param(soft(0), 1, 1, id="one-a-day"),
        pytest.param(soft(1, 2), 0, 0, id="two-in-seven-days"),
        pytest.param(soft(1, 2, 6), 0, 1, id="three-in-seven-days"),
        pytest.param(soft(0, 2, 5), 1, 2, id="the-fourth-waits-until-one-is-a-week-ago"),
        pytest.param(soft(1, 2, 7), 0, 0, id="seven-days-ago-is-last-week"),
        pytest.param(soft(0, 1, 2), 0, 5, id="three-days-running"),
        pytest.param(hold(0, "R08"), 1, 0, id="a-hold-is-no-part-of-it"),
        pytest.param(hold(0, "R08"), 2, 1, id="one-hold-a-day-for-a-rule"),
        pytest.param(hold(0, "R12"), 2, 0, id="another-rule"),
        pytest.param(hold(1, "R08"), 2, 0, id="another-day"),
        pytest.param(soft(0, 1, 2), 2, 0, id="a-hold-does-not-wait-for-what-is-below"),
    ],
)
def test_the_first_day_with_room(told: list[Told], level: int, in_days: int) -> None:
    found = room_on(TODAY, told, level=level, rule="R08")
    assert found == TODAY + timedelta(days=in_days)


def told_before(patient: Patient, at: str, *, level: int, **fields: Any) -> Delivery:
    """A message that was accepted at that moment."""
    owed = owe_message(patient, level=level, state="accepted", ended_at=utc(at), **fields)
    Delivery.objects.filter(pk=owed.pk).update(message=owed.pk)
    return owed


def test_what_is_over_budget_waits_for_the_next_morning_with_room(patient: Patient) -> None:
    for day in (9, 10, 12):
        told_before(awake(patient, BERLIN), f"2026-03-{day:02} 09:00", level=1)
    owed = owe_message(patient, level=0)
    assert waits(owed, at="2026-03-12 15:00") == [utc("2026-03-16 07:00")]


def test_each_endpoint_has_its_own_budget_and_urgent_messages_no_part_in_it(
    patient: Patient,
) -> None:
    told_before(patient, "2026-03-12 09:00", level=1, channel="webpush")
    told_before(patient, "2026-03-12 09:00", level=4)
    assert waits(owe_message(patient, level=1), at="2026-03-12 15:00") == [None]


def test_a_message_that_is_on_its_way_counts(patient: Patient) -> None:
    on_its_way = owe_message(patient, level=1)
    Delivery.objects.filter(pk=on_its_way.pk).update(message=on_its_way.pk)
    at = utc("2026-03-12 15:00")
    owed = owe_message(patient, level=1)
    assert waits(owed, at=f"{at:%F %T}") == [utc("2026-03-13 08:00")]


def test_the_local_day_is_what_counts(patient: Patient) -> None:
    """23:30 and 00:30 in Tokyo are two days there and one in UTC."""
    told_before(awake(patient, TOKYO), "2026-03-12 14:30", level=1)
    Patient.objects.update(quiet_hours="00:00-00:00")
    owed = owe_message(Patient.objects.get(), level=1)
    assert waits(owed, at="2026-03-12 14:45") == [utc("2026-03-12 23:00")]
    assert waits(owed, at="2026-03-12 15:30") == [None]


def test_a_hold_takes_along_what_would_be_over_budget(patient: Patient) -> None:
    told_before(patient, "2026-03-12 09:00", level=1)
    mild, held = owe_message(patient, level=1), owe_message(patient, level=2)
    assert waits(mild, at="2026-03-12 15:00") == [utc("2026-03-13 08:00")]
    assert waits(mild, held, at="2026-03-12 15:00") == [None, None]


def test_a_second_hold_of_a_rule_waits_and_what_is_below_goes(patient: Patient) -> None:
    told_before(patient, "2026-03-12 09:00", level=2)
    mild, held = owe_message(patient, level=1), owe_message(patient, level=2)
    assert waits(mild, held, at="2026-03-12 15:00") == [None, utc("2026-03-13 08:00")]


def test_a_message_that_was_tried_has_its_place_in_the_budget(patient: Patient) -> None:
    told_before(patient, "2026-03-12 09:00", level=1)
    owed = owe_message(patient, level=1)
    owed.message = owed.pk
    assert waits(owed, at="2026-03-12 15:00") == [None]
