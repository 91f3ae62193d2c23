"""Simulated patients: how often the rules cry wolf, and what they find; see bench/alarms.py.

The seeds are fixed and the bounds are those the product promises, so a change of a rule that makes
it louder or blinder fails here.
"""

import pytest

from bench.simulation import (
    CONTAMINATED,
    Noise,
    after_massages,
    burden,
    false_alarms,
    flare_power,
)

SEED = 1
USUAL = Noise(sd=1.2, phi=0.3)


def test_a_stable_patient_hears_of_a_flare_at_most_once_in_twelve_weeks() -> None:
    rates = false_alarms("R16", USUAL, patients=60, weeks=12, seed=SEED)
    assert 0.01 <= rates.per_week <= 0.08


def test_a_stable_patient_hears_of_a_slow_rise_at_most_once_in_six_months() -> None:
    rates = false_alarms("R17", USUAL, patients=60, weeks=12, seed=SEED)
    assert 0.001 <= rates.per_week <= 0.04


def test_a_flare_of_four_points_is_found_within_two_days() -> None:
    share, delay = flare_power(USUAL, rise=4, patients=100, seed=SEED)
    assert share >= 0.85
    assert delay <= 2


def test_a_missed_day_now_and_then_hides_no_flare() -> None:
    every_day, _ = flare_power(Noise(recorded=1), rise=4, patients=100, seed=SEED)
    some_days, _ = flare_power(Noise(recorded=0.7), rise=4, patients=100, seed=SEED)
    assert some_days >= 0.8
    assert every_day - some_days <= 0.15


def test_a_patient_worse_after_each_massage_is_not_hidden_by_the_baseline() -> None:
    """The hours after massages must stay out of B, or it rises with the patient."""
    clean = after_massages(USUAL, rise=2, patients=30, seed=SEED)
    blind = after_massages(USUAL, rise=2, patients=30, seed=SEED, parameters=CONTAMINATED)
    assert clean.held >= 0.5
    assert clean.held - blind.held >= 0.15


def test_a_massage_that_changes_nothing_seldom_holds() -> None:
    found = after_massages(USUAL, rise=0, patients=30, seed=SEED)
    assert 0.02 <= found.held <= 0.14
    assert found.confirmed <= 0.03


@pytest.mark.parametrize(
    ("sd", "weeks"), [pytest.param(0.8, 0.42, id="steady"), pytest.param(1.2, 0.46, id="usual")]
)
def test_all_rules_together_leave_most_weeks_quiet(sd: float, weeks: float) -> None:
    """Of patients who answer six evenings in seven and go on with massages whatever is said."""
    found = burden(Noise(sd=sd, phi=0.3), nerves=0.5, patients=30, seed=SEED)
    assert 0.2 <= found.any_week <= weeks
    assert found.doctor_week <= 0.06
