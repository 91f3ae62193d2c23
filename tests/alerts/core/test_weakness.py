"""R03: weakness that grows, its prompt, its recovery, and what a correction cannot take away."""

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
    profile,
    still_open,
    told,
    withdrawn,
)

OPENED, PROMPT = "R03 opened 3", "R03 reminder 0"
CAN, CANNOT = "can", "cannot"


def weak(*values: int, every: float = 24, start: float = 0) -> list[Line]:
    """Weakness values, one entry each, so many hours apart."""
    return [
        entry(f"w{start:g}-{number}", at(hours=start + number * every), weakness=value)
        for number, value in enumerate(values)
    ]


def checked(name: str, hours: float, **checks: Any) -> Line:
    return entry(name, at(hours=hours), function_checks=checks)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(weak(2, 2, 2, 4), [PROMPT], id="a-single-rise-of-two-asks-for-the-checks"),
        pytest.param(weak(2, 2, 2, 3), [], id="a-rise-of-one-does-not"),
        pytest.param(weak(2, 2, 2, 5), [OPENED], id="a-single-rise-of-three"),
        pytest.param(weak(2, 2, 2, 4, 4), [PROMPT, OPENED], id="two-in-a-row-two-above"),
        pytest.param(weak(2, 2, 2, 4, 3), [PROMPT], id="the-second-only-one-above"),
        pytest.param(weak(2, 2, 2, 4, 4, every=72), [PROMPT, OPENED], id="72-hours-apart"),
        pytest.param(weak(2, 2, 2, 4, 4, every=72.001), [PROMPT, PROMPT], id="more-than-72-apart"),
        pytest.param(weak(4, 4, 4, 2, 4, 5), [OPENED], id="three-rising-by-three"),
        pytest.param(weak(4, 4, 4, 3, 4, 5), [], id="three-rising-by-two"),
        pytest.param(weak(4, 4, 4, 2, 2, 5), [], id="not-strictly-rising"),
        pytest.param(weak(2, 5), [OPENED], id="two-values-are-no-three-but-a-jump"),
        pytest.param(weak(7), [OPENED], id="seven-without-a-reference"),
        pytest.param(weak(6), [], id="six-without-a-reference"),
        pytest.param(weak(6, 6, 6, 7), [OPENED], id="seven-with-a-reference-below"),
        pytest.param(
            [*weak(6), *weak(7, start=240), *weak(7, start=264)], [OPENED], id="once-open"
        ),
    ],
)
def test_a_score_triggers_by_jump_pair_rise_or_severity(
    lines: list[Line], expected: list[str]
) -> None:
    assert brief(told(*lines), "R03") == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(84, [OPENED], id="seven-days-in-all"),
        pytest.param(84.001, [], id="a-little-longer"),
    ],
)
def test_three_rising_entries_lie_within_seven_days(hours: float, expected: list[str]) -> None:
    diary = [*weak(4, 4, 4), *weak(2, 4, 5, start=72, every=hours)]
    assert brief(told(*diary), "R03") == expected


def test_seven_is_not_severe_above_a_reference_of_seven() -> None:
    diary = [*weak(7), closed("R03", at(hours=1)), *weak(7, 7, 8, start=24)]
    assert brief(told(*diary), "R03") == [OPENED, "R03 cleared 3"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(14, [OPENED], id="the-median-of-three-in-14-days"),
        pytest.param(14.001, [], id="else-the-first-value-ever"),
    ],
)
def test_the_reference_looks_back_14_days(days: float, expected: list[str]) -> None:
    # Median 1 of (5, 1, 1), but of only two values in the window the first ever counts.
    early = [
        entry("a", at(days=-20), weakness=5),
        entry("b", at(days=-days), weakness=1),
        entry("c", at(days=-2), weakness=1),
        entry("d", at(days=-1), weakness=1),
    ]
    assert brief(told(*early, entry("e", at(), weakness=4)), "R03") == expected


