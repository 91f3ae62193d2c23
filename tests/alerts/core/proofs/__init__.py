"""Every proof there is: each family of rules has a file."""

from tests.alerts.core.proofs import (
    acute_phase,
    after_massage,
    contraindicated,
    contraindicated_later,
    during_massage,
    follow_up,
    frequency,
    session_length,
    soreness,
    technique,
    timing,
)
from tests.alerts.core.proofs.shape import Boundary, Case

_FAMILIES = (
    *(during_massage, after_massage, soreness, contraindicated, contraindicated_later),
    *(acute_phase, frequency, session_length, technique, timing, follow_up),
)

CASES: tuple[Case, ...] = tuple(case for family in _FAMILIES for case in family.CASES)
BOUNDARIES: tuple[Boundary, ...] = tuple(
    boundary for family in _FAMILIES for boundary in family.BOUNDARIES
)
