"""What proves a rule: diaries it speaks to, diaries it leaves alone, both sides of a threshold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.core.parameters import CURRENT, Parameters
from alerts.core.rules import rules_with
from tests.alerts.core.story import Line, brief, told

Diary = Callable[[], Sequence[Line]]
Says = tuple[str, ...]  # the lines of the rule, as "R08 opened 2"; none: it keeps silent


@dataclass(frozen=True, kw_only=True)
class Case:
    """A diary and all that one rule says to it; `name` is a sentence with dashes.

    `text_keys` are those of what it says, line by line, where a level alone does not tell them.
    """

    rule: str
    name: str
    diary: Diary
    says: Says
    text_keys: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """Two diaries that lie next to each other, on the two sides of one threshold.

    `threshold` is its "group.name" in the parameters. They differ by the smallest step there is
    (a point, a massage, a second, a day), so each shift of the threshold by one step changes what
    is said to one of the two.
    """

    threshold: str
    rule: str
    under: Diary
    says_under: Says
    over: Diary
    says_over: Says
    step: int | float | timedelta = 1

    def said(self, parameters: Parameters = CURRENT) -> tuple[Says, Says]:
        """What the rule says to the two diaries."""
        rules = rules_with(parameters)
        under, over = (
            tuple(brief(told(*diary(), rules=rules), self.rule))
            for diary in (self.under, self.over)
        )
        return under, over

    def shifted(self, step: int | float | timedelta) -> Parameters:
        """The parameters with this threshold moved."""
        group, name = self.threshold.split(".")
        thresholds = getattr(CURRENT, group)
        moved = replace(thresholds, **{name: getattr(thresholds, name) + step})
        return replace(CURRENT, **{group: moved})


Row = tuple[str, Diary, Says]  # name, diary, what is said
Side = tuple[Diary, Says]


def cases(rule: str, *rows: Row, text_keys: Mapping[str, str]) -> tuple[Case, ...]:
    """The cases of one rule, where each level ("3") has one text key."""
    return tuple(
        Case(
            rule=rule,
            name=name,
            diary=diary,
            says=says,
            text_keys=tuple(text_keys[line.split()[-1]] for line in says),
        )
        for name, diary, says in rows
    )


def boundaries(
    rule: str, *rows: tuple[str, Side, Side], step: int | float | timedelta = 1
) -> tuple[Boundary, ...]:
    """The boundaries shown by one rule: each a threshold, its side under and its side over."""
    return tuple(
        Boundary(
            threshold=threshold,
            rule=rule,
            under=under[0],
            says_under=under[1],
            over=over[0],
            says_over=over[1],
            step=step,
        )
        for threshold, under, over in rows
    )
