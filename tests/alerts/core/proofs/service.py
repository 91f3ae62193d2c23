"""R21: what is said when nobody writes."""

from datetime import datetime
from typing import Final

from tests.alerts.core.proofs.patients import SECOND, patient, story
from tests.alerts.core.proofs.scores import numb, pain, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import (
    Line,
    at,
    clock,
    closed,
    entry,
    massage,
    profile,
    withdrawn,
)

REMINDED, STAFF = "R21 reminder 0", "R21 escalated 3"
TWICE, THRICE = (REMINDED,) * 2, (REMINDED,) * 3
WRITTEN: Final = entry("e", at(), pain=2)
FLAG: Final = entry("f", at(), red_flags={"bladder": "new_or_worse"})


def _evening(day: int, hour: int = 19) -> datetime:
    """An hour of the clock on a day of the story, which begins at noon."""
    return at(days=day, hours=hour - 12)


def _silent(until: datetime, *lines: Line) -> Diary:
    return story(WRITTEN, *lines, clock(until))


CASES = cases(
    "R21",
    ("the-third-evening", _silent(_evening(3)), (REMINDED,)),
    ("the-second-evening", _silent(_evening(2, 23)), ()),
    ("before-the-hour", _silent(_evening(3) - SECOND), ()),
    ("three-evenings-in-a-row", _silent(_evening(11)), THRICE),
    ("then-every-week", _silent(_evening(26)), (*THRICE, *THRICE)),
    ("whoever-writes-is-not-reminded", _silent(_evening(4), *pain(2, 2, start=1, every=2)), ()),
    (
        "an-entry-without-scores-is-one",
        _silent(_evening(4), entry("n", at(days=2), flare_today=False)),
        (),
    ),
    (
        "a-massage-is-no-entry",
        _silent(_evening(3), patient(), massage("m", at(days=2))),
        (REMINDED,),
    ),
    (
        "writing-begins-a-new-silence",
        _silent(_evening(9), *pain(2, start=4)),
        (REMINDED, *THRICE),
    ),
    ("nobody-ever-wrote", story(profile(at(), locale="de"), clock(_evening(4))), TWICE),
    (
        "at-the-hour-of-the-patient",
        _silent(_evening(3, 8), profile(at(), reminder_hour=8)),
        (REMINDED,),
    ),
    (
        "on-the-day-of-the-patient",
        # Noon here is the 3rd of March in Auckland: one day later, and 13 hours earlier.
        _silent(_evening(3), profile(at(), timezone="Pacific/Auckland")),
        (),
    ),
    (
        "a-withdrawn-entry-was-never-written",
        _silent(_evening(4), entry("n", at(days=1), pain=2), withdrawn("n", at(days=2))),
        TWICE,
    ),
    ("an-open-alert-is-for-the-staff", story(FLAG, clock(_evening(3))), (REMINDED, STAFF)),
    ("once-in-a-silence", story(FLAG, clock(_evening(5))), (REMINDED, STAFF, *TWICE)),
    (
        "and-again-in-the-next",
        story(FLAG, *pain(2, start=10), clock(_evening(13))),
        (REMINDED, STAFF, *TWICE, REMINDED, STAFF),
    ),
    (
        "a-closed-alert-is-not",
        story(FLAG, closed("R01", at(days=1)), clock(_evening(3))),
        (REMINDED,),
    ),
    (
        "nor-one-of-level-1",
        _silent(_evening(3), patient(), massage("m", at(), techniques=["shaking"])),
        (REMINDED,),
    ),
    ("weakness-that-is-pending", story(*weak(0, 2), clock(_evening(4))), (REMINDED, STAFF)),
    ("weakness-one-above", story(*weak(0, 1), clock(_evening(4))), (REMINDED,)),
    ("weakness-that-is-gone", story(*weak(0, 2, 0), clock(_evening(5))), (REMINDED,)),
    ("numbness-that-is-pending", story(*numb(0, 2), clock(_evening(4))), (REMINDED, STAFF)),
    (
        "however-old-the-value-is",
        story(*numb(0, 2), *pain(1, start=20), clock(_evening(23))),
        (REMINDED, STAFF, *THRICE, REMINDED, STAFF),
    ),
    text_keys={"0": "remind.diary", "3": "staff.silent_patient"},
)

BOUNDARIES = boundaries(
    "R21",
    (
        "silent_diary.first_after",
        (_silent(_evening(2)), ()),
        (_silent(_evening(3)), (REMINDED,)),
    ),
    (
        "silent_diary.daily_until",
        (_silent(_evening(11)), THRICE),
        (_silent(_evening(12)), (*THRICE, REMINDED)),
    ),
    (
        "silent_diary.then_every",
        (_silent(_evening(11)), THRICE),
        (_silent(_evening(12)), (*THRICE, REMINDED)),
    ),
    (
        "neurology.pair_rise",
        (story(*weak(0, 1), clock(_evening(4))), (REMINDED,)),
        (story(*weak(0, 2), clock(_evening(4))), (REMINDED, STAFF)),
    ),
)
