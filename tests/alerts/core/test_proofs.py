"""Every rule is proved: it speaks, it keeps silent, and no threshold can move unnoticed."""

import pytest

from tests.alerts.core.proofs import BOUNDARIES, CASES
from tests.alerts.core.proofs.shape import Boundary, Case
from tests.alerts.core.story import brief, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_a_rule_says_this_to_a_diary(case: Case) -> None:
    assert tuple(brief(told(*case.diary()), case.rule)) == case.says


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=lambda each: f"{each.rule}-{each.threshold}")
def test_a_threshold_has_two_sides_and_cannot_move_unnoticed(boundary: Boundary) -> None:
    said = boundary.said()
    assert said == (boundary.says_under, boundary.says_over)
    assert boundary.says_under != boundary.says_over
    assert boundary.said(boundary.shifted(boundary.step)) != said
    assert boundary.said(boundary.shifted(-boundary.step)) != said
