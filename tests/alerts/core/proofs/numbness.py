"""R05: numbness that grows or spreads."""

from typing import Any, Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import SECONDS, numb, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, clock, closed, entry, withdrawn

HOLD, DOCTOR, RAISED = "R05 opened 2", "R05 opened 3", "R05 raised 3"
OVER: Final = (HOLD, "R05 cleared 2")
CHECK_LOST: Final = (
    entry("g0", at(days=1), function_checks={"buttons": "can"}),
    entry("g1", at(days=2), function_checks={"buttons": "cannot"}),
)


def _numb(*values: int, every: float = 1, **more: Any) -> Diary:
    return story(*numb(*values, every=every, **more))


def _regions(*answers: list[str] | None, every: float = 1) -> Diary:
    return story(
        *(
            entry(f"r{n}", at(days=n * every), pain=1, numb_regions=answer)
            for n, answer in enumerate(answers)
        )
    )


def _jump_then(*lines: Line) -> Diary:
    """Numbness that jumps on the fourth day, and what came then."""
    return story(*numb(2, 2, 2, 5), *lines)


def _weak_since(days: float) -> Diary:
    """The same jump, with weakness two above its reference so long before it."""
    return _jump_then(*weak(2, 2, 2, start=-3), *weak(4, start=3 - days))


def _severe_then(value: int) -> Diary:
    """Numbness with nothing to compare it with, and three days with one value."""
    return _numb(7, value, value, value)


CASES = cases(
    "R05",
    ("a-single-rise-of-three", _numb(2, 2, 2, 5), (HOLD,)),
    ("a-single-rise-of-two", _numb(2, 2, 2, 4), ()),
    ("two-above-twice", _numb(2, 2, 2, 4, 4), (HOLD,)),
    ("two-above-and-one-above", _numb(2, 2, 2, 4, 3), ()),
    ("a-pair-is-judged-by-the-reference-of-its-first", _numb(3, 2, 1, 4, 4), (HOLD,)),
    ("three-rising-are-for-weakness", _numb(4, 4, 4, 2, 4, 5), ()),
    ("seven-without-a-reference", _numb(7), (DOCTOR,)),
    ("six-without-a-reference", _numb(6), ()),
    ("seven-with-a-reference-of-six", _numb(6, 6, 6, 7), (DOCTOR,)),
    (
        "seven-with-a-reference-of-seven",
        story(*numb(7), closed("R05", at(hours=1)), *numb(7, 7, 8, start=1)),
        (DOCTOR, "R05 cleared 3"),
    ),
    ("a-new-limb", _regions([], ["left_foot"]), (HOLD,)),
    ("a-limb-at-the-first-answer", _regions(["left_foot"]), ()),
    ("no-answer-is-no-answer-none", _regions(None, ["left_foot"]), ()),
    ("a-limb-that-was-named-in-14-days", _regions(["left_foot"], [], ["left_foot"]), ()),
    ("the-saddle-is-for-R01", _regions([], ["saddle"]), ()),
    ("a-second-leg-is-for-R01", _regions(["left_leg"], ["left_leg", "right_foot"]), (HOLD,)),
    ("a-second-arm", _regions(["left_arm"], ["left_arm", "right_hand"]), (DOCTOR,)),
    ("both-arms-at-once", _regions([], ["left_hand", "right_arm"]), (DOCTOR,)),
    ("the-hand-of-the-same-side", _regions(["left_arm"], ["left_arm", "left_hand"]), (HOLD,)),
    ("another-arm-alone", _regions(["left_arm"], ["right_arm"]), (HOLD,)),
    (
        "a-new-leg-with-both-arms-known",
        _regions(["left_arm", "right_arm"], ["left_arm", "right_arm", "left_leg"]),
        (HOLD,),
    ),
    (
        "without-an-answer-in-14-days-the-last-one-counts",
        _regions(["left_foot"], ["left_foot"], every=20),
        (),
    ),
    (
        "and-only-the-last-one",
        _regions(["left_foot"], [], ["left_foot"], every=20),
        (HOLD,),
    ),
    ("with-weakness-that-is-pending", _weak_since(1), (DOCTOR,)),
    ("with-weakness-of-the-same-entry", _numb(2, 2, 2, 5, weakness=0), (HOLD,)),
    ("with-weakness-one-above", _jump_then(*weak(2, 2, 2, start=-3), *weak(3, start=2)), (HOLD,)),
    ("with-R03-open", _jump_then(*CHECK_LOST), (DOCTOR,)),
    ("with-R03-closed", _jump_then(*CHECK_LOST, closed("R03", at(days=2.5))), (HOLD,)),
    (
        "a-new-limb-with-weakness",
        story(*_regions([], ["left_foot"])(), *weak(2, 2, 2, start=-3), *weak(4, start=0.5)),
        (DOCTOR,),
    ),
    (
        "weakness-raises-it-later",
        _jump_then(*weak(2, 2, 2, start=-3), *weak(4, start=4)),
        (HOLD, RAISED),
    ),
    (
        "it-raises-a-new-limb-before-any-jump",
        story(
            *[*numb(2, 2, 2, start=-5), *_regions([], ["left_foot"])()],
            *[*weak(2, 2, 2, start=-3), *weak(4, start=3), *numb(5, start=9)],
        ),
        (HOLD, RAISED),
    ),
    (
        "the-loss-of-a-function-too",
        _jump_then(CHECK_LOST[0], entry("g2", at(days=4), function_checks={"buttons": "cannot"})),
        (HOLD, RAISED),
    ),
    ("weakness-alone-is-for-R03", story(*numb(2, 2, 2), *weak(2, 2, 2, 9)), ()),
    ("severe-numbness-raises-it", _jump_then(*numb(7, start=4)), (HOLD, RAISED)),
    ("a-trigger-of-the-same-level-says-nothing", _jump_then(*numb(5, start=4)), (HOLD,)),
    ("three-calm-days", _jump_then(*numb(3, 3, 3, start=4)), OVER),
    ("days-without-entries-do-not-count", _jump_then(*numb(3, 3, 3, start=4, every=9)), OVER),
    ("the-last-three-count", _jump_then(*numb(4, 3, 3, 3, start=5)), OVER),
    ("a-day-at-two-above", _jump_then(*numb(3, 4, 3, start=5)), (HOLD,)),
    (
        "the-worst-of-a-day-counts",
        _jump_then(*numb(3, 3, 3, start=4), *numb(4, start=4.1)),
        (HOLD,),
    ),
    (
        "the-day-of-the-trigger-is-no-calm-day",
        _jump_then(*numb(3, 3, start=4), *numb(3, start=3.1)),
        (HOLD,),
    ),
    (
        "an-entry-with-weakness-does-not-clear",
        _jump_then(
            *weak(2, 2, 2, start=-3),
            *numb(3, 3, start=4),
            entry("w", at(days=6), numbness=3, weakness=4),
            *numb(3, start=9.5),
        ),
        (HOLD, RAISED, "R05 cleared 3"),
    ),
    (
        "a-limb-that-is-no-longer-new-clears-by-numbness",
        story(*_regions([], ["left_foot"])(), *numb(1, 1, 1, start=2)),
        OVER,
    ),
    (
        # Compared with its own 3 they would not be calm.
        "six-is-calm-after-a-new-limb-with-the-first-numbness",
        story(
            *_regions([])(),
            entry("n", at(days=1), numbness=3, numb_regions=["left_foot"]),
            *numb(5, 4, 5, start=2),
        ),
        OVER,
    ),
    (
        "nothing-clears-by-itself",
        story(*_regions([], ["left_foot"], [], [], [])(), clock(at(days=60))),
        (HOLD,),
    ),
    ("it-opens-again", _jump_then(*numb(3, 3, 3, 6, start=4)), (*OVER, HOLD)),
    (
        "a-physician-closes-and-it-opens-again",
        _jump_then(closed("R05", at(days=3.5)), *numb(5, start=4)),
        (*OVER, HOLD),
    ),
    (
        "a-correction-takes-it-back",
        story(*numb(2, 2, 2), entry("e", at(days=3), numbness=5), withdrawn("e", at(days=4))),
        (HOLD, "R05 superseded 2"),
    ),
    (
        "a-correction-lowers-it",
        story(
            *numb(2, 2, 2),
            entry("e", at(days=3), numbness=7),
            entry("e", at(days=3), received=at(days=4), numbness=5),
        ),
        (DOCTOR, "R05 superseded 3", HOLD),
    ),
    (
        "it-opens-however-late-the-entry-is",
        story(*numb(2, 2, 2), entry("e", at(days=3), received=at(days=30), numbness=5)),
        (HOLD,),
    ),
    text_keys={"2": "hold.numbness", "3": "doctor.progressive_numbness"},
)


