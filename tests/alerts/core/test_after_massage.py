"""R08: pain after a massage, with its references, its boundaries and its ends."""

from datetime import timedelta
from typing import Any

import pytest

from tests.alerts.core.proofs.patients import patient
from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    brief,
    clock,
    closed,
    entry,
    massage,
    still_open,
    told,
    withdrawn,
)

# Nothing but what follows the massage speaks against it.
APPROVED = patient()
WORSE = {"after_massage": {"global_change": "worse"}}
SAME = {"after_massage": {"global_change": "same"}}
OPENED_2, OPENED_1 = "R08 opened 2", "R08 opened 1"


def observations(*observed: tuple[float, int] | tuple[float, int, dict[str, Any]]) -> list[Line]:
    """Entries at hours after the massage, with their pain and perhaps more."""
    return [
        entry(f"e{number}", at(hours=hours), pain=pain, **(more[0] if more else {}))
        for number, (hours, pain, *more) in enumerate(observed)
    ]


def steady(pain: int, *, count: int = 5) -> list[Line]:
    """Daily pain before the massage, away from any other one."""
    return [entry(f"b{day}", at(days=-1 - day), pain=pain) for day in reversed(range(count))]


@pytest.mark.parametrize(
    ("before", "observed", "expected"),
    [
        pytest.param(4, [(24, 6)], [], id="exactly-24-hours-is-not-over-24-hours"),
        pytest.param(4, [(24 + 1 / 3600, 6)], [OPENED_2], id="one-second-later-is"),
        pytest.param(4, [(24 + 1 / 60, 6)], [OPENED_2], id="one-minute-later-is"),
        pytest.param(4, [(30, 5, SAME)], [], id="one-point-and-the-same-is-not-increased"),
        pytest.param(4, [(30, 5, WORSE)], [OPENED_2], id="one-point-and-worse-is"),
        pytest.param(4, [(30, 4, WORSE)], [], id="no-point-and-worse-is-not"),
        pytest.param(9, [(30, 10)], [OPENED_2], id="at-the-ceiling-ten-is-increased"),
        pytest.param(9, [(30, 9)], [], id="at-the-ceiling-nine-is-not"),
        pytest.param(9, [(30, 8, WORSE)], [OPENED_2], id="at-the-ceiling-worse-is-enough"),
        pytest.param(8, [(30, 9)], [], id="below-the-ceiling-one-point-is-not-enough"),
        pytest.param(8, [(30, 8, WORSE)], [], id="below-the-ceiling-worse-is-not-enough"),
        pytest.param(
            4, [(30, 6), (54, 6)], [OPENED_2, "R08 raised 3"], id="on-two-days-is-for-the-doctor"
        ),
        pytest.param(4, [(30, 6), (48, 6)], [OPENED_2], id="48-hours-is-still-the-second-day"),
        pytest.param(
            4,
            [(30, 6), (48 + 1 / 3600, 6)],
            [OPENED_2, "R08 raised 3"],
            id="a-second-later-is-the-third",
        ),
        pytest.param(4, [(6, 8), (30, 4)], [], id="a-rise-on-the-first-day-alone-is-not"),
        pytest.param(
            4, [(30, 4), (54, 6, WORSE)], ["R08 opened 3"], id="late-and-worse-is-for-the-doctor"
        ),
        pytest.param(4, [(30, 4), (54, 6, SAME)], [OPENED_2], id="late-and-the-same-is-a-hold"),
        pytest.param(4, [(30, 4), (72, 6)], [OPENED_2], id="72-hours-is-the-last-moment"),
        pytest.param(4, [(30, 4), (72 + 1 / 3600, 6)], [], id="a-second-later-is-too-late"),
    ],
)
def test_pain_counts_as_increased_from_its_reference_and_only_in_its_windows(
    before: int, observed: list[Any], expected: list[str]
) -> None:
    said = told(massage("m", at(), pain_before=before), *observations(*observed))
    assert brief(said, "R08") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param(SAME, [], id="the-same"),
        pytest.param(WORSE, [OPENED_2], id="worse-and-two-above-pain-before"),
    ],
)
def test_a_baseline_above_pain_before_is_the_reference(
    more: dict[str, Any], expected: list[str]
) -> None:
    said = told(*steady(5), massage("m", at(), pain_before=2), *observations((30, 5, more)))
    assert brief(said, "R08") == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(2, [OPENED_2], id="two-values-make-no-baseline"),
        pytest.param(3, [], id="three-do"),
    ],
)
def test_the_baseline_needs_three_clean_values(count: int, expected: list[str]) -> None:
    diary = steady(5, count=count)
    said = told(*diary, massage("m", at(), pain_before=2), *observations((30, 5)))
    assert brief(said, "R08") == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(36.5, [], id="36-hours-before-the-start-stands-in"),
        pytest.param(36.5 + 1 / 3600, [OPENED_2], id="a-second-earlier-does-not"),
    ],
)
def test_the_last_pain_value_stands_in_for_a_missing_pain_before(
    hours: float, expected: list[str]
) -> None:
    diary = [entry("b", at(hours=-hours), pain=5)]
    # Without a stand-in there is no reference at all, and only the comparison counts.
    said = told(*diary, massage("m", at()), *observations((30, 5, WORSE)))
    assert brief(said, "R08") == expected


