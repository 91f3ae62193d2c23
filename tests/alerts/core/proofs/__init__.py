"""Every proof there is: each family of rules has a file."""

from tests.alerts.core.proofs import (
    acute_phase,
    after_massage,
    chase,
    contraindicated,
    contraindicated_later,
    cord,
    during_massage,
    flare,
    follow_up,
    frequency,
    numbness,
    numbness_end,
    persistent_weakness,
    red_flags,
    relief,
    service,
    session_length,
    soreness,
    technique,
    timing,
    trend,
    trend_later,
    weakness,
    weakness_recovery,
    worse_after,
    worsening,
)
from tests.alerts.core.proofs.shape import Boundary, Case

_FAMILIES = (
    *(red_flags, cord, weakness, weakness_recovery, persistent_weakness, numbness, numbness_end),
    *(worsening, flare, trend, trend_later, service, chase),
    *(during_massage, after_massage, soreness, contraindicated, contraindicated_later),
    *(acute_phase, frequency, session_length, technique, timing),
    *(worse_after, relief, follow_up),
)

CASES: tuple[Case, ...] = tuple(case for family in _FAMILIES for case in family.CASES)
BOUNDARIES: tuple[Boundary, ...] = tuple(
    boundary for family in _FAMILIES for boundary in family.BOUNDARIES
)
