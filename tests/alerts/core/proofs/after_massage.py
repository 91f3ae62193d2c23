"""R08: what follows a massage."""

from datetime import timedelta

from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import at, entry, massage

SECOND = timedelta(seconds=1)


def _pain(*observed: tuple[float, int], before: int = 4) -> Diary:
    """One massage at noon, and the pain felt at hours after its end."""
    return lambda: [
        massage("m", at(), pain_before=before),
        *(entry(f"e{hours}", at(hours=hours), pain=pain) for hours, pain in observed),
    ]


CASES = (
    Case(rule="R08", name="pain-on-the-second-day", diary=_pain((30, 6)), says=("R08 opened 2",)),
    Case(rule="R08", name="pain-gone-by-the-second-day", diary=_pain((6, 8), (30, 4)), says=()),
)

BOUNDARIES = (
    Boundary(
        threshold="after_massage.window_1",
        rule="R08",
        under=_pain((24, 6)),
        says_under=(),
        over=_pain((24 + 1 / 3600, 6)),
        says_over=("R08 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="after_massage.rise",
        rule="R08",
        under=_pain((30, 5)),
        says_under=(),
        over=_pain((30, 6)),
        says_over=("R08 opened 2",),
    ),
)
