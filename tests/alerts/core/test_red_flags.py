"""R01 and R02: judged when a version arrives, never taken back."""

from datetime import datetime
from typing import Any

import pytest

from alerts.core.engine import judge_red_flags
from alerts.core.profile import Profile
from alerts.core.records import Entry
from alerts.core.rules.red_flags import CAUDA_EQUINA
from alerts.core.standing import Standing
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

NEW, OLD = "new_or_worse", "unchanged_longstanding"


def flagged(name: str, when: datetime, **answers: Any) -> Line:
    """An entry with red flags; answers named numb or weak are regions."""
    regions = {f"{k}_regions": answers.pop(k) for k in ("numb", "weak") if k in answers}
    return entry(name, when, pain=1, red_flags=answers, **regions)


def heard(lines: list[Line]) -> list[str]:
    """What R01 and R02 say themselves; others say more about the same alerts."""
    return brief(lines, "R01", "R02")


def of_r01(lines: list[Line], name: str) -> list[Any]:
    """One field of each line of R01."""
    return [line[name] for line in lines if line["rule"] == "R01"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"bladder": NEW}, ["R01 opened 4"], id="bladder"),
        pytest.param({"bowel": NEW}, ["R01 opened 4"], id="bowel"),
        pytest.param({"saddle_numbness": NEW}, ["R01 opened 4"], id="saddle"),
        pytest.param({"both_legs_weak_or_numb": NEW}, ["R01 opened 4"], id="both-legs"),
        pytest.param({"both_legs_pain": NEW}, ["R01 opened 4"], id="pain-in-both-legs"),
        pytest.param({"sexual_change": NEW}, ["R01 opened 3"], id="sexual-change-alone"),
        pytest.param(
            {"sexual_change": NEW, "bowel": OLD}, ["R01 opened 4"], id="sexual-change-with-another"
        ),
        pytest.param({"sexual_change": OLD, "bowel": OLD}, ["R01 opened 3"], id="all-longstanding"),
        pytest.param({"bladder": OLD}, ["R01 opened 3"], id="longstanding-but-not-recorded"),
        pytest.param({"bladder": "no"}, [], id="no"),
        pytest.param({"bladder": "unknown"}, [], id="unknown-is-not-positive"),
        pytest.param({}, [], id="nothing-answered"),
        pytest.param({"numb": ["saddle"]}, ["R01 opened 4"], id="saddle-region"),
        pytest.param(
            {"numb": ["saddle"], "saddle_numbness": "no"}, ["R01 opened 4"], id="region-beats-no"
        ),
        pytest.param(
            {"numb": ["saddle"], "saddle_numbness": OLD},
            ["R01 opened 3"],
            id="but-not-longstanding",
        ),
        pytest.param(
            {"numb": ["left_leg"], "weak": ["right_foot"]},
            ["R01 opened 4"],
            id="a-left-and-a-right-leg-between-the-two",
        ),
        pytest.param({"weak": ["left_leg", "left_foot"]}, [], id="one-side-is-not-both"),
        pytest.param({"weak": ["saddle"]}, [], id="a-weak-saddle-is-no-numb-one"),
        pytest.param({"gait_unsteady": NEW}, ["R02 opened 4"], id="gait"),
        pytest.param({"gait_unsteady": OLD}, ["R02 opened 3"], id="gait-longstanding"),
        pytest.param({"hands_clumsy": NEW}, ["R02 opened 3"], id="hands"),
        pytest.param({"hands_clumsy": OLD}, ["R02 opened 3"], id="hands-longstanding"),
        pytest.param(
            {"hands_clumsy": NEW, "gait_unsteady": OLD}, ["R02 opened 4"], id="hands-and-gait"
        ),
        pytest.param(
            {"hands_clumsy": NEW, "bladder": OLD},
            ["R01 opened 3", "R02 opened 4"],
            id="hands-and-bladder",
        ),
        pytest.param(
            {"hands_clumsy": NEW, "bowel": NEW},
            ["R01 opened 4", "R02 opened 4"],
            id="hands-and-bowel",
        ),
        pytest.param(
            {"hands_clumsy": OLD, "bowel": OLD},
            ["R01 opened 3", "R02 opened 3"],
            id="longstanding-hands-and-bowel",
        ),
        pytest.param(
            {"hands_clumsy": NEW, "numb": ["left_arm", "right_hand"]},
            ["R02 opened 4"],
            id="hands-and-both-arms-numb",
        ),
        pytest.param(
            {"hands_clumsy": NEW, "numb": ["left_arm", "left_hand"]},
            ["R02 opened 3"],
            id="hands-and-one-arm-numb",
        ),
    ],
)
def test_each_answer_has_its_level(answers: dict[str, Any], expected: list[str]) -> None:
    assert heard(told(entry("x", at(), pain=1), flagged("e", at(), **answers))) == expected


