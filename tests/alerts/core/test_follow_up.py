"""R20: the question after a massage, asked twice, and the list of the staff."""

from typing import Any

import pytest

from tests.alerts.core.proofs.patients import patient
from tests.alerts.core.story import (
    Line,
    at,
    brief,
    clock,
    entry,
    massage,
    profile,
    told,
    withdrawn,
)

FIRST, SECOND, MISSING = "R20 reminder 0", "R20 reminder 0", "R20 escalated 2"
# Nothing speaks against the massage, so that no other alert is open.
APPROVED = patient()
NO_QUIET_HOURS = patient(quiet_hours="00:00-00:00")


def moments(lines: list[Line], event: str = "reminder") -> list[str]:
    return [line["at"] for line in lines if (line["rule"], line["event"]) == ("R20", event)]


def test_it_reminds_at_26_and_at_44_hours() -> None:
    said = told(NO_QUIET_HOURS, massage("m", at()), clock(at(days=30)))
    assert moments(said) == ["2026-03-03T14:00:00Z", "2026-03-04T08:00:00Z"]
    lines = [line for line in said if line["rule"] == "R20"]
    assert {line["text_key"] for line in lines} == {"remind.followup"}
    assert [(line["subject"], line["evidence"]) for line in lines] == [("m", ["m"])] * 2


@pytest.mark.parametrize(
    ("hours", "reminders"),
    [
        pytest.param(24, 2, id="an-observation-of-the-first-day-is-no-follow-up"),
        pytest.param(24 + 1 / 3600, 0, id="one-second-later-is"),
        pytest.param(26, 1, id="at-the-due-moment-the-reminder-has-gone"),
        pytest.param(43.99, 1, id="before-the-second"),
        pytest.param(44, 2, id="at-the-second"),
    ],
)
def test_a_follow_up_ends_the_reminders(hours: float, reminders: int) -> None:
    answer = entry("e", at(hours=hours), pain=3)
    said = told(NO_QUIET_HOURS, massage("m", at(), pain_before=3), answer, clock(at(days=30)))
    assert brief(said, "R20") == [FIRST] * reminders


def test_an_entry_without_pain_is_no_follow_up() -> None:
    other = entry("e", at(hours=25), numbness=0)
    said = told(NO_QUIET_HOURS, massage("m", at()), other, clock(at(days=30)))
    assert brief(said, "R20") == [FIRST, SECOND]


def test_a_withdrawn_follow_up_is_asked_for_again() -> None:
    answer = entry("e", at(hours=25), pain=3)
    said = told(NO_QUIET_HOURS, massage("m", at()), answer, withdrawn("e", at(hours=30)))
    assert brief(told(clock(at()), *[]), "R20") == []
    assert brief(said, "R20") == []
    lines = [NO_QUIET_HOURS, massage("m", at()), answer, withdrawn("e", at(hours=30))]
    assert moments(told(*lines, clock(at(hours=71)))) == ["2026-03-04T08:00:00Z"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(25.99, 2, id="known-before-the-first"),
        pytest.param(26, 1, id="known-at-the-first"),
        pytest.param(44, 0, id="known-at-the-second"),
    ],
)
def test_a_reminder_goes_out_only_if_the_massage_was_known_before(
    hours: float, expected: int
) -> None:
    late = massage("m", at(), received=at(hours=hours))
    said = told(NO_QUIET_HOURS, late, clock(at(days=30)))
    assert len(moments(said)) == expected


def test_a_correction_that_moves_the_massage_asks_nothing_twice() -> None:
    moved = massage("m", at(hours=10), received=at(hours=28))
    said = told(NO_QUIET_HOURS, massage("m", at()), moved, clock(at(days=30)))
    assert moments(said) == ["2026-03-03T14:00:00Z", "2026-03-04T18:00:00Z"]


