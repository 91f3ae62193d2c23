"""The engine itself: failures that stay alone, due moments, and what a step leaves behind."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from alerts.core.engine import advance, judge_red_flags, step
from alerts.core.episodes import Episode
from alerts.core.profile import Profile
from alerts.core.reconciliation import News
from alerts.core.records import Close, Entry, Massage, Position
from alerts.core.rules import CURRENT, VERSIONS, RuleSet
from alerts.core.rules.red_flags import RedFlagRule
from alerts.core.standing import Outcome, Standing
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Trigger
from alerts.core.walk import Message, Walk
from tests.alerts.core.story import at

LEVELS = dict[tuple[str, str | None], int]


def an_entry(name: str, when: datetime, **data: object) -> Entry:
    return Entry.of({"id": name, "symptom_at": when, **data}, received_at=when)


def a_massage(name: str, ended: datetime, **data: object) -> Massage:
    times = {"started_at": ended - (at(hours=1) - at()), "ended_at": ended}
    body = {"id": name, "setting": "professional", **times, **data}
    return Massage.of(body, received_at=ended)


# A diary of few records says much to all rules together; here it is to say little.
FEW = replace(
    CURRENT,
    walked=tuple(one for one in CURRENT.walked if one.id in {"R03", "R05", "R08", "R12", "R20"}),
)


def levels(outcome: Outcome) -> LEVELS:
    return {alert.identity: alert.level for alert in outcome.standing.alerts}


def with_rule(rule: str, **changes: object) -> RuleSet:
    """The few rules, one of them changed."""
    walked = (
        replace(one, **changes) if one.id == rule else one  # type: ignore[arg-type]
        for one in FEW.walked
    )
    return replace(FEW, walked=tuple(walked))


def throwing(*_: object) -> Iterable[Trigger]:
    raise RuntimeError("broken")


# Pain 30 hours after a massage, and a grip that was lost on the way.
SORE = (a_massage("m", at(), pain_before=3), an_entry("p", at(hours=30), pain=7))
GRIP = (
    an_entry("g0", at(), function_checks={"grip_left": "can"}),
    an_entry("g1", at(days=1), function_checks={"grip_left": "cannot"}),
)
CALM = (an_entry("c0", at(hours=50), pain=3), an_entry("c1", at(hours=60), pain=3))
DIARY = Timeline([*GRIP, SORE[1]], [SORE[0]])
NOW = at(hours=31)


class TestFailure:
    @pytest.mark.parametrize("part", ["finds", "clears"])
    def test_a_rule_that_throws_stops_no_other_and_is_reported(self, part: str) -> None:
        outcome = step(DIARY, Standing(), now=NOW, rules=with_rule("R03", **{part: throwing}))
        assert [failure.rule for failure in outcome.failures] == ["R03"]
        assert levels(outcome) == {("R08", "m"): 2}

    @pytest.mark.parametrize("part", ["says", "due"])
    def test_messages_that_throw_leave_the_alerts(self, part: str) -> None:
        outcome = step(DIARY, Standing(), now=NOW, rules=with_rule("R20", **{part: throwing}))
        assert [failure.rule for failure in outcome.failures] == ["R20"]
        assert levels(outcome) == {("R03", None): 3, ("R08", "m"): 3}

    @pytest.mark.parametrize("part", ["finds", "clears"])
    def test_its_open_alerts_stay_as_they_are(self, part: str) -> None:
        before = step(DIARY, Standing(), now=NOW, rules=FEW)
        rules = with_rule("R08", **{part: throwing})
        diary = Timeline([*GRIP, SORE[1], *CALM], [SORE[0]])
        after = step(diary, before.standing, now=at(days=9), rules=rules)
        assert levels(after) == {("R03", None): 3, ("R08", "m"): 3}
        assert levels(step(diary, before.standing, now=at(days=9), rules=FEW)) == {("R03", None): 3}

    def test_a_rule_that_reads_it_ends_and_lowers_nothing(self) -> None:
        before = step(DIARY, Standing(), now=NOW, rules=FEW)
        after = step(DIARY, before.standing, now=NOW, rules=with_rule("R03", finds=throwing))
        assert levels(after) == levels(before) == {("R03", None): 3, ("R08", "m"): 3}

    def test_advance_reports_failures_too(self) -> None:
        rules = with_rule("R12", finds=throwing)
        diary = Timeline(massages=[SORE[0]])
        outcome = advance(diary, Standing(), after=at(), until=at(days=9), rules=rules)
        assert {failure.rule for failure in outcome.failures} == {"R12"}

    def test_a_red_flag_rule_that_throws_leaves_the_other(self) -> None:
        broken = replace(CURRENT.red_flags[0], level=throwing)  # type: ignore[arg-type]
        rules = replace(CURRENT, red_flags=(broken, CURRENT.red_flags[1]))
        flags = {"bladder": "new_or_worse", "gait_unsteady": "new_or_worse"}
        outcome = judge_red_flags(
            an_entry("e", at(), red_flags=flags),
            previous=None,
            profile=Profile(),
            standing=Standing(),
            at=at(),
            rules=rules,
        )
        assert [failure.rule for failure in outcome.failures] == ["R01"]
        assert [line.rule for line in outcome.transitions] == ["R02"]


class TestDueMoments:
    def test_nothing_is_due_for_an_empty_diary(self) -> None:
        assert step(Timeline(), Standing(), now=at()).due_at is None

    def test_the_next_due_moment_is_the_earliest_of_all_rules(self) -> None:
        diary = Timeline(massages=[a_massage("m", at())])
        assert step(diary, Standing(), now=at(), rules=FEW).due_at == at(hours=26)
        assert step(diary, Standing(), now=at(hours=45), rules=FEW).due_at == at(hours=48)
        assert step(diary, Standing(), now=at(hours=50), rules=FEW).due_at == at(hours=72)
        assert step(diary, Standing(), now=at(hours=72), rules=FEW).due_at is None

    def test_a_moment_that_a_rule_names_twice_does_not_stop_the_clock(self) -> None:
        rules = with_rule("R20", due=lambda walk, _: [walk.now])
        assert step(DIARY, Standing(), now=at(days=9), rules=rules).due_at is None

    def test_advance_takes_each_at_its_own_moment(self) -> None:
        diary = Timeline(massages=[a_massage("m", at())])
        outcome = advance(diary, Standing(), after=at(), until=at(days=30), rules=FEW)
        assert [(line.rule, line.at) for line in outcome.transitions] == [
            ("R20", at(hours=26)),
            ("R20", at(hours=44)),
            ("R08", at(hours=48)),
        ]
        assert outcome.due_at is None

    def test_advance_leaves_out_what_lies_at_its_start(self) -> None:
        diary = Timeline(massages=[a_massage("m", at())])
        outcome = advance(diary, Standing(), after=at(hours=26), until=at(hours=44), rules=FEW)
        assert [line.at for line in outcome.transitions] == [at(hours=44)]
        assert outcome.due_at == at(hours=48)

    def test_advance_without_anything_due_says_when_to_come_back(self) -> None:
        diary = Timeline(massages=[a_massage("m", at())])
        outcome = advance(diary, Standing(), after=at(), until=at(hours=1), rules=FEW)
        assert (outcome.transitions, outcome.due_at) == ((), at(hours=26))


class TestStep:
    def test_a_repeated_step_says_nothing_again(self) -> None:
        first = step(DIARY, Standing(), now=NOW, news=News(arrived=["p", "g1"]))
        again = step(DIARY, first.standing, now=NOW, news=News(arrived=["p", "g1"]))
        assert first.transitions
        assert again.transitions == ()
        assert again.standing == first.standing

    def test_a_close_at_the_instant_of_the_alert_needs_its_own_step(self) -> None:
        flagged = an_entry("e", at(), red_flags={"bladder": "new_or_worse"})
        judged = judge_red_flags(
            flagged, previous=None, profile=Profile(), standing=Standing(), at=at()
        )
        diary = Timeline([flagged], closes=[Close("R01", at())])
        assert step(diary, judged.standing, now=at()).transitions == ()
        ended = step(diary, judged.standing, now=at(), news=News(closed=["R01"]))
        assert [line.event for line in ended.transitions] == ["cleared"]
        assert [alert.rule for alert in ended.standing.ended] == ["R01"]

    def test_a_transition_carries_what_explains_it(self) -> None:
        (line,) = step(Timeline([SORE[1]], [SORE[0]]), Standing(), now=NOW, rules=FEW).transitions
        assert (line.event, line.onset, line.rules_version) == ("opened", at(hours=30), "1.0.0")
        assert line.parameters["reference"] == 3
        assert line.parameters["threshold"] == 5
        assert line.missing == ("baseline",)
        shown = [(item.type, item.id, item.field, item.value) for item in line.evidence]
        assert shown == [("massage", "m", "pain_before", 3), ("entry", "p", "pain", 7)]
        assert line.record_ids == ("m", "p")

    def test_what_rests_on_a_late_record_says_so(self) -> None:
        for hours, late in ((48, False), (48.01, True)):
            received = at(hours=30 + hours)
            sore = Entry.of(
                {"id": "p", "symptom_at": at(hours=30), "pain": 7}, received_at=received
            )
            (line,) = step(
                Timeline([sore], [SORE[0]]), Standing(), now=received, rules=FEW
            ).transitions
            assert line.based_on_late_entry is late

    def test_an_alert_that_replaces_a_superseded_one_is_named_by_it(self) -> None:
        high = step(DIARY, Standing(), now=NOW, rules=FEW)
        calm = Timeline([SORE[1]], [SORE[0]])
        lines = step(calm, high.standing, now=NOW, rules=FEW).transitions
        found = [(line.rule, line.event, line.level, line.successor) for line in lines]
        assert ("R08", "superseded", 3, 2) in found
        assert ("R03", "superseded", 3, None) in found

    def test_it_says_what_could_not_be_judged(self) -> None:
        diary = Timeline(
            [an_entry("p", at(hours=30), pain=7, weakness=1, numb_regions=["left_foot"])],
            [a_massage("m", at())],
        )
        outcome = step(diary, Standing(), now=NOW, rules=FEW)
        said = {(rule, verdict.because) for rule, verdict in outcome.not_evaluable}
        assert said == {
            ("R03", "no weakness value before"),
            ("R05", "no answer on numb regions before"),
            ("R08", "no pain value before the massage, and no comparison with it"),
        }

    def test_a_missing_answer_is_neither_zero_nor_no(self) -> None:
        silent = [an_entry(f"s{n}", at(days=n), flare_today=False) for n in range(9)]
        outcome = step(Timeline(silent), Standing(), now=at(days=9))
        assert (outcome.transitions, outcome.not_evaluable) == ((), ())


class TestRegistry:
    def test_every_rule_stands_after_those_it_reads(self) -> None:
        for version in VERSIONS.values():
            seen: set[str] = set()
            for rule in version.walked:
                assert rule.reads <= seen
                seen.add(rule.id)

    def test_a_rule_set_knows_its_version(self) -> None:
        assert {name: rules.version for name, rules in VERSIONS.items()} == {"1.0.0": "1.0.0"}

    def test_no_rule_has_both_lives(self) -> None:
        walked = {rule.id for rule in CURRENT.walked}
        judged = {rule.id for rule in CURRENT.red_flags}
        assert walked.isdisjoint(judged)


def test_the_shapes_of_a_rule_are_plain_functions() -> None:
    """A rule of the next family is one more set of functions; nothing here is inherited."""

    def nothing(_: Walk, __: Episode) -> Position | None:
        return None

    def silent(_: Walk, __: Standing) -> Iterable[Message]:
        return ()

    rules = with_rule("R12", clears=nothing, says=silent)
    assert step(DIARY, Standing(), now=NOW, rules=rules).failures == ()
    assert isinstance(CURRENT.red_flags[0], RedFlagRule)