@pytest.mark.parametrize(
    ("known", "answers", "expected"),
    [
        pytest.param(["bladder"], {"bladder": OLD}, [], id="recorded-by-a-physician"),
        pytest.param(["bladder"], {"bladder": NEW}, ["R01 opened 4"], id="recorded-but-worse"),
        pytest.param(
            ["saddle_numbness"], {"numb": ["saddle"]}, [], id="a-region-of-a-recorded-flag"
        ),
        pytest.param(["bowel"], {"bladder": OLD}, ["R01 opened 3"], id="another-one-recorded"),
        pytest.param(
            ["bowel"], {"sexual_change": NEW, "bowel": OLD}, ["R01 opened 3"], id="alone-after-all"
        ),
    ],
)
def test_what_a_physician_recorded_as_longstanding_is_not_positive(
    known: list[str], answers: dict[str, Any], expected: list[str]
) -> None:
    said = told(profile(at(), longstanding_flags=known), flagged("e", at(hours=1), **answers))
    assert heard(said) == expected


class TestWhileOpen:
    OPENED = "R01 opened 4"

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            pytest.param(11.99, [OPENED], id="before-12-hours"),
            pytest.param(12, [OPENED, "R01 reminder 4"], id="at-12-hours"),
        ],
    )
    def test_the_same_flag_again_reminds_after_12_hours(
        self, hours: float, expected: list[str]
    ) -> None:
        first = flagged("a", at(), bladder=NEW)
        assert heard(told(first, flagged("b", at(hours=hours), bladder=NEW))) == expected

    def test_a_reminder_starts_the_12_hours_again(self) -> None:
        said = told(*(flagged(f"e{h}", at(hours=h), bladder=NEW) for h in (0, 12, 23, 24)))
        assert heard(said) == [self.OPENED, "R01 reminder 4", "R01 reminder 4"]
        assert of_r01(said, "evidence") == [["e0"], ["e12"], ["e24"]]

    def test_another_flag_reminds_at_once(self) -> None:
        said = told(flagged("a", at(), bladder=NEW), flagged("b", at(hours=1), bowel=OLD))
        assert heard(said) == [self.OPENED, "R01 reminder 4"]
        assert of_r01(said, "text_key") == ["emergency.cauda_equina"] * 2

    def test_a_longstanding_flag_that_gets_worse_is_news(self) -> None:
        said = told(
            flagged("a", at(), bladder=NEW, bowel=OLD),
            flagged("b", at(hours=1), bowel=OLD),
            flagged("c", at(hours=2), bowel=NEW),
            flagged("d", at(hours=3), bowel=NEW),
        )
        assert heard(said) == [self.OPENED, "R01 reminder 4"]

    def test_a_higher_level_raises(self) -> None:
        said = told(flagged("a", at(), bladder=OLD), flagged("b", at(hours=1), bowel=NEW))
        assert heard(said) == ["R01 opened 3", "R01 raised 4"]
        assert of_r01(said, "text_key") == ["doctor.check_today", "emergency.cauda_equina"]
        assert of_r01(said, "evidence") == [["a"], ["b"]]

    def test_a_lower_level_does_not_lower_it(self) -> None:
        said = told(flagged("a", at(), bladder=NEW), flagged("b", at(hours=1), bladder=OLD))
        assert still_open(said) == {("R01", None): 4}

    def test_only_a_physician_ends_it(self) -> None:
        lines = [
            flagged("a", at(), bladder=NEW),
            flagged("a", at(hours=1), bladder="no"),
            withdrawn("a", at(hours=2)),
            acknowledged("R01", at(hours=3)),
            closed("R02", at(hours=4)),
            clock(at(days=60)),
        ]
        assert heard(told(*lines)) == [self.OPENED]
        assert heard(told(*lines, closed("R01", at(days=61)))) == [self.OPENED, "R01 cleared 4"]

    def test_a_flag_after_the_close_opens_it_again(self) -> None:
        said = told(
            flagged("a", at(), bladder=NEW),
            closed("R01", at(hours=1)),
            flagged("b", at(hours=1), bladder=NEW),
            clock(at(days=9)),
        )
        assert heard(said) == [self.OPENED, "R01 cleared 4", self.OPENED]


