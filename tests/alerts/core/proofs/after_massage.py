"""R08: what follows a massage."""

from typing import Any

from tests.alerts.core.proofs.patients import SECOND, answered, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, closed, entry, massage

WORSE = answered(global_change="worse")
A_SECOND = 1 / 3600


def _pain(*observed: tuple[float, int], before: int = 4) -> Diary:
    """One massage at noon, and the pain felt at hours after its end."""
    return _after(*(_felt(hours, pain) for hours, pain in observed), pain_before=before)


def _felt(hours: float, pain: int, **more: Any) -> Line:
    return entry(f"e{hours}", at(hours=hours), pain=pain, **more)


def _after(*lines: Line, **given: Any) -> Diary:
    """A massage, and what came before and after it."""
    return story(patient(days=-30), massage("m", at(), **given), *lines)


def _lasting_five(*hours: float) -> Diary:
    """Pain 5 at hours before the start; then 5 after a massage that began with 2."""
    before = (entry(f"b{h}", at(hours=-h, minutes=-30), pain=5) for h in hours)
    return _after(*before, _felt(30, 5), pain_before=2)


CASES = (
    Case(
        rule="R08",
        name="pain-on-the-second-day",
        diary=_pain((30, 6)),
        says=("R08 opened 2",),
        text_keys=("hold.pain_over_24h",),
    ),
    Case(rule="R08", name="pain-gone-by-the-second-day", diary=_pain((6, 8), (30, 4)), says=()),
    Case(
        rule="R08",
        name="nobody-knows-how-it-went",
        diary=_after(clock(at(hours=48)), pain_before=4),
        says=("R08 opened 1",),
        text_keys=("wait.no_answer",),
    ),
    Case(
        rule="R08",
        name="an-answer-on-the-third-day-ends-the-wait",
        diary=_pain((60, 4)),
        says=("R08 opened 1", "R08 cleared 1"),
    ),
    Case(
        rule="R08",
        name="pain-on-both-days",
        diary=_pain((30, 6), (54, 6)),
        says=("R08 opened 2", "R08 raised 3"),
        text_keys=("hold.pain_over_24h", "doctor.pain_over_24h"),
    ),
    Case(
        rule="R08",
        name="late-and-worse",
        diary=_after(_felt(30, 4), _felt(54, 6, **WORSE), pain_before=4),
        says=("R08 opened 3",),
        text_keys=("doctor.pain_over_24h",),
    ),
    Case(
        rule="R08",
        name="late-and-not-said-to-be-worse",
        diary=_pain((30, 4), (54, 6)),
        says=("R08 opened 2",),
    ),
    Case(
        rule="R08",
        name="pain-with-new-signs",
        diary=_after(
            entry("n", at(hours=3), **answered(new_neuro=True)), _felt(30, 6), pain_before=4
        ),
        says=("R08 opened 3",),
    ),
    Case(
        rule="R08",
        name="new-signs-without-pain-are-not-for-this-rule",
        diary=_after(
            entry("n", at(hours=3), **answered(new_neuro=True)), _felt(30, 4), pain_before=4
        ),
        says=(),
    ),
    Case(
        rule="R08",
        name="two-calm-entries-end-it",
        diary=_pain((30, 6), (50, 5), (60, 5)),
        says=("R08 opened 2", "R08 cleared 2"),
    ),
    Case(
        rule="R08",
        name="after-a-close-only-new-pain-opens-it",
        diary=_after(
            _felt(30, 6), closed("R08", at(hours=31)), _felt(40, 4), _felt(50, 6), pain_before=4
        ),
        says=("R08 opened 2", "R08 cleared 2", "R08 opened 3"),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="after_massage.window_1",
        rule="R08",
        under=_pain((24, 6)),
        says_under=(),
        over=_pain((24 + A_SECOND, 6)),
        says_over=("R08 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="after_massage.window_2",
        rule="R08",
        under=_pain((30, 6), (48, 6)),
        says_under=("R08 opened 2",),
        over=_pain((30, 6), (48 + A_SECOND, 6)),
        says_over=("R08 opened 2", "R08 raised 3"),
        step=SECOND,
    ),
    Boundary(
        threshold="after_massage.window_3",
        rule="R08",
        under=_pain((30, 4), (72, 6)),
        says_under=("R08 opened 2",),
        over=_pain((30, 4), (72 + A_SECOND, 6)),
        says_over=(),
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
    Boundary(
        threshold="after_massage.rise_when_worse",
        rule="R08",
        under=_after(_felt(30, 4, **WORSE), pain_before=4),
        says_under=(),
        over=_after(_felt(30, 5, **WORSE), pain_before=4),
        says_over=("R08 opened 2",),
    ),
    Boundary(
        threshold="after_massage.ceiling",
        rule="R08",
        under=_after(_felt(30, 8, **WORSE), pain_before=8),
        says_under=(),
        over=_after(_felt(30, 8, **WORSE), pain_before=9),
        says_over=("R08 opened 2",),
    ),
    Boundary(
        threshold="after_massage.highest_pain",
        rule="R08",
        under=_pain((30, 9), before=9),
        says_under=(),
        over=_pain((30, 10), before=9),
        says_over=("R08 opened 2",),
    ),
    Boundary(
        threshold="after_massage.calm_rise",
        rule="R08",
        under=_pain((30, 6), (80, 5), (90, 5)),
        says_under=("R08 opened 2", "R08 cleared 2"),
        over=_pain((30, 6), (80, 5), (90, 6)),
        says_over=("R08 opened 2",),
    ),
    Boundary(
        threshold="after_massage.stand_in_window",
        rule="R08",
        under=_after(entry("b", at(hours=-36, minutes=-30), pain=5), _felt(30, 5, **WORSE)),
        says_under=(),
        over=_after(
            entry("b", at(hours=-36, minutes=-30, seconds=-1), pain=5), _felt(30, 5, **WORSE)
        ),
        says_over=("R08 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="after_massage.baseline_window",
        rule="R08",
        under=_lasting_five(24 * 14, 30, 20),
        says_under=(),
        over=_lasting_five(24 * 14 + A_SECOND, 30, 20),
        says_over=("R08 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="after_massage.baseline_values",
        rule="R08",
        under=_lasting_five(30, 20),
        says_under=("R08 opened 2",),
        over=_lasting_five(40, 30, 20),
        says_over=(),
    ),
)