def test_the_baseline_alone_is_the_reference_when_nothing_stands_in() -> None:
    old = [entry(f"b{d}", at(days=-d), pain=4) for d in (9, 8, 7)]
    assert brief(told(*old, massage("m", at()), *observations((30, 5))), "R08") == []
    assert brief(told(*old, massage("m", at()), *observations((30, 6))), "R08") == [OPENED_2]


def test_without_any_reference_only_the_comparison_counts() -> None:
    diary = massage("m", at())
    assert brief(told(diary, *observations((30, 10))), "R08") == []
    assert brief(told(diary, *observations((30, 0, WORSE))), "R08") == [OPENED_2]


def test_the_hours_after_earlier_massages_do_not_blind_the_rule() -> None:
    """The regression: somebody who is worse after every massage must not raise the reference."""
    diary: list[Line] = [entry(f"c{d}", at(days=-30 + d), pain=3) for d in range(14)]
    for week in (-12, -8, -4):
        diary.append(massage(f"m{week}", at(days=week), pain_before=3))
        diary += [entry(f"w{week}{d}", at(days=week + d, hours=1), pain=7) for d in (0, 1, 2)]
    diary.append(massage("m", at(), pain_before=3))
    said = told(*diary, *observations((30, 5)))
    assert still_open(said)["R08", "m"] == 2


@pytest.mark.parametrize(
    ("neuro", "hours"),
    [
        pytest.param({"after_massage": {"new_neuro": True}}, 3, id="told-before-the-rise"),
        pytest.param({"after_massage": {"new_neuro": True}}, 60, id="told-after-it"),
        pytest.param({"weakness": 2}, 60, id="weakness-two-above-its-reference"),
        pytest.param({"numbness": 2}, 60, id="numbness-two-above-its-reference"),
        pytest.param({"function_checks": {"grip_left": "cannot"}}, 60, id="a-trigger-of-R03"),
        pytest.param({"numb_regions": ["left_foot"]}, 60, id="a-trigger-of-R05"),
    ],
)
def test_a_nerve_symptom_makes_lasting_pain_a_matter_for_the_doctor(
    neuro: dict[str, Any], hours: float
) -> None:
    earlier = entry(
        "b",
        at(days=-20),
        weakness=0,
        numbness=0,
        numb_regions=[],
        function_checks={"grip_left": "can"},
    )
    neuro = {"pain": 4, **neuro} if hours == 60 else {"numbness": 0, **neuro}
    lines = [entry("n", at(hours=hours), **neuro), entry("e", at(hours=30), pain=6)]
    lines.sort(key=lambda line: line["received_at"])
    said = told(earlier, massage("m", at(), pain_before=4), *lines)
    assert still_open(said)["R08", "m"] == 3
    last = [line for line in said if line["rule"] == "R08"][-1]
    assert set(last["evidence"]) == {"m", "n", "e"}


@pytest.mark.parametrize(
    ("hours", "level"),
    [
        pytest.param(72, 3, id="72-hours-still-counts"),
        pytest.param(72 + 1 / 3600, 2, id="a-second-later-does-not"),
    ],
)
def test_a_nerve_symptom_counts_for_72_hours(hours: float, level: int) -> None:
    symptom = entry("n", at(hours=hours), after_massage={"new_neuro": True})
    said = told(massage("m", at(), pain_before=4), *observations((30, 6)), symptom)
    assert still_open(said)["R08", "m"] == level


def test_a_daily_massage_does_not_hide_an_observation_from_the_earlier_one() -> None:
    names_other = {"after_massage": {"massage": "m2", "global_change": "worse"}}
    said = told(
        massage("m1", at(), pain_before=4),
        massage("m2", at(hours=24), pain_before=4),
        *observations((30, 5, names_other)),
    )
    assert still_open(said)["R08", "m1"] == 2


