"""R12: too many massages for the phase, the notice before, and the day it is over."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from alerts.core import rules
from alerts.core.dosage import limits_on
from alerts.core.engine import step
from alerts.core.parameters import CURRENT
from alerts.core.profile import PlanOverride, Profile
from alerts.core.records import Massage
from alerts.core.standing import Standing
from alerts.core.timeline import ProfileChange, Timeline
from tests.alerts.core import story
from tests.alerts.core.story import (
    Line,
    at,
    brief,
    clock,
    closed,
    entry,
    massage,
    profile,
    still_open,
    withdrawn,
)

# What other rules find on these massages would hold the advice of R12 back.
ALONE = replace(rules.CURRENT, walked=tuple(r for r in rules.CURRENT.walked if r.id == "R12"))
OPENED, NOTICE, CLEARED = "R12 opened 1", "R12 reminder 0", "R12 cleared 1"


def told(*lines: Line) -> list[Line]:
    """What R12 and the red flags say to the story."""
    return story.told(*lines, rules=ALONE)


def massages(*days: float, **more: Any) -> list[Line]:
    return [massage(f"m{day:g}", at(days=day), **more) for day in days]


def answers(*days: float) -> list[Line]:
    """Follow-ups, so that nothing but R12 speaks."""
    return [entry(f"a{day:g}", at(days=day, hours=25), pain=3) for day in days]


@pytest.mark.parametrize(
    ("phase", "days", "expected"),
    [
        pytest.param("acute", [0, 6], [NOTICE], id="acute-two-in-seven-days"),
        pytest.param("acute", [0, 1, 6], [NOTICE, OPENED], id="acute-three-in-seven-days"),
        pytest.param("acute", [0, 1, 7], [NOTICE, NOTICE], id="acute-the-seventh-day-after"),
        pytest.param("unknown", [0, 1, 6], [NOTICE, OPENED], id="unknown-counts-as-acute"),
        pytest.param(
            "acute", [0, 1, 2, 3], [NOTICE, OPENED, "R12 raised 2"], id="acute-four-is-a-hold"
        ),
        pytest.param("healing", [0, 2, 4], [NOTICE], id="healing-three"),
        pytest.param("healing", [0, 2, 4, 6], [NOTICE, OPENED], id="healing-four"),
        pytest.param(
            "healing", [0, 1, 2, 3, 4, 5], [NOTICE, OPENED], id="healing-is-never-more-than-advice"
        ),
        pytest.param("chronic", [0, 29], [NOTICE], id="chronic-two-in-thirty-days"),
        pytest.param("chronic", [0, 10, 29], [NOTICE, OPENED], id="chronic-three-in-thirty-days"),
        pytest.param(
            "chronic", [0, 10, 30], [NOTICE, NOTICE], id="chronic-the-thirtieth-day-after"
        ),
    ],
)
def test_each_phase_has_its_limit(phase: str, days: list[float], expected: list[str]) -> None:
    said = told(profile(at(days=-1), phase=phase), *massages(*days))
    assert brief(said, "R12") == expected


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        pytest.param({"setting": "professional", "sites": ["feet"]}, True, id="professional"),
        pytest.param({"setting": "self", "sites": ["feet"]}, False, id="self-elsewhere"),
        pytest.param({"setting": "device", "sites": ["feet"]}, False, id="device-elsewhere"),
        pytest.param({"setting": "self", "sites": ["low_back", "feet"]}, True, id="self-injured"),
        pytest.param({"setting": "device", "sites": ["buttocks"]}, True, id="device-injured"),
        pytest.param({"setting": "self", "sites": ["neck"]}, False, id="not-the-injured-region"),
        pytest.param({"setting": "self"}, True, id="sites-not-answered"),
        pytest.param({"setting": "self", "sites": []}, True, id="no-sites"),
    ],
)
def test_what_counts_as_a_massage(more: dict[str, Any], *, counts: bool) -> None:
    said = told(profile(at(days=-1), region="lumbar"), *massages(0, 1, 2, **more))
    assert (OPENED in brief(said)) is counts


@pytest.mark.parametrize(
    ("region", "counts"),
    [("lumbar", False), ("cervical", True), ("both", True)],
)
def test_the_injured_region_decides_what_counts(region: str, *, counts: bool) -> None:
    diary = massages(0, 1, 2, setting="self", sites=["upper_back"])
    said = told(profile(at(days=-1), region=region), *diary)
    assert (OPENED in brief(said)) is counts


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        pytest.param(None, {7: 2}, id="none"),
        pytest.param(PlanOverride(max_minutes=60), {7: 2}, id="one-that-names-no-count"),
        pytest.param(PlanOverride(max_per_7_days=4), {7: 4}, id="a-week"),
        pytest.param(PlanOverride(max_per_30_days=4), {30: 4}, id="a-month-replaces-both"),
        pytest.param(PlanOverride(max_per_7_days=0, max_per_30_days=4), {7: 0, 30: 4}, id="both"),
        pytest.param(
            PlanOverride(max_per_7_days=4, valid_from=date(2026, 3, 2)), {7: 4}, id="first-day"
        ),
        pytest.param(
            PlanOverride(max_per_7_days=4, valid_from=date(2026, 3, 3)), {7: 2}, id="not-yet"
        ),
        pytest.param(
            PlanOverride(max_per_7_days=4, valid_to=date(2026, 3, 2)), {7: 4}, id="last-day"
        ),
        pytest.param(PlanOverride(max_per_7_days=4, valid_to=date(2026, 3, 1)), {7: 2}, id="over"),
    ],
)
def test_a_valid_override_replaces_the_limits(
    override: PlanOverride | None, expected: dict[int, int]
) -> None:
    patient = Profile(phase="acute", plan_override=override)
    assert limits_on(date(2026, 3, 2), patient, CURRENT.frequency) == expected


class TestNotice:
    def test_it_rests_on_the_massages_of_the_full_window(self) -> None:
        (said,) = [line for line in told(*massages(0, 1)) if line["rule"] == "R12"]
        assert (said["subject"], said["evidence"]) == (None, ["m0", "m1"])
        assert said["text_key"] == "info.frequency_limit"

    def test_it_comes_once_for_a_massage(self) -> None:
        again = massage("m1", at(days=1), received=at(days=1, hours=1), pain_before=3)
        assert brief(told(*massages(0, 1), again), "R12") == [NOTICE]

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            pytest.param(72, [NOTICE], id="72-hours-late"),
            pytest.param(72.001, [], id="later"),
        ],
    )
    def test_it_comes_at_most_72_hours_late(self, hours: float, expected: list[str]) -> None:
        late = massage("m", at(days=1), received=at(days=1, hours=hours))
        assert brief(told(*massages(0), *answers(0), late), "R12") == expected

    def test_it_is_dropped_while_a_hold_is_open(self) -> None:
        hold = entry("h", at(hours=1), pain=1, red_flags={"bladder": "new_or_worse"})
        said = told(*massages(0), hold, *massages(1), closed("R01", at(days=2)))
        assert brief(said, "R12") == []

    def test_it_is_silent_while_the_alert_is_open(self) -> None:
        said = told(*massages(0, 1, 2), *massages(8), clock(at(days=9)))
        assert brief(said, "R12") == [NOTICE, OPENED, CLEARED, NOTICE]
        elsewhere = profile(at(days=3), plan_override={"max_per_7_days": 4})
        said = told(profile(at(days=-1), phase="healing"), *massages(0, 1, 2, 2.5), elsewhere)
        assert brief(said, "R12") == [NOTICE, OPENED, CLEARED]


class TestHeldBack:
    """No word about the next massage to somebody who is to have none."""

    HOLD = entry("h", at(hours=1), pain=3, red_flags={"bladder": "new_or_worse"})

    def test_it_opens_when_the_hold_ends(self) -> None:
        said = told(*massages(0), self.HOLD, *massages(1, 2), closed("R01", at(days=3)))
        assert brief(said, "R01", "R12") == ["R01 opened 4", "R01 cleared 4", OPENED]

    @pytest.mark.parametrize(
        ("hours", "opens"),
        [
            pytest.param(72, True, id="72-hours-after-its-trigger"),
            pytest.param(72.001, False, id="later"),
        ],
    )
    def test_it_does_not_open_once_it_is_stale(self, hours: float, *, opens: bool) -> None:
        diary = [*massages(0), self.HOLD, *massages(1, 2), *answers(0, 1, 2)]
        said = told(*sorted(diary, key=_received), closed("R01", at(days=2, hours=hours)))
        assert (OPENED in brief(said)) is opens

    def test_one_that_is_open_stays_open(self) -> None:
        hold = entry("h", at(days=2, hours=1), pain=1, red_flags={"bladder": "new_or_worse"})
        said = told(*massages(0, 1, 2), hold)
        assert still_open(said) == {("R12", None): 1, ("R01", None): 4}

    def test_a_hold_of_its_own_is_not_held_back(self) -> None:
        said = told(*massages(0), self.HOLD, *massages(1, 2, 3))
        assert brief(said, "R12") == ["R12 opened 2"]


def _received(line: Line) -> str:
    return str(line["received_at"])


class TestClearing:
    def cleared_at(self, *lines: Line) -> list[str]:
        said = told(*lines, clock(at(days=90)))
        return [line["at"] for line in said if (line["rule"], line["event"]) == ("R12", "cleared")]

    def test_at_the_first_midnight_within_the_limit(self) -> None:
        zone = profile(at(days=-1), timezone="Europe/Berlin")
        assert self.cleared_at(zone, *massages(0, 1, 2)) == ["2026-03-08T23:00:00Z"]

    def test_midnight_is_local_and_knows_daylight_saving(self) -> None:
        # Berlin goes to summer time on 29 March.
        zone = profile(at(days=-1), timezone="Europe/Berlin")
        assert self.cleared_at(zone, *massages(22, 23, 24)) == ["2026-03-30T22:00:00Z"]

    def test_a_further_massage_in_between_puts_it_off(self) -> None:
        assert self.cleared_at(*massages(0, 1, 2, 5)) == ["2026-03-10T00:00:00Z"]

    def test_a_change_of_the_profile_can_end_it_at_once(self) -> None:
        change = profile(at(days=3), phase="healing")
        assert self.cleared_at(*massages(0, 1, 2), change) == ["2026-03-05T12:00:00Z"]
        change = profile(at(days=3), allergies=["oil"])
        assert self.cleared_at(*massages(0, 1, 2), change) == ["2026-03-09T00:00:00Z"]

    def test_an_override_ends_it_on_its_first_day(self) -> None:
        later = {"max_per_7_days": 3, "valid_from": "2026-03-06"}
        plan = profile(at(days=-1), plan_override=later)
        assert self.cleared_at(plan, *massages(0, 1, 2)) == ["2026-03-06T00:00:00Z"]

    def test_a_stricter_override_ends_the_day_after_its_last(self) -> None:
        strict = {"max_per_7_days": 1, "valid_to": "2026-03-06"}
        plan = profile(at(days=-1), phase="healing", plan_override=strict)
        assert self.cleared_at(plan, *massages(0, 1)) == ["2026-03-07T00:00:00Z"]

    def test_a_massage_that_no_longer_exceeds_ends_it(self) -> None:
        # The phase changes between the start of the massage and its end; the midnight is far.
        change = profile(at(days=3, minutes=-10), phase="healing")
        diary = [*massages(0, 1, 2), change, massage("m3", at(days=3), minutes=30)]
        assert self.cleared_at(*diary)[0] == "2026-03-05T11:50:00Z"

    def test_a_withdrawn_massage_supersedes(self) -> None:
        said = told(*massages(0, 1, 2), withdrawn("m1", at(days=2, hours=1)))
        assert brief(said, "R12") == [NOTICE, OPENED, "R12 superseded 1"]

    def test_a_hold_that_becomes_advice_is_superseded_and_opens_lower(self) -> None:
        said = told(*massages(0, 1, 2, 3), withdrawn("m1", at(days=3, hours=1)))
        expected = ["R12 raised 2", "R12 superseded 2", OPENED]
        assert brief(said, "R12")[2:] == expected

    def test_after_a_close_only_a_further_massage_counts(self) -> None:
        diary = [*massages(0, 1, 2), closed("R12", at(days=2, hours=1))]
        assert brief(told(*diary, clock(at(days=5))), "R12") == [NOTICE, OPENED, CLEARED]
        said = told(*diary, *massages(3))
        assert brief(said, "R12") == [NOTICE, OPENED, CLEARED, "R12 opened 2"]

    def test_a_massage_that_arrives_after_the_close_counts_at_its_receipt(self) -> None:
        diary = [*massages(0, 1, 2), closed("R12", at(days=2, hours=1))]
        late = massage("late", at(days=1, hours=5), received=at(days=3))
        said = told(*diary, late, clock(at(days=30)))
        assert brief(said, "R12")[2:] == [CLEARED, "R12 opened 2", "R12 cleared 2"]
        assert said[-1]["at"] == "2026-03-10T00:00:00Z"


def test_the_date_is_the_local_date_of_the_start() -> None:
    """Massages that straddle midnight in Auckland count on the day before."""
    auckland = profile(at(days=-1), timezone="Pacific/Auckland")
    # 11:00 UTC is midnight in Auckland (summer time).
    around = [massage(f"m{d}", at(days=d, minutes=-45), minutes=30) for d in (0, 1, 7)]
    assert brief(told(auckland, *around), "R12") == [NOTICE, NOTICE]
    around[2] = massage("m7", at(days=7, minutes=-46), minutes=30)
    assert brief(told(auckland, *around), "R12") == [NOTICE, NOTICE]
    around[2] = massage("m7", at(days=6, minutes=-45), minutes=30)
    assert brief(told(auckland, *around), "R12") == [NOTICE, OPENED]


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        pytest.param({}, "2026-03-10", id="seven-days-after-the-second-newest"),
        pytest.param({"max_per_7_days": 1, "max_per_30_days": 2}, "2026-04-02", id="both-windows"),
        pytest.param({"max_per_7_days": 0}, None, id="never"),
    ],
)
def test_the_alert_says_when_the_next_massage_is_allowed(
    override: dict[str, Any], expected: str | None
) -> None:
    given = [
        Massage.of(
            {
                "id": f"m{day}",
                "started_at": datetime(2026, 3, day, 10, tzinfo=UTC),
                "ended_at": datetime(2026, 3, day, 11, tzinfo=UTC),
                "setting": "professional",
            },
            received_at=datetime(2026, 3, day, 12, tzinfo=UTC),
        )
        for day in (2, 3, 4)
    ]
    change = ProfileChange(datetime(2026, 3, 1, tzinfo=UTC), {"plan_override": override})
    timeline = Timeline(massages=given, profile_changes=[change])
    outcome = step(timeline, Standing(), now=datetime(2026, 3, 4, 12, tzinfo=UTC), rules=ALONE)
    (line,) = [line for line in outcome.transitions if line.rule == "R12"]
    assert line.parameters["next_allowed_on"] == expected
