"""R06: pain that is suddenly severe, and the baseline it is compared with."""

from typing import Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import SECONDS, numb, pain, scores, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, clock, closed, entry, massage, withdrawn

HOLD, DOCTOR, RAISED = "R06 opened 2", "R06 opened 3", "R06 raised 3"
OVER: Final = (HOLD, "R06 cleared 2")
USUAL: Final = (2, 2, 2, 2, 2)


def _pain(*values: int, every: float = 1) -> Diary:
    return story(*pain(*values, every=every))


def _limb(*values: int, start: float = 5) -> list[Line]:
    return scores("limb_pain", *values, start=start)


def _usual_then(*lines: Line) -> Diary:
    """Five days with a pain of 2, and what came then, from day 5 on."""
    return story(*pain(*USUAL), *lines)


def _severe_then(*lines: Line) -> Diary:
    """The same, a pain of 8 on day 5, and what came then."""
    return _usual_then(*pain(8, start=5), *lines)


CASES = cases(
    "R06",
    ("eight-and-three-above-the-baseline", _pain(*USUAL, 8), (HOLD,)),
    ("seven-is-not-severe", _pain(*USUAL, 7), ()),
    ("pain-in-a-limb-alone", _usual_then(*_limb(8)), (HOLD,)),
    (
        "the-higher-of-the-two",
        _usual_then(entry("e", at(days=5), pain=3, limb_pain=8)),
        (HOLD,),
    ),
    ("eight-and-two-above-the-baseline", _pain(6, 6, 6, 6, 6, 8), ()),
    ("once-and-no-baseline", _pain(2, 2, 2, 2, 8), ()),
    ("twice-and-no-baseline", _pain(8, 8), (HOLD,)),
    ("twice-with-a-baseline-of-six", _pain(6, 6, 6, 6, 6, 8, 8), (HOLD,)),
    ("twice-with-a-baseline-of-seven", _pain(7, 7, 7, 7, 7, 8, 8), ()),
    (
        "a-pair-is-judged-by-the-baseline-of-its-first",
        # 6 before the first, 6.5 before the second.
        _pain(5, 6, 6, 7, 7, 8, 8),
        (HOLD,),
    ),
    ("however-far-apart", _pain(8, 8, every=60), (HOLD,)),
    (
        "an-entry-without-pain-parts-no-pair",
        story(*pain(8, 8), *weak(0, start=0.5)),
        (HOLD,),
    ),
    ("a-lower-one-does", _pain(8, 7, 8), ()),
    ("so-does-a-lower-pain-in-a-limb", story(*pain(8, 8), *_limb(3, start=0.5)), ()),
    ("one-in-the-back-and-one-in-a-limb", story(*pain(8), *_limb(8, start=1)), (HOLD,)),
    (
        "with-weakness-two-above",
        _usual_then(*weak(0, start=4), entry("e", at(days=5), pain=8, weakness=2)),
        (DOCTOR,),
    ),
    (
        "with-weakness-one-above",
        _usual_then(*weak(0, start=4), entry("e", at(days=5), pain=8, weakness=1)),
        (HOLD,),
    ),
    ("with-numbness-two-above", _severe_then(*numb(0, 2, start=3)), (DOCTOR,)),
    ("with-numbness-that-is-gone", _severe_then(*numb(0, 2, 0, start=2.5)), (HOLD,)),
    ("weakness-raises-it-later", _severe_then(*weak(0, 2, start=5.5)), (HOLD, RAISED)),
    ("numbness-too", _severe_then(*numb(0, 2, start=5.5)), (HOLD, RAISED)),
    (
        "a-check-that-no-longer-works-is-no-value",
        _severe_then(
            entry("g0", at(days=5.1), function_checks={"buttons": "can"}),
            entry("g1", at(days=5.2), function_checks={"buttons": "cannot"}),
        ),
        (HOLD,),
    ),
    (
        # The first one counts again on day 14; the one with numbness was answered.
        "numbness-raises-what-is-corrected-after-a-close",
        _usual_then(
            *[entry("e", at(days=5), pain=8), *pain(3, 8, start=5.5, every=0.5)],
            *[*numb(0, 2, start=5.7, every=0.2), closed("R06", at(days=7))],
            *[entry("e", at(days=5), received=at(days=14), pain=9), *numb(0, 2, start=14.5)],
        ),
        (HOLD, RAISED, "R06 cleared 3", HOLD, RAISED),
    ),
    ("weakness-alone-is-for-R03", _usual_then(*weak(0, 9, start=5)), ()),
    ("a-trigger-more-says-nothing", _severe_then(*pain(9, start=6)), (HOLD,)),
    ("two-calm-entries-and-a-week", _severe_then(*pain(6, 3, start=6), clock(at(days=12))), OVER),
    ("one-calm-entry", _severe_then(*pain(3, start=6), clock(at(days=30))), (HOLD,)),
    ("the-second-after-the-week", _severe_then(*pain(3, start=6), *pain(3, start=20)), OVER),
    (
        "one-too-high-between-them",
        _severe_then(*pain(3, 7, 3, start=6), clock(at(days=30))),
        (HOLD,),
    ),
    ("two-after-that", _severe_then(*pain(3, 7, 3, 3, start=6), clock(at(days=12))), OVER),
    (
        "the-week-is-that-of-the-newest-trigger",
        _severe_then(*pain(9, 3, 3, start=10), clock(at(days=16.9))),
        (HOLD,),
    ),
    (
        "an-entry-without-the-severe-one-is-skipped",
        _usual_then(*_limb(8), *pain(2, 2, 2, start=6), clock(at(days=30))),
        (HOLD,),
    ),
    (
        "it-breaks-no-row",
        _usual_then(*_limb(8), *_limb(3, start=6), *pain(2, start=7), *_limb(3, start=20)),
        OVER,
    ),
    (
        "but-a-higher-one-starts-anew",
        _usual_then(*_limb(8), *_limb(3, start=6), *pain(7, start=7), *_limb(3, start=20)),
        (HOLD,),
    ),
    (
        "both-fields-if-both-were-severe",
        _usual_then(
            entry("e", at(days=5), pain=8, limb_pain=9),
            *[*pain(2, 2, 2, start=6), *_limb(2, 2, start=9), clock(at(days=30))],
        ),
        (HOLD,),
    ),
    (
        "one-above-a-high-baseline-is-calm",
        _pain(7, 7, 7, 7, 7, 10, 8, 7, 7, every=3),
        OVER,
    ),
    ("a-physician-closes", _severe_then(closed("R06", at(days=6)), *pain(3, start=7)), OVER),
    ("it-opens-again", _severe_then(closed("R06", at(days=5.5)), *pain(8, start=7)), (*OVER, HOLD)),
    (
        "it-opens-again-after-it-was-over",
        _severe_then(*pain(3, 3, start=6), *pain(8, start=14)),
        (*OVER, HOLD),
    ),
    (
        "a-correction-takes-it-back",
        _usual_then(entry("e", at(days=5), pain=9), withdrawn("e", at(days=6))),
        (HOLD, "R06 superseded 2"),
    ),
    (
        "it-opens-however-late-the-entry-is",
        _usual_then(entry("e", at(days=5), received=at(days=30), pain=9)),
        (HOLD,),
    ),
    # With the first entry of the flare the baseline is 5.5, without it 5.
    ("a-flare-that-it-confirms-is-in-no-baseline", _pain(6, 6, 5, 5, 5, 7, 8), (HOLD,)),
    (
        "a-flare-that-is-confirmed-later-still-is",
        story(*pain(6, 6, 5, 5, 5, 7, 7), *_limb(8, start=5.5)),
        (),
    ),
    (
        "the-hours-after-a-massage-are-in-no-baseline",
        # Worse after each massage: with those values the baseline would be 6.
        story(
            *pain(2, 2, 2, 2, 2, start=-20),
            *(massage(f"m{d}", at(days=d, hours=-1), pain_before=2) for d in (0, 3, 6)),
            *pain(6, 6, 6, 6, 6, 6, 8, every=1.25),
        ),
        (HOLD,),
    ),
    text_keys={"2": "hold.acute_worsening", "3": "doctor.acute_worsening"},
)


