"""Every proof there is: each family of rules has a file."""

from tests.alerts.core.proofs import after_massage
from tests.alerts.core.proofs.shape import Boundary, Case

_FAMILIES = (after_massage,)

CASES: tuple[Case, ...] = tuple(case for family in _FAMILIES for case in family.CASES)
BOUNDARIES: tuple[Boundary, ...] = tuple(
    boundary for family in _FAMILIES for boundary in family.BOUNDARIES
)
