"""R21: who stops writing is asked to go on, and staff hear of it if something was open."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from alerts.core.days import Days
from alerts.core.engine import step
from alerts.core.standing import Standing
from alerts.core.timeline import Entry, Timeline
from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    clock,
    closed,
    entry,
    massage,
    profile,
    told,
    withdrawn,
)

NEW = "new_or_worse"


def evening(day: float, hour: float = 19) -> datetime:
    """An hour on a UTC day, counted from that of the start (2 March)."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour)


def silent(*lines: Line, days: float = 40) -> list[tuple[datetime, str]]:
    said = told(*lines, clock(at(days=days)))
    return [
        (datetime.fromisoformat(line["at"]), line["event"])
        for line in said
        if line["rule"] == "R21"
    ]


def reminders(*lines: Line, days: float = 40) -> list[datetime]:
    return [moment for moment, event in silent(*lines, days=days) if event == "reminder"]


def escalations(*lines: Line, days: float = 40) -> list[datetime]:
    return [moment for moment, event in silent(*lines, days=days) if event == "escalated"]


CALM = entry("e", at(), pain=2)


def test_three_evenings_in_a_row_then_every_week() -> None:
    assert reminders(CALM) == [evening(day) for day in (3, 4, 5, 12, 19, 26, 33)]


def test_what_it_says() -> None:
    (line,) = told(CALM, clock(evening(3)))
    assert (line["text_key"], line["level"], line["evidence"]) == ("remind.diary", 0, [])


def test_any_entry_begins_the_count_again() -> None:
    again = entry("f", at(days=4), weakness=0)
    assert reminders(CALM, again, days=8) == [evening(3), evening(7)]


def test_a_massage_is_no_entry() -> None:
    assert evening(3) in reminders(CALM, massage("m", at(days=2)), days=4)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(clock(at()), id="clock"),
        pytest.param(profile(at(), phase="chronic"), id="profile"),
        pytest.param(withdrawn("unknown", at()), id="deletion-of-nothing"),
        pytest.param(acknowledged("R01", at()), id="acknowledgement-of-nothing"),
        pytest.param(closed("R01", at()), id="close"),
        pytest.param(massage("m", at(hours=-1), received=at()), id="massage"),
    ],
)
def test_without_any_entry_it_counts_from_the_first_line(first: Line) -> None:
    assert reminders(first, days=4) == [evening(3)]


def test_a_withdrawn_entry_leaves_the_one_before_or_the_first_line() -> None:
    later = entry("f", at(days=1), pain=2)
    assert reminders(CALM, later, withdrawn("f", at(days=1, hours=1)), days=4) == [evening(3)]
    assert reminders(CALM, withdrawn("e", at(days=1)), days=4) == [evening(3)]


def test_a_look_that_is_over_is_not_made_up_for() -> None:
    """The entry is withdrawn an hour after the look that it had kept silent."""
    later = entry("f", at(days=1), pain=2)
    assert reminders(CALM, later, withdrawn("f", evening(3, 20)), days=4) == []
    assert reminders(CALM, later, withdrawn("f", evening(3, 20)), days=5) == [evening(4)]


def test_an_entry_at_the_very_moment_comes_after_the_reminder() -> None:
    assert reminders(CALM, entry("f", evening(3), pain=2), days=4) == [evening(3)]


def test_a_late_entry_counts_with_the_day_on_which_it_was_felt() -> None:
    late = entry("f", at(days=1), received=at(days=2, hours=3), pain=2)
    assert reminders(CALM, late, days=5) == [evening(4)]


class TestHour:
    def test_it_is_the_patients(self) -> None:
        assert reminders(profile(at(), reminder_hour=8), CALM, days=3) == [evening(3, 8)]

    def test_it_is_local(self) -> None:
        auckland = profile(at(), timezone="Pacific/Auckland")  # 3 March there, 13 hours ahead
        assert reminders(auckland, CALM, days=4) == [evening(4, 6)]

    def test_a_later_hour_moves_the_look(self) -> None:
        moved = profile(evening(3, 18), reminder_hour=21)
        assert reminders(CALM, moved, days=4) == [evening(3, 21)]

    def test_after_the_look_there_is_no_second_one_on_the_same_date(self) -> None:
        moved = profile(evening(3, 20), reminder_hour=21)
        assert reminders(CALM, moved, days=4) == [evening(3)]
        assert reminders(CALM, profile(evening(3), reminder_hour=20), days=4) == [evening(3)]

    def test_nor_if_the_first_had_nothing_to_say(self) -> None:
        later = entry("f", at(days=1), pain=2)
        moved = profile(evening(3, 20), reminder_hour=21)
        gone = withdrawn("f", evening(3, 20.5))
        assert reminders(CALM, later, moved, gone, days=4) == []

    def test_an_hour_that_is_over_on_that_date_is_that_of_the_next(self) -> None:
        moved = profile(evening(3, 15), reminder_hour=8)
        assert reminders(CALM, moved, days=4) == [evening(4, 8)]

    def test_an_hour_that_becomes_the_present_one_is_now(self) -> None:
        moved = profile(evening(3, 15), reminder_hour=15)
        assert reminders(CALM, moved, days=4) == [evening(3, 15)]


