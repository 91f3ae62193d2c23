"""Every proof there is: each family of rules has a file."""

from tests.alerts.core.proofs import (
    acute_phase,
    after_massage,
    contraindicated,
    during_massage,
    frequency,
    soreness,
)
from tests.alerts.core.proofs.shape import Boundary, Case

_FAMILIES = (during_massage, after_massage, soreness, contraindicated, acute_phase, frequency)

CASES: tuple[Case, ...] = tuple(case for family in _FAMILIES for case in family.CASES)
BOUNDARIES: tuple[Boundary, ...] = tuple(
    boundary for family in _FAMILIES for boundary in family.BOUNDARIES
)
