"""The chart of a massage: three windows, three scores, and the same verdict as the rules'."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.core.parameters import CURRENT
from alerts.core.records import Entry, Massage
from alerts.core.response import NOT_ENOUGH, NOT_RAISED, RAISED, Change, Chart, chart
from alerts.core.timeline import Timeline
from tests.alerts.core.story import at, entry, massage, told

SECOND = 1 / 3600
HOURS = ("0-24", "24-48", "48-72")
EMPTY = Change(None, NOT_ENOUGH)

Observed = tuple[float, dict[str, Any]]  # hours after the massage, and what was answered


def felt(*observed: Observed) -> list[Entry]:
    return [
        Entry.of(
            {"id": f"e{n}", "symptom_at": at(hours=hours), **said}, received_at=at(hours=hours)
        )
        for n, (hours, said) in enumerate(observed)
    ]


def charted(*observed: Observed, **during: Any) -> Chart:
    """The chart of a massage that ended at hour 0 and took half an hour."""
    times = {"started_at": at(hours=-0.5), "ended_at": at()}
    given_at = {"id": "m", "setting": "professional", **times, **during}
    record = Massage.of(given_at, received_at=at())
    return chart(Timeline(felt(*observed), [record]), record, parameters=CURRENT)


def changes(score: str, drawn: Chart) -> list[tuple[float | None, str]]:
    """The change and the verdict of one score, window by window."""
    found = [getattr(window, score) for window in drawn.windows]
    return [(each.change, each.verdict) for each in found]


def test_without_entries_nothing_is_said() -> None:
    drawn = charted()
    assert drawn.reference is None
    assert [window.hours for window in drawn.windows] == list(HOURS)
    assert all(w.pain == w.numbness == w.weakness == EMPTY for w in drawn.windows)


@pytest.mark.parametrize(
    ("hours", "window"),
    [
        pytest.param(0, None, id="at-the-end-is-not-after-it"),
        pytest.param(SECOND, 0, id="a-second-later-is"),
        pytest.param(24, 0, id="24-hours-is-the-first-day"),
        pytest.param(24 + SECOND, 1, id="a-second-later-is-the-second"),
        pytest.param(48, 1, id="48-hours-is-the-second-day"),
        pytest.param(48 + SECOND, 2, id="a-second-later-is-the-third"),
        pytest.param(72, 2, id="72-hours-is-the-third-day"),
        pytest.param(72 + SECOND, None, id="a-second-later-is-no-more"),
    ],
)
def test_each_window_holds_its_last_moment_and_not_its_first(
    hours: float, window: int | None
) -> None:
    scores = {"pain": 4, "numbness": 1, "weakness": 2}
    drawn = charted((-2, scores), (hours, scores), pain_before=4)
    for score in scores:
        expected = [(0, NOT_RAISED) if n == window else (None, NOT_ENOUGH) for n in range(3)]
        assert changes(score, drawn) == expected


@pytest.mark.parametrize(
    ("observed", "before", "expected"),
    [
        pytest.param([(30, {"pain": 5})], 4, (1, NOT_RAISED), id="one-point-is-not-raised"),
        pytest.param([(30, {"pain": 6})], 4, (2, RAISED), id="two-points-are"),
        pytest.param([(30, {"pain": 1})], 4, (-3, NOT_RAISED), id="less-pain-is-a-fall"),
        pytest.param(
            [(26, {"pain": 6}), (30, {"pain": 2})], 4, (2, RAISED), id="the-highest-value-counts"
        ),
        pytest.param(
            [(30, {"pain": 5, "after_massage": {"global_change": "worse"}})],
            4,
            (1, RAISED),
            id="one-point-and-worse-is",
        ),
        pytest.param([(30, {"pain": 10})], 9, (1, RAISED), id="ten-at-the-ceiling-is"),
        pytest.param([(30, {"numbness": 3})], 4, (None, NOT_ENOUGH), id="no-pain-value"),
        pytest.param([(30, {"pain": 9})], None, (None, NOT_ENOUGH), id="no-reference"),
        pytest.param(
            [(30, {"pain": 2, "after_massage": {"global_change": "worse"}})],
            None,
            (None, RAISED),
            id="no-reference-but-worse",
        ),
        pytest.param(
            [(30, {"pain": 2, "after_massage": {"global_change": "same"}}), (31, {"pain": 2})],
            None,
            (None, NOT_RAISED),
            id="no-reference-but-once-the-same",
        ),
        pytest.param([(-36, {"pain": 3}), (30, {"pain": 5})], None, (2, RAISED), id="a-stand-in"),
    ],
)
def test_pain_is_judged_as_the_rules_judge_it(
    observed: list[Observed], before: int | None, expected: tuple[float | None, str]
) -> None:
    assert changes("pain", charted(*observed, pain_before=before))[1] == expected


@pytest.mark.parametrize("score", ["numbness", "weakness"])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([1], [2], (1, NOT_RAISED), id="one-point-is-not-raised"),
        pytest.param([1], [3], (2, RAISED), id="two-points-are"),
        pytest.param([], [9], (None, NOT_ENOUGH), id="no-value-before"),
        pytest.param([], [1, 3], (None, RAISED), id="no-value-before-but-a-rise-after"),
        pytest.param([0, 2, 2], [3], (1, NOT_RAISED), id="three-values-before-give-their-median"),
        pytest.param([0, 2], [3], (3, RAISED), id="with-two-the-first-ever-counts"),
    ],
)
def test_a_nerve_score_is_compared_with_what_it_was_before_the_start(
    score: str, before: list[int], after: list[int], expected: tuple[float | None, str]
) -> None:
    earlier = [(-48.0 + n, {score: value}) for n, value in enumerate(before)]
    later = [(30.0 + n, {score: value}) for n, value in enumerate(after)]
    assert changes(score, charted(*earlier, *later))[1] == expected


def test_what_was_felt_while_it_lasted_is_no_reference() -> None:
    assert charted((-0.25, {"pain": 5}), (30, {"pain": 9})).reference is None
    assert charted((-0.5, {"pain": 5}), (30, {"pain": 9})).reference == 5


OBSERVED = st.lists(
    st.tuples(
        st.integers(-60, 80),
        st.fixed_dictionaries(
            {"pain": st.integers(0, 10)},
            optional={
                "after_massage": st.fixed_dictionaries(
                    {"global_change": st.sampled_from(["better", "same", "worse"])}
                )
            },
        ),
    ),
    max_size=8,
    unique_by=lambda each: each[0],
)


@given(observed=OBSERVED, before=st.none() | st.integers(0, 10))
def test_the_rule_holds_massage_just_where_the_chart_shows_a_late_rise(
    observed: list[Observed], before: int | None
) -> None:
    drawn = charted(*observed, pain_before=before)
    rises = [window.pain.verdict == RAISED for window in drawn.windows[1:]]
    told_in_order = sorted(observed, key=lambda each: each[0])
    said = told(
        *(entry(f"e{h}", at(hours=h), **data) for h, data in told_in_order if h <= 0),
        massage("m", at(), pain_before=before),
        *(entry(f"e{h}", at(hours=h), **data) for h, data in told_in_order if h > 0),
    )
    holds = [line for line in said if line["rule"] == "R08" and line["level"] >= 2]
    assert bool(holds) == any(rises)
