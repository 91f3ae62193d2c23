"""R16: a flare, and how it goes on."""

from typing import Any, Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import SECONDS, pain, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, clock, closed, entry, massage, withdrawn

ADVICE, HOLD, DOCTOR = "R16 opened 1", "R16 opened 2", "R16 opened 3"
TO_HOLD, TO_DOCTOR = "R16 raised 2", "R16 raised 3"
OVER: Final = (ADVICE, "R16 cleared 1")
FLARE: Final[dict[str, Any]] = {"flare_today": True, "activities_limited": True}
USUAL: Final = (2, 2, 2, 2, 2)  # MAD 0
VARYING: Final = (1, 3, 1, 3, 2)  # B = 2, MAD 1


def _pain(*values: int, every: float = 1) -> Diary:
    return story(*pain(*values, every=every))


def _usual_then(*lines: Line) -> Diary:
    """Five days with a pain of 2, and what came then, from day 5 on."""
    return story(*pain(*USUAL), *lines)


def _reported(value: int, **said: Any) -> Diary:
    return _usual_then(entry("e", at(days=5), pain=value, **said))


def _flare_then(*lines: Line) -> Diary:
    """A flare that begins on day 5, is confirmed on day 6, and what came then."""
    return _usual_then(*pain(4, 4, start=5), *lines)


CASES = cases(
    "R16",
    ("two-in-a-row-two-above-a-steady-baseline", _pain(*USUAL, 4, 4), (ADVICE,)),
    ("the-second-only-one-above", _pain(*USUAL, 4, 3), ()),
    ("the-first-only-one-above", _pain(*USUAL, 3, 4), ()),
    ("one-entry-is-no-pair", _pain(*USUAL, 9), ()),
    ("two-above-an-unsteady-baseline", _pain(*VARYING, 4, 4), ()),
    ("three-above-an-unsteady-baseline", _pain(*VARYING, 5, 5), (ADVICE,)),
    ("four-values-are-no-baseline", _pain(2, 2, 2, 2, 4, 4), ()),
    (
        "an-entry-without-pain-parts-no-pair",
        _flare_then(*weak(0, start=5.5)),
        (ADVICE,),
    ),
    (
        "the-baseline-is-frozen-at-the-first",
        # 2 before the first, and it would be 2.5 before the second.
        _pain(3, 3, 2, 2, 2, 4, 4),
        (ADVICE,),
    ),
    ("reported-and-two-above", _reported(4, **FLARE), (ADVICE,)),
    ("reported-and-one-above", _reported(3, **FLARE), ()),
    ("reported-and-not-limiting", _reported(4, flare_today=True, activities_limited=False), ()),
    ("reported-and-limiting-is-unanswered", _reported(4, flare_today=True), ()),
    ("limited-and-no-flare", _reported(4, flare_today=False, activities_limited=True), ()),
    (
        "reported-above-an-unsteady-baseline",
        story(*pain(*VARYING), entry("e", at(days=5), pain=4, **FLARE)),
        (ADVICE,),
    ),
    (
        "reported-and-nothing-to-compare-it-with",
        story(entry("e", at(), pain=9, **FLARE)),
        (),
    ),
    ("a-massage-in-it", _flare_then(massage("m", at(days=6.5))), (ADVICE, TO_HOLD)),
    ("a-massage-before-it-is-confirmed", _flare_then(massage("m", at(days=5.5))), (HOLD,)),
    ("a-massage-before-it", _flare_then(massage("m", at(days=4.9))), (ADVICE,)),
    ("a-massage-that-ends-as-it-begins", _flare_then(massage("m", at(days=5))), (ADVICE,)),
    (
        "a-massage-between-the-two-calm-entries",
        _flare_then(*pain(2, 2, start=7), massage("m", at(days=7.5))),
        (ADVICE, TO_HOLD, "R16 cleared 2"),
    ),
    (
        "a-massage-after-it",
        _flare_then(*pain(2, 2, start=7), massage("m", at(days=8.5))),
        OVER,
    ),
    ("a-fourth-entry", _flare_then(*pain(4, 4, start=7)), (ADVICE, TO_HOLD)),
    ("a-third-entry", _flare_then(*pain(4, start=7)), (ADVICE,)),
    (
        "calm-ones-in-between-do-not-count",
        _flare_then(*pain(3, 4, 3, 4, start=7)),
        (ADVICE, TO_HOLD),
    ),
    ("a-week-later", _flare_then(*pain(4, start=12)), (ADVICE, TO_DOCTOR)),
    ("a-week-later-a-calm-one", _flare_then(*pain(3, start=12)), (ADVICE,)),
    (
        "all-levels-in-turn",
        _flare_then(*pain(4, 4, 4, 4, 4, 4, start=7)),
        (ADVICE, TO_HOLD, TO_DOCTOR),
    ),
    (
        "no-level-below-the-one-it-has",
        _flare_then(*pain(4, 4, 4, start=12), massage("m", at(days=15))),
        (ADVICE, TO_DOCTOR),
    ),
    ("two-calm-ones-in-a-row", _flare_then(*pain(3, 3, start=7)), OVER),
    ("one-calm-one", _flare_then(*pain(3, start=7), clock(at(days=60))), (ADVICE,)),
    ("calm-ones-that-are-not-in-a-row", _flare_then(*pain(3, 4, 3, start=7)), (ADVICE,)),
    (
        "its-end-is-judged-by-the-frozen-baseline",
        # Without the frozen one the pain of 4 would become the usual one.
        _flare_then(*pain(*[4] * 30, start=7)),
        (ADVICE, TO_HOLD, TO_DOCTOR),
    ),
    ("another-flare", _flare_then(*pain(2, 2, 4, 4, start=7)), (*OVER, ADVICE)),
    (
        "the-two-that-confirm-it-enter-no-baseline",
        # With them the baseline would be 2.5.
        _pain(3, 3, 2, 2, 2, 4, 4, 3, 2, 4, 4),
        (*OVER, ADVICE),
    ),
    (
        "nor-do-those-that-follow",
        # With them the baseline would be 6.
        _usual_then(*pain(*[6] * 9, 2, 2, 4, 4, start=5)),
        (ADVICE, TO_HOLD, TO_DOCTOR, "R16 cleared 3", ADVICE),
    ),
    (
        "the-second-calm-one-may-begin-the-next",
        # Five weeks later the baseline is no longer 4 but 2.
        story(
            *pain(4, 4, 4, 4, 4, 4),
            *pain(2, 2, 2, 2, 2, 6, 6, start=20),
            *pain(5, 5, 5, start=34),
        ),
        (*OVER, ADVICE),
    ),
    (
        "a-physician-closes-and-the-same-flare-opens-only-a-higher-level",
        _flare_then(closed("R16", at(days=6.5)), *pain(4, 4, 4, start=7)),
        (*OVER, HOLD),
    ),
    (
        "a-physician-closes-the-highest",
        _flare_then(*pain(4, start=12), closed("R16", at(days=13)), *pain(9, 9, start=14)),
        (ADVICE, TO_DOCTOR, "R16 cleared 3"),
    ),
    (
        "a-close-does-not-end-the-flare",
        # Two more above: a new flare would open again.
        _flare_then(closed("R16", at(days=6.5)), *pain(2, 4, start=7)),
        OVER,
    ),
    (
        "after-the-flare-that-was-closed-another-opens",
        _flare_then(closed("R16", at(days=6.5)), *pain(2, 2, 4, 4, start=7)),
        (*OVER, ADVICE),
    ),
    (
        "a-correction-takes-it-back",
        _usual_then(*pain(4, start=5), entry("e", at(days=6), pain=4), withdrawn("e", at(days=7))),
        (ADVICE, "R16 superseded 1"),
    ),
    (
        "a-correction-lowers-it",
        _flare_then(massage("m", at(days=6.5)), withdrawn("m", at(days=7))),
        (ADVICE, TO_HOLD, "R16 superseded 2", ADVICE),
    ),
    (
        "a-flare-that-is-over-when-it-becomes-known",
        story(
            *pain(*USUAL),
            *(
                entry(f"l{d}", at(days=d), received=at(days=9, minutes=d), pain=value)
                for d, value in ((8, 2), (7, 2), (6, 4), (5, 4))
            ),
        ),
        (),
    ),
    (
        "the-hours-after-a-massage-are-in-no-baseline",
        story(
            *pain(2, 2, 2, 2, 2, start=-20),
            *(massage(f"m{d}", at(days=d, hours=-1)) for d in (0, 3, 6)),
            *pain(3, 3, 4, 4, every=2),
        ),
        (HOLD,),
    ),
    text_keys={"1": "flare.advice", "2": "hold.flare", "3": "doctor.flare"},
)