class TestTravel:
    def test_a_journey_east_beyond_the_hour_is_the_moment_of_arrival(self) -> None:
        """At 08:00 UTC it is 21:00 in Auckland: the clock first shows 19:00 or later then."""
        zones = profile(at(), timezone="UTC"), profile(evening(3, 8), timezone="Pacific/Auckland")
        assert reminders(zones[0], CALM, zones[1], days=4) == [evening(3, 8), evening(4, 6)]

    def test_a_journey_west_shows_no_date_twice(self) -> None:
        zones = profile(at(), timezone="UTC"), profile(evening(3, 20), timezone="Pacific/Honolulu")
        assert reminders(zones[0], CALM, zones[1], days=5) == [evening(3), evening(5, 5)]

    def test_a_missing_hour_is_the_first_instant_after_it(self) -> None:
        berlin = profile(at(), timezone="Europe/Berlin", reminder_hour=2)
        last = entry("f", datetime(2026, 3, 26, 12, tzinfo=UTC), pain=2)
        assert datetime(2026, 3, 29, 1, tzinfo=UTC) in reminders(berlin, last)

    def test_a_repeated_hour_is_the_first_of_the_two(self) -> None:
        autumn = datetime(2026, 10, 22, 12, tzinfo=UTC)
        berlin = profile(autumn, timezone="Europe/Berlin", reminder_hour=2)
        said = told(berlin, entry("f", autumn, pain=2), clock(autumn + timedelta(days=3.5)))
        assert [line["at"] for line in said] == ["2026-10-25T00:00:00Z"]

    def test_a_date_that_was_jumped_over_is_looked_at_on_arrival(self) -> None:
        """From 5 March 18:00 to 6 March 20:00, 26 hours further east: two dates at once."""
        arrival = evening(4, 6)
        zones = (
            profile(at(), timezone="Etc/GMT+12"),
            profile(arrival, timezone="Pacific/Kiritimati"),
        )
        assert reminders(zones[0], CALM, zones[1], days=4) == [arrival, arrival]


class TestStaff:
    OPEN = entry("a", at(), pain=1, red_flags={"bladder": NEW})

    def test_an_open_alert_is_passed_on_once_in_a_silence(self) -> None:
        assert escalations(self.OPEN) == [evening(3)]

    def test_what_it_says(self) -> None:
        said = told(self.OPEN, clock(evening(3)))
        (line,) = [each for each in said if (each["rule"], each["event"]) == ("R21", "escalated")]
        assert (line["text_key"], line["level"]) == ("staff.silent_patient", 3)
        assert (line["subject"], line["evidence"]) == (None, [])

    def test_the_next_silence_is_passed_on_again(self) -> None:
        again = entry("b", at(days=6), pain=1)
        assert escalations(self.OPEN, again, days=20) == [evening(3), evening(9)]

    def test_another_entry_of_the_same_date_makes_no_other_silence(self) -> None:
        late = entry("b", at(hours=2), received=at(days=3, hours=12), pain=1)
        assert escalations(self.OPEN, late, days=20) == [evening(3)]

    def test_an_alert_that_opens_later_is_passed_on_at_the_next_reminder(self) -> None:
        late = entry("b", at(hours=-2), received=at(days=3, hours=12), red_flags={"bladder": NEW})
        assert escalations(CALM, late, days=20) == [evening(4)]

    def test_a_closed_alert_is_not(self) -> None:
        assert escalations(self.OPEN, closed("R01", at(days=1))) == []

    @pytest.mark.parametrize(
        ("score", "value", "is_passed_on"),
        [
            pytest.param("weakness", 2, True, id="weakness-2-above"),
            pytest.param("weakness", 1, False, id="weakness-1-above"),
            pytest.param("numbness", 2, True, id="numbness-2-above"),
            pytest.param("numbness", 1, False, id="numbness-1-above"),
        ],
    )
    def test_a_raised_score_is_passed_on_however_old_it_is(
        self, score: str, value: int, *, is_passed_on: bool
    ) -> None:
        scores: list[dict[str, Any]] = [{score: 0}, {score: value}]
        risen = [entry(f"e{day}", at(days=day), **said) for day, said in enumerate(scores)]
        later = entry("c", at(days=20), pain=2)
        assert bool(escalations(*risen, later, days=24)) is is_passed_on


def test_nothing_is_due_before_anything_was_heard() -> None:
    assert step(Timeline(), Standing(), now=at()).due_at is None
    assert step(Timeline(begun_at=at()), Standing(), now=at()).due_at == evening(3)


def test_a_long_silence_is_found_without_counting_from_its_beginning() -> None:
    old = Entry.of({"id": "e", "symptom_at": at()}, received_at=at())
    assert step(Timeline([old]), Standing(), now=at(days=7 * 500)).due_at == evening(5 + 7 * 500)


def test_a_clock_time_is_shown_once_on_each_date() -> None:
    days = Days([])
    assert days.moment_of(date(2026, 3, 5), time(19)) == evening(3)