class TestVersions:
    def test_the_same_answers_in_a_correction_are_not_judged_again(self) -> None:
        said = told(
            flagged("a", at(), bladder=NEW),
            closed("R01", at(hours=1)),
            entry("a", at(), received=at(hours=20), red_flags={"bladder": NEW}, pain=5),
        )
        assert heard(said) == ["R01 opened 4", "R01 cleared 4"]

    def test_other_answers_are(self) -> None:
        said = told(
            flagged("a", at(), bladder=NEW),
            closed("R01", at(hours=1)),
            entry("a", at(), received=at(hours=20), red_flags={"bowel": NEW}),
        )
        assert heard(said)[-1] == "R01 opened 4"

    def test_a_restored_record_is_judged_again(self) -> None:
        body = flagged("a", at(), bladder=NEW)
        again = {**body, "received_at": at(hours=3).isoformat()}
        said = told(body, closed("R01", at(hours=1)), withdrawn("a", at(hours=2)), again)
        assert heard(said)[-1] == "R01 opened 4"

    def test_a_longstanding_flag_recorded_in_between_makes_no_version_new(self) -> None:
        said = told(
            profile(at(), longstanding_flags=["bladder"]),
            flagged("a", at(hours=1), bladder=OLD),
            profile(at(hours=2), longstanding_flags=[]),
            entry("a", at(hours=1), received=at(hours=3), red_flags={"bladder": OLD}, pain=1),
        )
        assert heard(said) == []

    def test_each_rule_compares_its_own_answers(self) -> None:
        said = told(
            flagged("a", at(), bladder=NEW, hands_clumsy=NEW),
            closed("R02", at(hours=1)),
            entry("a", at(), received=at(hours=2), red_flags={"bowel": NEW, "hands_clumsy": NEW}),
        )
        assert heard(said)[2:] == ["R02 cleared 4", "R01 reminder 4"]

    def test_a_note_is_no_correction(self) -> None:
        body = flagged("a", at(), bladder=NEW)
        noted = entry("a", at(), received=at(hours=20), red_flags={"bladder": NEW}, note="hello")
        assert heard(told(body, noted)) == ["R01 opened 4"]


def test_an_old_entry_is_judged_all_the_same_and_marked_late() -> None:
    for days, late in ((2, False), (2.01, True)):
        old = Entry.of(
            {"id": "e", "symptom_at": at(), "red_flags": {"bladder": NEW, "bowel": "no"}},
            received_at=at(days=days),
        )
        outcome = judge_red_flags(
            old, previous=None, profile=Profile(), standing=Standing(), at=at(days=days)
        )
        (line,) = outcome.transitions
        assert (line.event, line.level, line.based_on_late_entry) == ("opened", 4, late)
        assert set(line.missing) == set(CAUDA_EQUINA.flags) - {"bladder", "bowel"}


def test_the_onset_is_the_earliest_moment_of_the_positive_entries() -> None:
    standing = Standing()
    for name, when in (("a", at(hours=5)), ("b", at(hours=1)), ("c", at(hours=9))):
        positive = Entry.of(
            {"id": name, "symptom_at": when, "red_flags": {"bladder": NEW}},
            received_at=at(hours=10),
        )
        standing = judge_red_flags(
            positive, previous=None, profile=Profile(), standing=standing, at=at(hours=10)
        ).standing
    (alert,) = standing.alerts
    assert alert.onset == at(hours=1)