def _late(days: float) -> Diary:
    """The entry that confirms a flare, so late."""
    late = entry("e", at(days=6), received=at(days=6 + days), pain=4)
    return _usual_then(*pain(4, start=5), late)


HALF: Final = (2, 2, 2, 3, 1, 3)  # B = 2, MAD 0.5; with one more 3 it is 1

BOUNDARIES = (
    *boundaries(
        "R16",
        ("flare.steady_rise", (_pain(*USUAL, 4, 3), ()), (_pain(*USUAL, 4, 4), (ADVICE,))),
        (
            "flare.unsteady_rise",
            (_pain(*VARYING, 5, 4), ()),
            (_pain(*VARYING, 5, 5), (ADVICE,)),
        ),
        ("flare.reported_rise", (_reported(3, **FLARE), ()), (_reported(4, **FLARE), (ADVICE,))),
        (
            "flare.calm_rise",
            (_flare_then(*pain(3, 3, start=7)), OVER),
            (_flare_then(*pain(3, 4, start=7)), (ADVICE,)),
        ),
        (
            "flare.hold_entries",
            (_flare_then(*pain(4, start=7)), (ADVICE,)),
            (_flare_then(*pain(4, 4, start=7)), (ADVICE, TO_HOLD)),
        ),
        (
            "baseline.enough_values",
            (_pain(2, 2, 2, 2, 4, 4), ()),
            (_pain(2, 2, 2, 2, 2, 4, 4), (ADVICE,)),
        ),
    ),
    *boundaries(
        "R16",
        (
            "flare.steady_below",
            (_pain(*HALF, 4, 4), (ADVICE,)),
            (_pain(*HALF, 3, 4, 4), ()),
        ),
        step=0.5,
    ),
    *boundaries(
        "R16",
        (
            "flare.pair_within",
            (_usual_then(*pain(4, 4, start=5, every=3)), (ADVICE,)),
            (_usual_then(*pain(4, 4, start=5, every=3 + SECONDS)), ()),
        ),
        (
            "flare.doctor_after",
            (_flare_then(*pain(4, start=12 - SECONDS)), (ADVICE,)),
            (_flare_then(*pain(4, start=12)), (ADVICE, TO_DOCTOR)),
        ),
        ("recording.stale_after", (_late(3), (ADVICE,)), (_late(3 + SECONDS), ())),
        step=SECOND,
    ),
)
