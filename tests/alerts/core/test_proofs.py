"""Every rule is proved: it speaks, it keeps silent, and no threshold can move unnoticed."""

import pytest

from tests.alerts.core.proofs import BOUNDARIES, CASES
from tests.alerts.core.proofs.shape import Boundary, Case
from tests.alerts.core.story import brief, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_a_rule_says_this_to_a_diary(case: Case) -> None:
    said = [line for line in told(*case.diary()) if line["rule"] == case.rule]
    assert tuple(brief(said)) == case.says
    if case.text_keys:
        assert tuple(line["text_key"] for line in said) == case.text_keys


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=lambda each: f"{each.rule}-{each.threshold}")
def test_a_threshold_has_two_sides_and_cannot_move_unnoticed(boundary: Boundary) -> None:
    said = boundary.said()
    assert said == (boundary.says_under, boundary.says_over)
    assert boundary.says_under != boundary.says_over
    assert boundary.said(boundary.shifted(boundary.step)) != said
    assert boundary.said(boundary.shifted(-boundary.step)) != said
