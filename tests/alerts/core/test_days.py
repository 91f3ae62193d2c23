"""Local days: daylight saving, journeys, and clock times that do not exist or come twice."""

from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from alerts.core.days import Days, first_instant

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "at", "expected"),
    [
        pytest.param("2026-03-28", "02:30", "2026-03-28T01:30", id="an-ordinary-day"),
        pytest.param("2026-03-29", "01:59", "2026-03-29T00:59", id="before-the-gap"),
        pytest.param("2026-03-29", "02:00", "2026-03-29T01:00", id="where-the-gap-begins"),
        pytest.param("2026-03-29", "02:30", "2026-03-29T01:00", id="in-the-gap"),
        pytest.param("2026-03-29", "03:00", "2026-03-29T01:00", id="after-the-gap"),
        pytest.param("2026-03-29", "03:01", "2026-03-29T01:01", id="a-minute-later"),
        pytest.param("2026-10-25", "02:30", "2026-10-25T00:30", id="the-first-of-a-repeated-hour"),
        pytest.param("2026-10-25", "03:00", "2026-10-25T02:00", id="after-the-repeated-hour"),
    ],
)
def test_a_clock_time_is_its_first_instant(on: str, at: str, expected: str) -> None:
    found = first_instant(BERLIN, date.fromisoformat(on), time.fromisoformat(at))
    assert found == utc(expected)


def test_within_a_repeated_hour_only_the_second_pass_is_left() -> None:
    in_second_pass = utc("2026-10-25T01:10")
    found = first_instant(BERLIN, date(2026, 10, 25), time(2, 30), not_before=in_second_pass)
    assert found == utc("2026-10-25T01:30")


def test_a_time_that_has_passed_is_now() -> None:
    now = utc("2026-05-01T12:00")
    assert first_instant(BERLIN, date(2026, 5, 1), time(8), not_before=now) == now


def test_without_a_zone_the_day_is_that_of_utc() -> None:
    assert Days([]).date_of(utc("2026-05-01T23:59")) == date(2026, 5, 1)


def test_the_first_zone_also_counts_for_the_time_before_it() -> None:
    days = Days([(utc("2026-05-10"), BERLIN)])
    assert days.date_of(utc("2026-05-01T22:00")) == date(2026, 5, 2)


def test_the_date_is_that_of_the_zone_valid_at_the_instant() -> None:
    days = Days([(utc("2026-05-01"), BERLIN), (utc("2026-05-02T12:00"), AUCKLAND)])
    assert days.date_of(utc("2026-05-02T11:59")) == date(2026, 5, 2)
    assert days.date_of(utc("2026-05-02T12:00")) == date(2026, 5, 3)


def test_a_journey_east_skips_midnight_to_the_instant_of_arrival() -> None:
    arrival = utc("2026-05-02T13:00")
    days = Days([(utc("2026-05-01"), BERLIN), (arrival, AUCKLAND)])
    assert days.begin_of(date(2026, 5, 3)) == arrival
    found = list(islice(days.midnights_after(utc("2026-05-02T12:00")), 2))
    assert found == [arrival, utc("2026-05-03T12:00")]


def test_after_a_journey_west_a_date_does_not_begin_again() -> None:
    days = Days([(utc("2026-05-01"), AUCKLAND), (utc("2026-05-02T13:00"), HONOLULU)])
    # It is 3 May in Auckland when the patient leaves, and 2 May again in Honolulu.
    found = list(islice(days.midnights_after(utc("2026-05-02T14:00")), 2))
    assert found == [utc("2026-05-04T10:00"), utc("2026-05-05T10:00")]


def test_midnights_come_once_a_day_through_daylight_saving() -> None:
    days = Days([(utc("2026-01-01"), BERLIN)])
    found = list(islice(days.midnights_after(utc("2026-03-27T23:00")), 3))
    assert found == [utc("2026-03-28T23:00"), utc("2026-03-29T22:00"), utc("2026-03-30T22:00")]


def test_a_zone_without_midnight_begins_its_day_after_the_gap() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # summer time begins at midnight
    assert first_instant(beirut, date(2026, 3, 29), time()) == utc("2026-03-28T22:00")
