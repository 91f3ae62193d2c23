"""R05: its triggers, and the alert at the highest level of them."""

from typing import Any

import pytest

from alerts.core.engine import step
from alerts.core.parameters import CURRENT
from alerts.core.records import Entry
from alerts.core.rules.numbness import progressive_numbness
from alerts.core.standing import Standing
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Trigger
from alerts.core.walk import Walk
from tests.alerts.core.story import at


def levels(*answers: dict[str, Any], every: float = 1) -> list[int]:
    """The level of each trigger, of entries so many days apart."""
    entries = [
        Entry.of(
            {"id": f"e{n}", "symptom_at": at(days=n * every), **said},
            received_at=at(days=n * every),
        )
        for n, said in enumerate(answers)
    ]
    walk = Walk(Timeline(entries), Standing(), now=at(days=99), parameters=CURRENT)
    found = [v.level for v in progressive_numbness(walk) if isinstance(v, Trigger)]
    alerts = step(walk.timeline, Standing(), now=at(days=99)).standing.alerts
    assert [each.level for each in alerts if each.rule == "R05"] == sorted(found)[-1:]
    return found


def numb(*values: int) -> list[dict[str, Any]]:
    return [{"numbness": value} for value in values]


def regions(*answers: list[str]) -> list[dict[str, Any]]:
    return [{"numb_regions": answer} for answer in answers]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(numb(2, 2, 2, 4), [], id="a-single-rise-of-two"),
        pytest.param(numb(2, 2, 2, 5), [2], id="a-single-rise-of-three"),
        pytest.param(numb(2, 2, 2, 4, 4), [2], id="two-in-a-row"),
        pytest.param(numb(7), [3], id="severe-without-a-reference"),
        pytest.param(numb(6, 6, 6, 7), [3], id="severe-above-its-reference"),
        pytest.param(regions(["left_foot"]), [], id="never-answered-before"),
        pytest.param(regions([], ["left_foot"]), [2], id="a-new-limb"),
        pytest.param(regions([], ["saddle"]), [], id="the-saddle-is-for-R01"),
        pytest.param(regions(["left_foot"], [], ["left_foot"]), [], id="named-in-14-days"),
        pytest.param(regions([], ["left_foot", "right_foot"]), [2], id="a-second-leg-is-for-R01"),
        pytest.param(regions(["left_arm"], ["left_arm", "right_hand"]), [3], id="a-second-arm"),
        pytest.param(
            regions(["left_arm", "right_arm"], ["left_arm", "right_arm", "left_leg"]),
            [2],
            id="both-arms-were-known",
        ),
    ],
)
def test_what_triggers(said: list[dict[str, Any]], expected: list[int]) -> None:
    assert levels(*said) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(7, [], id="14-days-ago-it-was-named"),
        pytest.param(7.001, [2], id="longer-ago"),
        pytest.param(14.001, [2], id="no-answer-in-14-days-but-the-last-one"),
    ],
)
def test_a_limb_is_new_after_14_days(days: float, expected: list[int]) -> None:
    assert levels(*regions(["left_foot"], [], ["left_foot"]), every=days) == expected
