"""The registry: every rule, in an order in which each stands after those it reads."""

from dataclasses import dataclass
from typing import Final

from alerts.core import parameters
from alerts.core.parameters import Parameters
from alerts.core.rules.after_massage import R08
from alerts.core.rules.follow_up import R20
from alerts.core.rules.frequency import R12
from alerts.core.rules.numbness import R05
from alerts.core.rules.red_flags import CAUDA_EQUINA, CORD, RedFlagRule
from alerts.core.rules.weakness import R03
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
        # R05 has no alert yet: R08 looks at its triggers.
        walked=(R03, R05, R08, R12, R20),
        red_flags=(CAUDA_EQUINA, CORD),
    )


CURRENT: Final = rules_with(parameters.CURRENT)
VERSIONS: Final = {CURRENT.version: CURRENT}
