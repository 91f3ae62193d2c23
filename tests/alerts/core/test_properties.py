"""What must always hold, whatever stands in the diary."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.core.engine import step
from alerts.core.records import Entry, Massage
from alerts.core.rules import CURRENT
from alerts.core.standing import Standing
from alerts.core.timeline import ProfileChange, Timeline
from alerts.core.walk import Walk
from alerts.replay import replay
from alerts.replay_lines import EntryLine, MassageLine, ProfileLine, read
from tests.alerts.core.diaries import DIARIES, END
from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    clock,
    closed,
    entry,
    still_open,
    told,
    withdrawn,
)

Open = dict[tuple[str, str | None], int]
Verdict = tuple[int, str, tuple[str, ...]]
DIARY = settings(max_examples=25, deadline=None)


def holds(*lines: Line) -> Open:
    """The alerts of level >= 2 that are open when everything has arrived."""
    alerts = still_open(told(*lines, clock(END)))
    return {identity: level for identity, level in alerts.items() if level >= 2}


@settings(max_examples=25, deadline=None)
@given(diary=DIARIES, shuffled=st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_in_the_same_holds(diary: list[Line], shuffled: Any) -> None:
    known, *records = diary
    late = [{**line, "received_at": END.isoformat()} for line in records]
    shuffled.shuffle(late)
    assert holds(known, *late) == holds(known, *records)


@DIARY
@given(diary=DIARIES)
def test_repeats_change_nothing(diary: list[Line]) -> None:
    known, *records = diary
    twice = [repeat for line in records for repeat in (line, json.loads(json.dumps(line)))]
    assert told(known, *twice) == told(known, *records)


@DIARY
@given(diary=DIARIES)
def test_the_same_story_is_told_in_the_same_words(diary: list[Line]) -> None:
    assert told(*diary, clock(END)) == told(*diary, clock(END))


SCORES = st.sampled_from(["pain", "weakness", "numbness", "limb_pain"])


@DIARY
@given(diary=DIARIES, score=SCORES, low=st.integers(0, 9), rise=st.integers(1, 10))
def test_a_worse_score_never_makes_it_quieter(
    diary: list[Line], score: str, low: int, rise: int
) -> None:
    """Of two answers tonight the worse one leaves the advice at least as high."""

    def advice(value: int) -> int:
        answer: dict[str, Any] = {score: value}
        tonight = entry("tonight", END - timedelta(days=2), **answer)
        return max(holds(*diary, tonight).values(), default=0)

    assert advice(low) <= advice(min(10, low + rise))


BLANKS: tuple[dict[str, Any], ...] = (
    {"red_flags": {}},
    {"function_checks": {"grip_left": "unknown"}},
    {"flare_today": False},
    {"after_massage": {}},
)


@DIARY
@given(diary=DIARIES, blank=st.sampled_from(BLANKS))
def test_missing_is_never_zero_and_never_no(diary: list[Line], blank: dict[str, Any]) -> None:
    """An entry without a score, or with one that is not known, ends and opens no hold."""
    assert holds(*diary, entry("blank", END - timedelta(days=2), **blank)) == holds(*diary)


@DIARY
@given(diary=DIARIES, place=st.randoms(use_true_random=False))
def test_a_red_flag_is_never_lost_whatever_else_is_in_the_diary(
    diary: list[Line], place: Any
) -> None:
    known, *records = diary
    line = place.choice(records or [entry("e0", END, pain=1)])
    when = line["received_at"]
    flag = {"id": "flag", "symptom_at": when, "red_flags": {"bladder": "new_or_worse"}}
    flagged: Line = {"type": "entry", "patient": "p", "received_at": when, "data": flag}
    at = records.index(line) if line in records else 0
    said = told(known, *records[:at], flagged, *records[at:], clock(END))
    (opened,) = [each for each in said if each["rule"] == "R01" and each["event"] == "opened"]
    assert (opened["level"], opened["evidence"]) == (4, ["flag"])
    assert still_open(said)["R01", None] == 4


@DIARY
@given(diary=DIARIES)
def test_the_same_records_give_the_same_verdicts_again(diary: list[Line]) -> None:
    """What was found line by line is found again, level, text and evidence, all at once."""
    live, again = verdicts(told(*diary, clock(END))), found_at_once(diary)
    assert {each: live[each] for each in live.keys() & again.keys()} == {
        each: again[each] for each in live.keys() & again.keys()
    }
    held = {each for each, (level, *_) in live.items() if level >= 2}
    assert held <= again.keys()


def verdicts(said: list[Line]) -> dict[tuple[str, str | None], Verdict]:
    """Level, text and evidence of every alert of the walk that is open after the lines."""
    found = {}
    for line in said:
        if line["event"] in ("opened", "raised"):
            words = (line["level"], line["text_key"], tuple(line["evidence"]))
            found[line["rule"], line["subject"]] = words
    return {each: found[each] for each in still_open(said)}


def found_at_once(diary: list[Line]) -> dict[tuple[str, str | None], Verdict]:
    """What one step finds that knows the whole diary and nothing of what was said before."""
    known, *lines = (read(json.dumps(line).encode()) for line in diary)
    assert isinstance(known, ProfileLine)
    timeline = Timeline(
        [
            Entry.of(line.data.wire(), received_at=line.moment)
            for line in lines
            if isinstance(line, EntryLine)
        ],
        [
            Massage.of(line.data.wire(), received_at=line.moment)
            for line in lines
            if isinstance(line, MassageLine)
        ],
        [ProfileChange(known.moment, known.data.wire())],
    )
    outcome = step(timeline, Standing(), now=END)
    assert outcome.failures == ()
    return {
        (line.rule, line.subject): (line.level, line.text_key, line.record_ids)
        for line in outcome.transitions
        if line.event == "opened"
    }


RULES = [f"R{number:02}" for number in range(1, 23)]


@settings(max_examples=60, deadline=None)
@given(diary=DIARIES, chance=st.randoms(use_true_random=False))
def test_no_rule_stumbles_over_late_records_corrections_and_acts(
    diary: list[Line], chance: Any
) -> None:
    """`told` reports any rule that fails; what it says must also fit together."""
    known, *records = diary
    late = [
        {**line, "received_at": (when(line) + timedelta(hours=chance.choice(DELAYS))).isoformat()}
        for line in records
    ]
    acts = [act(chance, at(hours=chance.randrange(24 * 30))) for _ in range(6)]
    again = [withdrawn(line["data"]["id"], when(line)) for line in late if chance.random() < 0.1]
    lines = sorted([*late, *again, *acts], key=when)
    said = told(known, *lines, clock(END + timedelta(days=9)))
    assert all(0 <= level <= 4 for level in still_open(said).values())


DELAYS = (0, 0, 0, 12, 60, 100, 200)


def act(chance: Any, moment: datetime) -> Line:
    rule = chance.choice(RULES)
    return closed(rule, moment) if chance.random() < 0.5 else acknowledged(rule, moment)


def when(line: Line) -> datetime:
    return datetime.fromisoformat(line.get("received_at") or line["at"])


@pytest.mark.parametrize("broken", [rule.id for rule in CURRENT.walked if rule.clears])
@settings(max_examples=3, deadline=None)
@given(diary=DIARIES)
def test_a_rule_that_throws_does_not_stop_the_others(broken: str, diary: list[Line]) -> None:
    """Those that do not look at it say what they always said, and it is reported."""

    def throwing(_walk: Walk) -> Any:
        raise RuntimeError(broken)

    walked = tuple(
        replace(rule, finds=throwing, finds_since=None) if rule.id == broken else rule
        for rule in CURRENT.walked
    )
    reported: list[str] = []
    raw = [json.dumps(line).encode() for line in diary]
    said = [
        json.loads(line)
        for line in replay(raw, rules=replace(CURRENT, walked=walked), report=reported.append)
    ]
    deaf = {rule.id for rule in CURRENT.walked if broken in rule.reads or rule.is_dose_advice}
    untouched = {rule.id for rule in CURRENT.walked} - deaf - {broken, "R20", "R21", "R22"}
    assert [line for line in said if line["rule"] in untouched] == [
        line for line in told(*diary) if line["rule"] in untouched
    ]
    assert all(f"{broken} failed" in report for report in reported)
    assert len(reported) >= 1
