"""R05: what its end is measured by, where that is not the value of the trigger itself."""

from typing import Final

from tests.alerts.core.proofs.patients import story
from tests.alerts.core.proofs.scores import numb
from tests.alerts.core.proofs.shape import Boundary, Diary, cases
from tests.alerts.core.story import at, entry

HOLD: Final = "R05 opened 2"
OVER: Final = (HOLD, "R05 cleared 2")


def _new_limb_without_a_score(*values: int) -> Diary:
    """0, 2 and 2, so far apart that they are no pair; then a limb, and days with these values."""
    return story(
        entry("r", at(days=-1), pain=1, numb_regions=[]),
        *numb(0, 2, 2, every=4),
        entry("n", at(days=8.5), pain=1, numb_regions=["left_foot"]),
        *numb(*values, start=12),
    )


CASES = cases(
    "R05",
    (
        "three-is-calm-compared-with-all-before-the-new-limb",
        _new_limb_without_a_score(3, 3, 3),
        OVER,
    ),
    ("four-is-not", _new_limb_without_a_score(3, 3, 4), (HOLD,)),
    # 2 before the first of the pair, 3 before the entry before it.
    ("a-pair-ends-by-the-reference-of-its-first", story(*numb(3, 2, 1, 4, 4, 3, 3, 3)), OVER),
    ("and-by-no-other", story(*numb(3, 2, 1, 4, 4, 4, 4, 4)), (HOLD,)),
    # A pair compared with 2 and a single rise compared with 3, at one entry.
    ("of-two-references-the-lower-one", story(*numb(4, 2, 0, 4, 6, 4, 4, 4)), (HOLD,)),
    text_keys={"2": "hold.numbness"},
)
BOUNDARIES: tuple[Boundary, ...] = ()