class TestPrompt:
    @pytest.mark.parametrize(
        ("hours", "prompts"),
        [
            pytest.param(23.99, 1, id="within-24-hours"),
            pytest.param(24, 2, id="after-24-hours"),
        ],
    )
    def test_it_comes_at_most_once_in_24_hours(self, hours: float, prompts: int) -> None:
        single = [entry("s", at(days=4), weakness=4), entry("n", at(days=4, hours=1), weakness=0)]
        later = entry("t", at(days=4, hours=hours), weakness=4)
        said = told(*weak(2, 2, 2), *single, later)
        assert brief(said, "R03") == [PROMPT] * prompts
        assert said[0]["evidence"] == ["s"]
        assert said[0]["text_key"] == "prompt.function_check"

    @pytest.mark.parametrize(
        ("hours", "prompts"),
        [
            pytest.param(72, 1, id="72-hours-late"),
            pytest.param(72.001, 0, id="later"),
        ],
    )
    def test_it_comes_at_most_72_hours_late(self, hours: float, prompts: int) -> None:
        late = entry("s", at(days=4), received=at(days=4, hours=hours), weakness=4)
        assert brief(told(*weak(2, 2, 2), late), "R03") == [PROMPT] * prompts


class TestFunctionChecks:
    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            pytest.param({"grip_left": CAN}, {"grip_left": CANNOT}, [OPENED], id="lost"),
            pytest.param({}, {"grip_left": CANNOT}, [], id="never-could"),
            pytest.param({"grip_left": CANNOT}, {"grip_left": CANNOT}, [], id="could-not-before"),
            pytest.param({"grip_right": CAN}, {"grip_left": CANNOT}, [], id="another-check"),
            pytest.param(
                {"grip_left": CAN, "toe_walk_right": CANNOT},
                {"grip_left": CANNOT},
                ["R03 opened 4"],
                id="the-other-side-already-lost",
            ),
            pytest.param(
                {"grip_left": CAN, "toe_walk_left": CANNOT},
                {"grip_left": CANNOT},
                [OPENED],
                id="the-same-side-already-lost",
            ),
            pytest.param(
                {"buttons": CAN, "grip_left": CANNOT},
                {"buttons": CANNOT},
                [OPENED],
                id="buttons-have-no-side",
            ),
        ],
    )
    def test_what_could_be_done_and_no_longer_can(
        self, first: dict[str, str], second: dict[str, str], expected: list[str]
    ) -> None:
        said = told(entry("a", at(), pain=1, function_checks=first), checked("b", 24, **second))
        assert brief(said, "R03") == expected

    def test_no_answer_in_between_changes_nothing(self) -> None:
        said = told(
            checked("a", 0, grip_left=CAN),
            checked("b", 24, grip_left="unknown"),
            checked("c", 48, grip_left=CANNOT),
        )
        assert brief(said, "R03") == [OPENED]
        assert said[0]["evidence"] == ["a", "c"]

    def test_for_two_sides_it_rests_on_each_loss(self) -> None:
        said = told(
            checked("a", 0, grip_left=CAN, heel_walk_right=CANNOT),
            checked("b", 24, toe_walk_right=CANNOT),
            checked("c", 48, grip_left=CANNOT),
        )
        assert said[0]["evidence"] == ["a", "b", "c"]

    @pytest.mark.parametrize(
        ("more", "known", "level"),
        [
            pytest.param({"red_flags": {"bowel": "new_or_worse"}}, [], 4, id="a-new-red-flag"),
            pytest.param(
                {"red_flags": {"bowel": "unchanged_longstanding"}}, [], 3, id="an-old-one"
            ),
            pytest.param({"red_flags": {"gait_unsteady": "new_or_worse"}}, [], 3, id="one-of-R02"),
            pytest.param({"numb_regions": ["saddle"]}, [], 4, id="a-region-that-is-one"),
            pytest.param({"numb_regions": ["saddle"]}, ["saddle_numbness"], 3, id="a-known-region"),
        ],
    )
    def test_a_loss_with_a_new_cauda_equina_flag_is_an_emergency(
        self, more: dict[str, Any], known: list[str], level: int
    ) -> None:
        lost = entry("b", at(hours=24), function_checks={"grip_left": CANNOT}, **more)
        flags = profile(at(), longstanding_flags=known)
        said = told(flags, checked("a", 0, grip_left=CAN), lost)
        assert still_open(said)["R03", None] == level


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([True], [OPENED], id="never-asked-before"),
        pytest.param([False, True], [OPENED], id="no-before"),
        pytest.param([False, None, True], [OPENED], id="no-answer-in-between"),
        pytest.param([False], [], id="no"),
    ],
)
def test_muscle_wasting_counts_when_it_is_new(
    answers: list[bool | None], expected: list[str]
) -> None:
    diary = [
        entry(f"e{day}", at(days=day), pain=1, muscle_wasting=answer)
        for day, answer in enumerate(answers)
    ]
    assert brief(told(*diary), "R03") == expected


