"""What the alerts of pain, weakness and numbness rest on: the records that meet the condition."""

import pytest

from tests.alerts.core.proofs.patients import story
from tests.alerts.core.proofs.scores import numb, pain, weak
from tests.alerts.core.proofs.shape import Diary
from tests.alerts.core.story import Line, at, entry, massage, told

CHECKED = entry("c", at(days=-1), function_checks={"grip_left": "can"})
LOST = entry("l", at(days=9), function_checks={"grip_left": "cannot"})
USUAL = pain(2, 2, 2, 2, 2)
FLARE = [*USUAL, *pain(4, 4, start=5)]
REPORTED = entry("f", at(days=5), pain=4, flare_today=True, activities_limited=True)


def of(*lines: Line) -> Diary:
    return story(*lines)


def on(name: str, *days: int) -> list[str]:
    """The entries with one score on these days."""
    return [f"{name}{day:+010.5f}" for day in days]


@pytest.mark.parametrize(
    ("rule", "diary", "evidence"),
    [
        pytest.param("R03", of(*weak(2, 2, 2, 5)), [on("weakness", 3)], id="R03-jump"),
        pytest.param(
            "R03",
            of(*weak(2, 2, 2, 4, 4)),
            [on("weakness", 3), on("weakness", 3, 4)],
            id="R03-prompt-and-pair",
        ),
        pytest.param(
            "R03", of(*weak(4, 4, 4, 2, 4, 5)), [on("weakness", 3, 4, 5)], id="R03-rising"
        ),
        pytest.param("R03", of(CHECKED, LOST), [["c", "l"]], id="R03-lost-function"),
        pytest.param(
            "R04",
            of(*weak(0, 3, 2, 3, 3, 3, 3)),
            [on("weakness", 0, 1, 3, 4, 5, 6)],
            id="R04-the-weak-days-and-the-ends-of-the-span",
        ),
        pytest.param("R05", of(*numb(2, 2, 2, 4, 4)), [on("numbness", 3, 4)], id="R05-pair"),
        pytest.param(
            "R05",
            of(*numb(2, 2, 2), *weak(2, 2, 2, 4), entry("n", at(days=4), numbness=5)),
            [[*on("weakness", 3), "n"]],
            id="R05-with-pending-weakness",
        ),
        pytest.param(
            "R05",
            of(CHECKED, LOST, *numb(2, 2, 2), entry("n", at(days=10), numbness=5)),
            [["c", "l", "n"]],
            id="R05-with-R03-open",
        ),
        pytest.param(
            "R05",
            of(*numb(2, 2, 2, 5), *weak(2, 2, 2), entry("w", at(days=4), weakness=4)),
            [on("numbness", 3), ["w"]],
            id="R05-raised-by-weakness",
        ),
        pytest.param("R06", of(*USUAL, *pain(8, start=5)), [on("pain", 5)], id="R06-jump"),
        pytest.param("R06", of(*pain(8, 8)), [on("pain", 0, 1)], id="R06-pair"),
        pytest.param(
            "R06",
            of(*USUAL, *weak(0, 2, start=3.0), *pain(8, start=5)),
            [[*on("weakness", 4), *on("pain", 5)]],
            id="R06-with-pending-weakness",
        ),
        pytest.param("R16", of(*FLARE), [on("pain", 5, 6)], id="R16-pair"),
        pytest.param("R16", of(*USUAL, REPORTED), [["f"]], id="R16-reported"),
        pytest.param(
            "R16",
            of(*FLARE, massage("m", at(days=6.5))),
            [on("pain", 5, 6), [*on("pain", 5, 6), "m"]],
            id="R16-a-massage-in-it",
        ),
        pytest.param(
            "R16",
            of(*FLARE, *pain(3, 4, 4, start=7)),
            [on("pain", 5, 6), on("pain", 5, 6, 8, 9)],
            id="R16-four-entries",
        ),
        pytest.param(
            "R16",
            of(*FLARE, *pain(4, start=12)),
            [on("pain", 5, 6), on("pain", 5, 6, 12)],
            id="R16-a-week",
        ),
    ],
)
def test_an_alert_names_the_records_that_meet_its_condition(
    rule: str, diary: Diary, evidence: list[list[str]]
) -> None:
    said = [line["evidence"] for line in told(*diary()) if line["rule"] == rule]
    assert said == evidence