class TestNoAnswer:
    """Level 1: nobody knows how it went, so the next massage has to wait."""

    def test_silence_advises_against_the_next_massage_at_48_hours(self) -> None:
        said = told(massage("m", at(), pain_before=4), clock(at(hours=60)))
        lines = [line for line in said if line["rule"] == "R08"]
        assert brief(lines) == [OPENED_1]
        assert lines[0]["at"] == "2026-03-04T12:00:00Z"
        assert (lines[0]["text_key"], lines[0]["evidence"]) == ("wait.no_answer", ["m"])

    def test_an_answer_received_at_48_hours_is_in_time(self) -> None:
        # The due moment comes first, so that the alert had opened; it is taken back.
        said = told(massage("m", at(), pain_before=4), *observations((48, 4)))
        assert brief(said, "R08") == [OPENED_1, "R08 superseded 1"]

    def test_an_answer_felt_in_time_but_received_later_clears_it(self) -> None:
        late = entry("e", at(hours=30), received=at(hours=50), pain=4)
        said = told(massage("m", at(), pain_before=4), late)
        assert brief(said, "R08") == [OPENED_1, "R08 cleared 1"]

    def test_an_answer_about_the_first_day_does_not(self) -> None:
        early = entry("e", at(hours=24), received=at(hours=50), pain=4)
        said = told(APPROVED, massage("m", at(), minutes=20, pain_before=4), early)
        assert still_open(said) == {("R08", "m"): 1}

    def test_a_bad_answer_raises_it(self) -> None:
        late = entry("e", at(hours=30), received=at(hours=50), pain=6)
        said = told(massage("m", at(), pain_before=4), late)
        assert brief(said, "R08") == [OPENED_1, "R08 raised 2"]

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            pytest.param(120, [OPENED_1], id="72-hours-after-the-due-moment"),
            pytest.param(120 + 1 / 3600, [], id="a-second-later-it-is-only-shown"),
        ],
    )
    def test_a_massage_that_arrives_late_still_opens_it_for_72_hours(
        self, hours: float, expected: list[str]
    ) -> None:
        said = told(massage("m", at(), received=at(hours=hours)))
        assert brief(said, "R08") == expected

    def test_a_withdrawn_answer_opens_it_again(self) -> None:
        answer = entry("e", at(hours=30), pain=4)
        said = told(massage("m", at(), pain_before=4), answer, withdrawn("e", at(hours=60)))
        assert brief(said, "R08") == [OPENED_1]


class TestClearing:
    @pytest.mark.parametrize(
        ("calm", "is_over"),
        [
            pytest.param([(50, 5), (60, 5)], True, id="two-within-one-point"),
            pytest.param([(50, 5), (60, 6)], False, id="two-points-above"),
            pytest.param([(60, 5)], False, id="one-is-not-enough"),
            pytest.param([(48, 5), (60, 5)], False, id="48-hours-does-not-count"),
            pytest.param([(48 + 1 / 3600, 5), (60, 5)], True, id="a-second-later-does"),
            pytest.param([(50, 5), (55, 8), (60, 5)], False, id="a-bad-one-between"),
        ],
    )
    def test_two_calm_entries_in_a_row_after_48_hours_end_it(
        self, calm: list[tuple[float, int]], *, is_over: bool
    ) -> None:
        said = told(massage("m", at(), pain_before=4), *observations((30, 6), *calm))
        assert (("R08", "m") not in still_open(said)) is is_over

    def test_ten_is_never_calm(self) -> None:
        lines = observations((30, 10), (50, 9), (60, 10), (70, 10), (80, 10))
        said = told(massage("m", at(), pain_before=9), *lines)
        assert ("R08", "m") in still_open(said)

    def test_without_a_reference_the_comparison_must_be_better_or_same(self) -> None:
        better = {"after_massage": {"global_change": "better"}}
        lines = observations((30, 5, WORSE), (50, 5, better), (60, 5))
        assert ("R08", "m") in still_open(told(massage("m", at()), *lines))
        lines = observations((30, 5, WORSE), (50, 5, better), (60, 5, SAME))
        assert still_open(told(APPROVED, massage("m", at(), minutes=20), *lines)) == {}

    def test_the_level_never_falls_within_an_episode(self) -> None:
        said = told(massage("m", at(), pain_before=4), *observations((30, 6), (54, 6), (60, 6)))
        assert brief(said, "R08") == [OPENED_2, "R08 raised 3"]

    def test_a_late_calm_entry_that_ends_a_past_episode_clears_the_alert_now(self) -> None:
        late = entry("late", at(hours=50), received=at(hours=90), pain=4)
        said = told(massage("m", at(), pain_before=4), *observations((30, 6), (60, 4)), late)
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2"]