def test_muscle_wasting_that_was_there_before_is_not_new() -> None:
    first = entry("a", at(), pain=1, muscle_wasting=True)
    again = entry("b", at(days=2), pain=1, muscle_wasting=True)
    said = told(first, closed("R03", at(days=1)), again)
    assert brief(said, "R03") == [OPENED, "R03 cleared 3"]


@pytest.mark.parametrize(
    ("second_close", "expected"),
    [
        pytest.param([], [OPENED], id="it-counts-at-its-receipt"),
        pytest.param([closed("R03", at(days=6))], [OPENED, "R03 cleared 3"], id="and-is-closed"),
    ],
)
def test_a_close_at_the_instant_of_a_late_receipt_answers_it(
    second_close: list[Line], expected: list[str]
) -> None:
    lost = entry("b", at(), function_checks={"toe_walk_left": "cannot"})
    could = entry("a", at(hours=-5), received=at(days=6), function_checks={"toe_walk_left": "can"})
    said = told(lost, closed("R03", at(days=2)), could, *second_close, clock(at(days=7)))
    assert brief(said, "R03") == expected


class TestRecovery:
    """By itself R03 ends only with calm days, working functions and a patient who was told."""

    TROUBLE = (*weak(2, 2, 2, 5), acknowledged("R03", at(days=3, hours=1)))

    def calm(self, *values: int, first_day: int = 4, **more: Any) -> list[Line]:
        return [
            entry(f"c{day}", at(days=day), weakness=value, **more)
            for day, value in enumerate(values, start=first_day)
        ]

    WORKS: dict[str, Any] = {"function_checks": {"grip_left": CAN}}

    @pytest.mark.parametrize(
        ("values", "is_over"),
        [
            pytest.param([3, 3, 3, 3, 3], True, id="five-days-at-one-above"),
            pytest.param([3, 3, 3, 3], False, id="four-days"),
            pytest.param([3, 3, 4, 3, 3], False, id="a-day-at-two-above"),
            pytest.param([4, 3, 3, 3, 3, 3], True, id="the-last-five-count"),
        ],
    )
    def test_five_calm_recorded_days_end_it(self, values: list[int], *, is_over: bool) -> None:
        said = told(*self.TROUBLE, *self.calm(*values, **self.WORKS))
        assert (("R03", None) not in still_open(said)) is is_over

    def test_the_day_of_the_trigger_is_no_calm_day(self) -> None:
        same_day = entry("s", at(days=3, hours=2), weakness=2, **self.WORKS)
        said = told(*self.TROUBLE, same_day, *self.calm(2, 2, 2, 2))
        assert still_open(said) == {("R03", None): 3}

    def test_days_without_entries_are_skipped(self) -> None:
        days = [
            entry(f"c{day}", at(days=day), weakness=2, **self.WORKS) for day in (5, 9, 13, 20, 21)
        ]
        assert still_open(told(*self.TROUBLE, *days)) == {}

    @pytest.mark.parametrize(
        "more",
        [
            pytest.param({}, id="no-check-since"),
            pytest.param({"function_checks": {"grip_left": "unknown"}}, id="no-answer-since"),
            pytest.param({"function_checks": {"grip_left": CANNOT}}, id="a-check-that-fails"),
            pytest.param({**WORKS, "muscle_wasting": True}, id="wasting"),
        ],
    )
    def test_it_needs_working_functions(self, more: dict[str, Any]) -> None:
        said = told(*self.TROUBLE, *self.calm(2, 2, 2, 2, 2, **more))
        assert still_open(said) == {("R03", None): 3}

    def test_wasting_that_is_gone_does_not_hold_it(self) -> None:
        days = self.calm(2, 2, 2, 2, 2, **self.WORKS, muscle_wasting=False)
        assert still_open(told(*self.TROUBLE, *days)) == {}

    def test_it_needs_the_patient_to_have_read_it(self) -> None:
        days = self.calm(2, 2, 2, 2, 2, **self.WORKS)
        trouble = self.TROUBLE[:-1]
        assert still_open(told(*trouble, *days)) == {("R03", None): 3}
        by_physician = acknowledged("R03", at(days=9), by="physician")
        assert still_open(told(*trouble, *days, by_physician)) == {("R03", None): 3}
        said = told(*trouble, *days, acknowledged("R03", at(days=9)))
        assert brief(said, "R03") == [OPENED, "R03 cleared 3"]

    def test_it_ends_at_the_first_moment_with_everything(self) -> None:
        """The days were calm before the patient had read it; then one was not."""
        days = self.calm(2, 2, 2, 2, 2, **self.WORKS)
        unrest = entry("u", at(days=8, hours=4), weakness=4)
        for hours, is_over in ((3, True), (4, False), (5, False)):
            read = acknowledged("R03", at(days=8, hours=hours))
            lines = sorted([*days, unrest, read], key=when)
            assert (still_open(told(*self.TROUBLE[:-1], *lines)) == {}) is is_over

    def test_an_acknowledgement_before_the_alert_counts_for_nothing(self) -> None:
        early = acknowledged("R03", at(days=2))
        said = told(*weak(2, 2, 2), early, *weak(5, start=72), *self.calm(2, 2, 2, 2, 2))
        assert still_open(said) == {("R03", None): 3}

    def test_without_a_reference_six_is_calm(self) -> None:
        for value, is_over in ((6, True), (7, False)):
            wasted = entry("a", at(), pain=1, muscle_wasting=True)
            gone: dict[str, Any] = {**self.WORKS, "muscle_wasting": False}
            days = self.calm(value, value, value, value, value, **gone)
            said = told(wasted, acknowledged("R03", at(hours=1)), *days)
            assert (still_open(said) == {}) is is_over

    def test_a_patient_who_travels_needs_five_dates_not_five_entries(self) -> None:
        """Calm entries 21 hours apart fall on five dates on Kiritimati and on four in Berlin."""
        days = [
            entry(f"c{n}", at(days=4, hours=12 + 21 * n), weakness=2, **self.WORKS)
            for n in range(5)
        ]
        for zone, is_over in (("Europe/Berlin", False), ("Pacific/Kiritimati", True)):
            said = told(profile(at(), timezone=zone), *self.TROUBLE, *days)
            assert (still_open(said) == {}) is is_over