def _compared_with(oldest: float) -> Diary:
    """Median 1 of three values; but of two in the window the first ever counts, a 5."""
    early = (*numb(5, start=-20), *numb(1, start=-oldest), *numb(1, 1, start=-2))
    return story(*early, *numb(4))


def _named(days: float) -> Diary:
    named = [entry(f"r{d:g}", at(days=-d), pain=1, numb_regions=["left_arm"]) for d in (days, 0)]
    return story(named[0], entry("n", at(days=-5), pain=1, numb_regions=[]), named[1])


BOUNDARIES = (
    *boundaries(
        "R05",
        (
            "neurology.enough_values",
            (story(*numb(5, start=-20), *numb(1, 1, 4, start=-2)), ()),
            (story(*numb(5, start=-20), *numb(1, 1, 1, 4, start=-3)), (HOLD,)),
        ),
        ("neurology.single_rise", (_numb(2, 2, 2, 4), ()), (_numb(2, 2, 2, 5), (HOLD,))),
        (
            "neurology.pair_rise",
            (_numb(3, 3, 3, 0, 5, 4), ()),
            (_numb(3, 3, 3, 0, 5, 5), (HOLD,)),
        ),
        ("neurology.severe", (_numb(6), ()), (_numb(7), (DOCTOR,))),
        (
            "neurology.calm_rise",
            (_jump_then(*numb(3, 3, 3, start=4)), OVER),
            (_jump_then(*numb(3, 3, 4, start=4)), (HOLD,)),
        ),
        (
            "neurology.calm_without_reference",
            (_severe_then(6), (DOCTOR, "R05 cleared 3")),
            (_severe_then(7), (DOCTOR,)),
        ),
        (
            "numbness.calm_days",
            (_jump_then(*numb(3, 3, start=4)), (HOLD,)),
            (_jump_then(*numb(3, 3, 3, start=4)), OVER),
        ),
    ),
    *boundaries(
        "R05",
        ("neurology.window", (_compared_with(14), (HOLD,)), (_compared_with(14 + SECONDS), ())),
        (
            "neurology.pair_within",
            (_numb(2, 2, 2, 4, 4, every=3), (HOLD,)),
            (_numb(2, 2, 2, 4, 4, every=3 + SECONDS), ()),
        ),
        (
            "neurology.pending_for",
            (_weak_since(3), (DOCTOR,)),
            (_weak_since(3 + SECONDS), (HOLD,)),
        ),
        ("numbness.new_region_window", (_named(14), ()), (_named(14 + SECONDS), (HOLD,))),
        step=SECOND,
    ),
)