class TestCorrections:
    def test_a_correction_that_takes_the_cause_away_supersedes(self) -> None:
        wrong, right = (entry("e", at(hours=30), pain=pain) for pain in (6, 4))
        right["received_at"] = at(hours=40).isoformat()
        said = told(massage("m", at(), pain_before=4), wrong, right)
        assert brief(said, "R08") == [OPENED_2, "R08 superseded 2"]

    def test_a_correction_that_makes_it_milder_opens_it_again_at_the_lower_level(self) -> None:
        lines = observations((30, 6), (54, 6))
        milder = entry("e1", at(hours=54), received=at(hours=55), pain=5)
        said = told(massage("m", at(), pain_before=4), *lines, milder)
        expected = [OPENED_2, "R08 raised 3", "R08 superseded 3", "R08 opened 2"]
        assert brief(said, "R08") == expected

    def test_a_withdrawn_massage_takes_its_alert_with_it(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6))]
        said = told(*diary, withdrawn("m", at(hours=31)), withdrawn("unknown", at(hours=32)))
        assert brief(said, "R08") == [OPENED_2, "R08 superseded 2"]

    def test_an_episode_that_was_over_before_it_was_known_stays_silent(self) -> None:
        diary = observations((30, 6), (50, 4), (60, 4))
        late = massage("m", at(), received=at(hours=80), minutes=20, pain_before=4)
        assert told(APPROVED, *diary, late) == []


class TestClose:
    def test_a_close_answers_what_had_arrived(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6))]
        said = told(*diary, closed("R08", at(hours=31)), acknowledged("R08", at(hours=32)))
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2"]

    def test_a_later_rise_opens_it_again(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6))]
        said = told(*diary, closed("R08", at(hours=31)), entry("x", at(hours=32), pain=6))
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2", OPENED_2]

    def test_an_earlier_rise_that_arrives_afterwards_counts_at_its_receipt(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6))]
        late = entry("late", at(hours=29), received=at(hours=33), pain=7)
        said = told(*diary, closed("R08", at(hours=31)), late)
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2", OPENED_2]
        assert said[-1]["evidence"] == ["m", "late"]

    def test_it_does_not_count_if_it_had_cleared_before_the_receipt(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6), (50, 4), (52, 4))]
        late = entry("late", at(hours=29), received=at(hours=60), pain=7)
        said = told(*diary[:2], closed("R08", at(hours=31)), *diary[2:], late)
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2"]

    def test_a_rise_that_comes_with_the_same_instant_after_the_close_counts(self) -> None:
        diary = [massage("m", at(), pain_before=4), *observations((30, 6))]
        after = entry("x", at(hours=31), pain=6)
        said = told(*diary, closed("R08", at(hours=31)), after)
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2", OPENED_2]
        said = told(*diary, after, closed("R08", at(hours=31)))
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2"]

    def test_a_clock_that_runs_ahead_does_not_escape_a_close(self) -> None:
        ahead = entry("e", at(hours=30, minutes=9), received=at(hours=30), pain=6)
        close = closed("R08", at(hours=30, minutes=5))
        said = told(massage("m", at(), pain_before=4), ahead, close, clock(at(hours=31)))
        assert brief(said, "R08") == [OPENED_2, "R08 cleared 2"]


def test_the_evidence_holds_the_massage_and_the_records_in_walk_order() -> None:
    said = told(massage("m", at(), pain_before=4), *observations((30, 6), (40, 7), (54, 6)))
    lines = [line for line in said if line["rule"] == "R08"]
    assert [line["evidence"] for line in lines] == [["m", "e0"], ["m", "e0", "e1", "e2"]]
    assert {line["subject"] for line in lines} == {"m"}


def test_a_massage_that_ends_in_the_future_ends_at_its_receipt() -> None:
    ahead = massage("m", at(hours=5), received=at(), pain_before=4)
    assert brief(told(ahead, *observations((24, 6))), "R08") == []
    assert brief(told(ahead, *observations((24.1, 6))), "R08") == [OPENED_2]


def test_ten_minutes_ahead_is_believed() -> None:
    ahead = massage("m", at() + timedelta(minutes=10), received=at(), pain_before=4)
    assert brief(told(ahead, *observations((24.1, 6))), "R08") == []
