"""Whatever order the same records arrive in, the same alerts of level >= 2 are open at the end."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.core.story import Line, at, clock, entry, massage, profile, still_open, told

SCORES = st.none() | st.integers(0, 10)
ANSWERS = st.sampled_from(["can", "cannot", "unknown"])
CHANGES = st.sampled_from(["better", "same", "worse"])
QUARTER_DAYS = st.integers(0, 60)


def said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


ENTRIES = st.builds(
    said,
    pain=st.integers(0, 10),
    weakness=SCORES,
    numbness=SCORES,
    function_checks=st.none()
    | st.fixed_dictionaries({"grip_left": ANSWERS, "grip_right": ANSWERS}),
    muscle_wasting=st.none() | st.booleans(),
    numb_regions=st.none() | st.lists(st.sampled_from(["left_foot", "right_hand"]), unique=True),
    after_massage=st.none() | st.builds(said, global_change=CHANGES, new_neuro=st.booleans()),
)
MASSAGES = st.builds(said, pain_before=SCORES)
DIARIES = st.tuples(
    st.lists(st.tuples(QUARTER_DAYS, ENTRIES), max_size=12),
    st.lists(st.tuples(QUARTER_DAYS, MASSAGES), max_size=4),
)
Diary = tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, dict[str, Any]]]]
END = at(days=16)


def records(diary: Diary) -> list[Line]:
    """The records of a diary, each received when it happened."""
    entries, massages = diary
    lines = [entry(f"e{n}", at(hours=6 * q), **d) for n, (q, d) in enumerate(entries)]
    lines += [massage(f"m{n}", at(hours=6 * q), **d) for n, (q, d) in enumerate(massages)]
    return lines


def holds(*lines: Line) -> dict[tuple[str, str | None], int]:
    """The alerts of level >= 2 that are open when everything has arrived."""
    alerts = still_open(told(*lines, clock(END)))
    return {identity: level for identity, level in alerts.items() if level >= 2}


def in_time(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line["received_at"])


@settings(max_examples=15, deadline=None)
@given(diary=DIARIES, shuffled=st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_in_the_same_holds(diary: Diary, shuffled: Any) -> None:
    lines = records(diary)
    live = holds(profile(at(), phase="acute"), *in_time(lines))
    shuffled.shuffle(lines)
    late = [{**line, "received_at": END.isoformat()} for line in lines]
    assert holds(profile(at(), phase="acute"), *late) == live


@settings(max_examples=6, deadline=None)
@given(diary=DIARIES)
def test_repeats_change_nothing(diary: Diary) -> None:
    lines = in_time(records(diary))
    twice = [repeat for line in lines for repeat in (line, json.loads(json.dumps(line)))]
    assert told(*twice) == told(*lines)


@settings(max_examples=6, deadline=None)
@given(diary=DIARIES)
def test_the_same_story_is_told_in_the_same_words(diary: Diary) -> None:
    lines = in_time(records(diary))
    assert told(*lines) == told(*lines)


@settings(max_examples=6, deadline=None)
@given(diary=DIARIES, more=st.sampled_from([{"bladder": "new_or_worse"}, {"bowel": "no"}]))
def test_worse_never_means_quieter(diary: Diary, more: dict[str, str]) -> None:
    """A red flag more takes away no alert of level >= 2."""
    lines = in_time(records(diary))
    flag = entry("flag", END, red_flags=more)
    assert holds(*lines).items() <= holds(*lines, flag).items()
