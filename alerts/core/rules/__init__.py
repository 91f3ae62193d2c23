"""The registry: every rule, in an order in which each stands after those it reads."""

from dataclasses import dataclass
from typing import Final

from alerts.core import parameters
from alerts.core.chase import R22
from alerts.core.parameters import Parameters
from alerts.core.parameters.released import RELEASED
from alerts.core.rules.acute_phase import R11
from alerts.core.rules.acute_worsening import R06
from alerts.core.rules.after_massage import R08
from alerts.core.rules.contraindicated import R10
from alerts.core.rules.during_massage import R07
from alerts.core.rules.flare import R16
from alerts.core.rules.follow_up import R20
from alerts.core.rules.frequency import R12
from alerts.core.rules.numbness import R05
from alerts.core.rules.persistent_weakness import R04
from alerts.core.rules.red_flags import CAUDA_EQUINA, CORD, RedFlagRule
from alerts.core.rules.relief import R19
from alerts.core.rules.session_length import R13
from alerts.core.rules.silent_diary import R21
from alerts.core.rules.soreness import R09
from alerts.core.rules.technique import R14
from alerts.core.rules.timing import R15
from alerts.core.rules.trend import R17
from alerts.core.rules.weakness import R03
from alerts.core.rules.worse_after import R18
from alerts.core.walk import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One version of the rules: those of the walk, the red flags, and their thresholds."""

    parameters: Parameters
    walked: tuple[Rule, ...]
    red_flags: tuple[RedFlagRule, ...]

    @property
    def version(self) -> str:
        return self.parameters.version


def rules_with(thresholds: Parameters) -> RuleSet:
    """The rules with other thresholds."""
    return RuleSet(
        parameters=thresholds,
        walked=(
            *(R03, R05, R04, R06, R16, R07, R08, R09, R12),
            *(R14, R17, R18, R11, R10, R13, R15, R19, R20, R21, R22),
        ),
        red_flags=(CAUDA_EQUINA, CORD),
    )


VERSIONS: Final = {version: rules_with(thresholds) for version, thresholds in RELEASED.items()}
CURRENT: Final = VERSIONS[parameters.CURRENT.version]
# What goes on when the diary itself is not looked at: urgent alerts are said again all the same.
CHASE_ALONE: Final = RuleSet(parameters=CURRENT.parameters, walked=(R22,), red_flags=())