@pytest.mark.parametrize(
    ("ended_hour", "zone", "quiet", "expected"),
    [
        # T0 + 26 h is two hours later in the day.
        pytest.param(18, "UTC", None, "2026-03-03T20:00:00Z", id="before-the-quiet-hours"),
        pytest.param(19, "UTC", None, "2026-03-04T07:00:00Z", id="their-start-is-quiet-36-h-cap"),
        pytest.param(22, "UTC", None, "2026-03-04T08:00:00Z", id="to-their-end"),
        pytest.param(6, "UTC", None, "2026-03-03T08:00:00Z", id="their-end-is-not-quiet"),
        pytest.param(5.99, "UTC", None, "2026-03-03T08:00:00Z", id="a-moment-before-the-end"),
        pytest.param(18, "Europe/Berlin", None, "2026-03-04T06:00:00Z", id="local-36-h-cap"),
        pytest.param(12, "UTC", "13:00-15:00", "2026-03-03T15:00:00Z", id="within-one-day"),
        pytest.param(13, "UTC", "13:00-15:00", "2026-03-03T15:00:00Z", id="the-end-of-those"),
        pytest.param(12, "UTC", "14:00-14:00", "2026-03-03T14:00:00Z", id="equal-means-none"),
        pytest.param(12, "UTC", "14:00-14:01", "2026-03-03T14:01:00Z", id="starting-just-then"),
    ],
)
def test_a_reminder_waits_for_the_end_of_the_quiet_hours(
    ended_hour: float, zone: str, quiet: str | None, expected: str
) -> None:
    settings: dict[str, Any] = {"timezone": zone} | ({"quiet_hours": quiet} if quiet else {})
    said = told(
        profile(at(days=-1), **settings), massage("m", at(hours=ended_hour - 12)), clock(at(days=3))
    )
    assert moments(said)[0] == expected


def test_the_second_reminder_may_wait_longer() -> None:
    said = told(massage("m", at(hours=2)), clock(at(days=3)))
    assert moments(said)[1] == "2026-03-04T10:00:00Z"
    said = told(massage("m", at(hours=-10)), clock(at(days=3)))  # due at 22:00
    assert moments(said)[1] == "2026-03-04T08:00:00Z"


def test_quiet_hours_know_daylight_saving() -> None:
    """In the night to 29 March Berlin's 08:00 comes an hour earlier."""
    zone = profile(at(days=-1), timezone="Europe/Berlin")
    said = told(zone, massage("m", at(days=25, hours=8)), clock(at(days=30)))  # 20:00 UTC
    assert moments(said)[0] == "2026-03-29T06:00:00Z"


def test_quiet_hours_are_those_of_where_the_patient_is_then() -> None:
    travel = profile(at(hours=12), timezone="America/New_York")
    said = told(patient(timezone="UTC"), massage("m", at(hours=8), minutes=20), travel)
    assert said == []
    lines = [patient(timezone="UTC"), massage("m", at(hours=8), minutes=20), travel]
    assert moments(told(*lines, clock(at(days=3))))[0] == "2026-03-03T22:00:00Z"


class TestMissing:
    RISE = entry("r", at(hours=6), pain=6)

    def test_silence_alone_is_no_transition(self) -> None:
        said = told(APPROVED, massage("m", at(), pain_before=4), clock(at(days=30)))
        assert moments(said, "escalated") == []

    def test_silence_after_a_rise_on_the_first_day_goes_to_the_staff(self) -> None:
        said = told(APPROVED, massage("m", at(), pain_before=4), self.RISE, clock(at(days=30)))
        lines = [line for line in said if line["rule"] == "R20"]
        assert brief(lines) == [FIRST, SECOND, MISSING]
        assert [line["text_key"] for line in lines] == [
            "remind.followup_after_rise",
            "remind.followup_after_rise",
            "staff.followup_missing",
        ]
        assert (lines[-1]["at"], lines[-1]["evidence"]) == ("2026-03-05T12:00:00Z", ["m"])

    def test_silence_while_a_hold_is_open_goes_to_the_staff(self) -> None:
        flag = entry("f", at(hours=1), pain=4, red_flags={"bowel": "new_or_worse"})
        said = told(APPROVED, massage("m", at(), pain_before=4), flag, clock(at(days=30)))
        assert moments(said, "escalated") == ["2026-03-05T12:00:00Z"]

    @pytest.mark.parametrize(
        ("hours", "escalates"),
        [
            pytest.param(72, True, id="received-at-72-hours"),
            pytest.param(71.99, False, id="received-before"),
        ],
    )
    def test_a_follow_up_in_time_prevents_it(self, hours: float, *, escalates: bool) -> None:
        answer = entry("a", at(hours=71), received=at(hours=hours), pain=4)
        said = told(
            APPROVED, massage("m", at(), pain_before=4), self.RISE, answer, clock(at(days=30))
        )
        assert (moments(said, "escalated") != []) is escalates

    def test_a_massage_that_becomes_known_then_is_not_missed(self) -> None:
        late = massage("m", at(), received=at(hours=72), pain_before=4)
        assert moments(told(APPROVED, self.RISE, late, clock(at(days=30))), "escalated") == []
