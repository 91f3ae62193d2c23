"""R22: an urgent alert is said again until somebody has acknowledged it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    brief,
    clock,
    closed,
    entry,
    massage,
    told,
)

NEW, OLD = "new_or_worse", "unchanged_longstanding"
_MINUTE = 60


def flagged(name: str, minutes: float = 0, **answers: str) -> Line:
    return entry(name, at(minutes=minutes), pain=1, red_flags=answers)


def read(minutes: float, *, by: str = "patient", rule: str = "R01") -> Line:
    return acknowledged(rule, at(minutes=minutes), by=by)


def chase(*lines: Line, until: float = 24 * _MINUTE * 2) -> list[tuple[float, str]]:
    """What the chase says, each with its minute; `until` is a minute too."""
    said = told(*lines, clock(at(minutes=until)))
    return [(minute(line), line["event"]) for line in said if line["rule"] == "R22"]


def minute(line: Line) -> float:
    return (datetime.fromisoformat(line["at"]) - at()).total_seconds() / _MINUTE


EMERGENCY = flagged("a", bladder=NEW)
DOCTOR = flagged("a", bladder=OLD)
WHOLE = [(5, "reminder"), (15, "reminder"), (30, "reminder"), (30, "escalated")]


def test_an_emergency_is_said_again_after_5_15_and_30_minutes() -> None:
    assert chase(EMERGENCY) == WHOLE


def test_an_alert_for_a_doctor_is_said_again_after_4_hours_and_passed_on_after_24() -> None:
    assert chase(DOCTOR) == [(240, "reminder"), (1440, "escalated")]


def test_its_lines_carry_what_the_chased_alert_carries() -> None:
    said = told(EMERGENCY, clock(at(minutes=30)))
    lines = [line for line in said if line["rule"] == "R22"]
    assert [line["text_key"] for line in lines] == [*["chase.patient"] * 3, "chase.backup"]
    for line in lines:
        assert (line["subject"], line["level"], line["evidence"]) == (None, 4, ["a"])


def test_a_hold_is_not_chased() -> None:
    calm = massage("m", at(hours=-30), pain_before=3), entry("e", at(), pain=7)
    said = told(*calm, clock(at(days=2)))
    assert "R08 opened 2" in brief(said)
    assert brief(said, "R22") == []


@pytest.mark.parametrize(
    ("minutes", "left"),
    [
        pytest.param(4.99, [(30, "escalated")], id="before-the-first"),
        pytest.param(5, [WHOLE[0], WHOLE[3]], id="at-the-first-which-comes-before-it"),
        pytest.param(14.99, [WHOLE[0], WHOLE[3]], id="before-the-second"),
        pytest.param(30, WHOLE, id="at-the-last"),
    ],
)
def test_the_patient_is_chased_until_he_has_read_it(
    minutes: float, left: list[tuple[float, str]]
) -> None:
    assert chase(EMERGENCY, read(minutes)) == left


@pytest.mark.parametrize(
    ("minutes", "left"),
    [
        pytest.param(29.99, WHOLE[:3], id="in-time"),
        pytest.param(30, WHOLE, id="too-late"),
    ],
)
def test_it_is_passed_on_unless_a_physician_has_acknowledged(
    minutes: float, left: list[tuple[float, str]]
) -> None:
    assert chase(EMERGENCY, read(minutes, by="physician")) == left


def test_the_end_of_the_alert_ends_it() -> None:
    assert chase(EMERGENCY, closed("R01", at(minutes=15))) == WHOLE[:2]


class TestStarts:
    def test_a_raise_replaces_what_is_left(self) -> None:
        raised = flagged("b", 100, bowel=NEW)
        assert chase(DOCTOR, raised) == [(100 + after, event) for after, event in WHOLE]

    def test_an_acknowledgement_before_it_does_not_count(self) -> None:
        before = read(50), read(50, by="physician")
        raised = flagged("b", 100, bowel=NEW)
        assert chase(DOCTOR, *before, raised) == [(100 + after, event) for after, event in WHOLE]

    def test_nor_does_one_of_the_same_instant_that_came_first(self) -> None:
        before = read(100), read(100, by="physician")
        raised = flagged("b", 100, bowel=NEW)
        assert chase(DOCTOR, *before, raised) == [(100 + after, event) for after, event in WHOLE]

    def test_an_acknowledgement_right_after_it_counts(self) -> None:
        assert chase(EMERGENCY, read(0), read(0, by="physician")) == []

    def test_a_new_alert_is_chased_anew(self) -> None:
        again = flagged("b", 20, bladder=NEW)
        assert chase(EMERGENCY, read(1), closed("R01", at(minutes=10)), again) == [
            (20 + after, event) for after, event in WHOLE
        ]

    def test_a_raise_from_a_hold_starts_it(self) -> None:
        sore = massage("m", at(hours=-30), pain_before=3), entry("e", at(), pain=7)
        worse = entry("f", at(hours=20), pain=7)
        said = told(*sore, worse, clock(at(days=3)))
        assert brief(said, "R08") == ["R08 opened 2", "R08 raised 3"]
        (again, backup) = [line for line in said if line["rule"] == "R22"]
        assert (again["subject"], backup["subject"]) == ("m", "m")
        assert (minute(again), minute(backup)) == (24 * _MINUTE, 44 * _MINUTE)


class TestReminders:
    """One of R01 or R02 starts the part of the patient again, and that of who had answered."""

    AGAIN = flagged("b", 10, bowel=NEW)

    def test_the_patient_is_chased_from_there_on(self) -> None:
        assert chase(EMERGENCY, self.AGAIN) == [
            (5, "reminder"),
            *[(15, "reminder"), (25, "reminder")],
            (30, "escalated"),
            (40, "reminder"),
        ]

    def test_also_one_who_had_read_it(self) -> None:
        said = chase(EMERGENCY, read(1), self.AGAIN)
        assert [at for at, event in said if event == "reminder"] == [15, 25, 40]

    def test_reading_it_again_ends_it(self) -> None:
        assert chase(EMERGENCY, read(1), self.AGAIN, read(12)) == [(30, "escalated")]

    def test_the_clinic_that_had_answered_is_asked_again(self) -> None:
        said = chase(EMERGENCY, read(1, by="physician"), self.AGAIN)
        assert [at for at, event in said if event == "escalated"] == [40]

    def test_what_was_passed_on_without_an_answer_is_not_passed_on_again(self) -> None:
        later = flagged("b", 60, bowel=NEW)
        said = chase(EMERGENCY, later)
        assert [at for at, event in said if event == "escalated"] == [30]

    def test_the_chase_itself_is_no_reminder_of_the_alert(self) -> None:
        """12 hours after it was opened the same flag reminds, whatever was said between."""
        said = told(EMERGENCY, flagged("b", 12 * _MINUTE, bladder=NEW))
        assert brief(said, "R01") == ["R01 opened 4", "R01 reminder 4"]


class TestSeveral:
    def test_two_rules_at_one_moment_are_chased_side_by_side(self) -> None:
        both = flagged("a", bladder=NEW, gait_unsteady=NEW)
        assert chase(both) == [
            *[WHOLE[0]] * 2,
            *[WHOLE[1]] * 2,
            *[WHOLE[2]] * 2,
            *[WHOLE[3]] * 2,
        ]
        assert chase(both, read(1)) == [*WHOLE[:3], *[WHOLE[3]] * 2]

    def test_an_acknowledgement_is_for_every_open_alert_of_the_rule(self) -> None:
        def story(*lines: Line) -> list[Any]:
            massages = [massage(name, at(hours=-h), pain_before=3) for name, h in MASSAGES]
            worse = [entry(f"e{h}", at(hours=h), pain=7) for h in (0, 22)]
            said = told(*massages, *worse, *lines, clock(at(days=4)))
            return [(line["subject"], line["event"]) for line in said if line["rule"] == "R22"]

        chased = [("m", "reminder"), ("n", "reminder"), ("m", "escalated"), ("n", "escalated")]
        assert story() == chased
        assert story(read(23 * _MINUTE, rule="R08")) == chased[2:]


MASSAGES = (("m", 30), ("n", 29))


def test_it_is_chased_on_the_utc_clock_whatever_the_zone_does() -> None:
    """The chase of a night in which the clocks go forward is as long as any other."""
    night = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    said = told(
        {"type": "profile", "patient": "p", "at": night.isoformat(), "data": ZONE},
        entry("a", night, pain=1, red_flags={"bladder": NEW}),
        clock(at(days=40)),
    )
    moments = [line["at"] for line in said if line["rule"] == "R22" and line["event"] == "reminder"]
    assert moments == [f"2026-03-29T{hour}:00Z" for hour in ("00:55", "01:05", "01:20")]


ZONE = {"timezone": "Europe/Berlin"}