def when(line: Line) -> str:
    return str(line.get("received_at") or line["at"])


class TestKept:
    """A correction takes back no growing weakness; only a physician does."""

    def test_a_withdrawn_cause_leaves_the_alert(self) -> None:
        diary = [*weak(2, 2, 2, 5), withdrawn("w0-3", at(days=4))]
        assert brief(told(*diary, clock(at(days=60))), "R03") == [OPENED]
        assert brief(told(*diary, closed("R03", at(days=5))), "R03") == [OPENED, "R03 cleared 3"]

    def test_a_milder_cause_leaves_the_level(self) -> None:
        said = told(
            checked("a", 0, grip_left=CAN, grip_right=CANNOT),
            checked("b", 24, grip_left=CANNOT),
            entry("a", at(), received=at(hours=30), function_checks={"grip_left": CAN}),
        )
        assert brief(said, "R03") == ["R03 opened 4"]

    def test_a_new_cause_can_raise_it_and_still_only_a_physician_ends_it(self) -> None:
        said = told(
            *weak(2, 2, 2, 5),
            withdrawn("w0-3", at(days=4)),
            checked("a", 120, grip_left=CAN, grip_right=CANNOT),
            checked("b", 144, grip_left=CANNOT),
            withdrawn("b", at(days=7)),
        )
        assert brief(said, "R03") == [OPENED, "R03 raised 4"]

    def test_a_late_entry_is_no_correction(self) -> None:
        late = [
            entry(f"l{day}", at(days=-day), received=at(days=4), weakness=3) for day in (1, 2, 3, 4)
        ]
        said = told(*weak(2, 2, 2, 5), *late)
        assert "R03 superseded 3" in brief(said)
