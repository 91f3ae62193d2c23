"""R17: a trend that a physician has answered, and what is told of the same days afterwards."""

from tests.alerts.core.proofs.patients import story
from tests.alerts.core.proofs.scores import pain
from tests.alerts.core.proofs.shape import Boundary, Diary, cases
from tests.alerts.core.proofs.trend import OVER, RISING, WORSENING
from tests.alerts.core.story import at, clock, closed, entry


def _answered_and_then(last: int) -> Diary:
    """A trend, closed on its Tuesday; half a day later the last value of it is put right."""
    last_day = len(RISING) - 1
    return story(
        *pain(*RISING[:-1]),
        entry("e", at(days=last_day), pain=RISING[-1]),
        closed("R17", at(days=15)),
        entry("e", at(days=last_day), received=at(days=15.5), pain=last),
        clock(at(days=16)),
    )


CASES = cases(
    "R17",
    ("the-same-monday-counts-again", _answered_and_then(10), (*OVER, WORSENING)),
    ("what-changes-nothing-does-not", _answered_and_then(RISING[-1]), OVER),
    text_keys={"1": "trend.worsening"},
)
BOUNDARIES: tuple[Boundary, ...] = ()