def _with_oldest(days: float) -> Diary:
    """A severe pain after five values, the oldest so long before."""
    return story(*pain(2, start=-days), *pain(2, 2, 2, 2, start=-5), *pain(8))


def _after_massage(days: float) -> Diary:
    """A severe pain after five values, one of them so long after a massage."""
    return story(
        massage("m", at(days=-10)), *pain(2, start=-10 + days), *_with_oldest(20)()[:-2], *pain(8)
    )


def _among_halves(value: int) -> Diary:
    """The newest 14 are half 5 and half 7: B = 6. Of 13 it would be 7, and of 15 it would be 5.

    The value comes too late to make a flare with the 7 before it.
    """
    return story(*pain(5, 5, *(7, 5) * 6, 7), *pain(value, start=18))


BOUNDARIES = (
    *boundaries(
        "R06",
        ("acute_worsening.severe", (_pain(*USUAL, 7), ()), (_pain(*USUAL, 8), (HOLD,))),
        (
            "acute_worsening.rise",
            (_pain(6, 6, 6, 6, 6, 8), ()),
            (_pain(6, 6, 6, 6, 6, 9), (HOLD,)),
        ),
        (
            "acute_worsening.pair_baseline",
            (_pain(6, 6, 6, 7, 7, 8, 8), (HOLD,)),
            (_pain(6, 6, 7, 7, 7, 8, 8), ()),
        ),
        (
            "acute_worsening.calm",
            (_severe_then(*pain(6, 6, start=6), clock(at(days=12))), OVER),
            (_severe_then(*pain(6, 7, start=6), clock(at(days=12))), (HOLD,)),
        ),
        (
            "acute_worsening.calm_rise",
            (story(*pain(6, 6, 6, 6, 6, 9, 7, 7), clock(at(days=12))), OVER),
            (story(*pain(6, 6, 6, 6, 6, 9, 7, 8), clock(at(days=12))), (HOLD,)),
        ),
        (
            "baseline.enough_values",
            (_pain(2, 2, 2, 2, 8), ()),
            (_pain(2, 2, 2, 2, 2, 8), (HOLD,)),
        ),
        ("baseline.newest_values", (_among_halves(8), ()), (_among_halves(9), (HOLD,))),
    ),
    *boundaries(
        "R06",
        (
            "acute_worsening.quiet_for",
            (_severe_then(*pain(3, 3, start=6), clock(at(days=12, seconds=-1))), (HOLD,)),
            (_severe_then(*pain(3, 3, start=6), clock(at(days=12))), OVER),
        ),
        ("baseline.window", (_with_oldest(28), (HOLD,)), (_with_oldest(28 + SECONDS), ())),
        (
            "baseline.unclean_after_massage",
            (_after_massage(3), ()),
            (_after_massage(3 + SECONDS), (HOLD,)),
        ),
        step=SECOND,
    ),
)
