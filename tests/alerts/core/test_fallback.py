"""What speaks when a rule fails: it finds a red flag in any entry, and trips over none."""

from collections.abc import Mapping

import pytest

from alerts.core.fallback import has_positive_red_flag


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"red_flags": {"bladder": "new_or_worse"}}, True, id="new"),
        pytest.param({"red_flags": {"bowel": "unchanged_longstanding"}}, True, id="longstanding"),
        pytest.param({"red_flags": {"bladder": "no", "bowel": "unknown"}}, False, id="no"),
        pytest.param({"numb_regions": ["left_leg", "saddle"]}, True, id="the-saddle"),
        pytest.param({"numb_regions": ["left_leg"]}, False, id="another-region"),
        pytest.param({"weak_regions": ["saddle"]}, False, id="the-saddle-is-not-weak"),
        pytest.param({"numb_regions": ["left_leg", "right_foot"]}, True, id="both-legs-numb"),
        pytest.param({"weak_regions": ["right_leg", "left_foot"]}, True, id="both-legs-weak"),
        pytest.param(
            {"numb_regions": ["left_leg"], "weak_regions": ["right_leg"]}, True, id="one-of-each"
        ),
        pytest.param(
            {"numb_regions": ["left_leg"], "weak_regions": ["left_foot"]}, False, id="one-leg"
        ),
        pytest.param({"numb_regions": [{}, 3, None], "weak_regions": "x"}, False, id="odd-regions"),
        pytest.param({"red_flags": {"bladder": "no"}, "numb_regions": ["saddle"]}, True, id="both"),
        pytest.param({}, False, id="nothing"),
        pytest.param({"red_flags": None, "numb_regions": None}, False, id="no-answers"),
        pytest.param({"red_flags": 3, "numb_regions": 3}, False, id="no-answers-at-all"),
    ],
)
def test_a_red_flag_is_found_however_odd_the_rest(
    data: Mapping[str, object], expected: bool
) -> None:
    assert has_positive_red_flag(data) is expected
