"""R03: weakness that grows."""

from typing import Any, Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import SECONDS, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, closed, entry, profile

OPENED, EMERGENCY, PROMPT = "R03 opened 3", "R03 opened 4", "R03 reminder 0"
CLEARED: Final = "R03 cleared 3"
CAN, CANNOT = "can", "cannot"
TEXT_KEYS: Final = {
    "4": "emergency.progressive_weakness",
    "3": "doctor.progressive_weakness",
    "0": "prompt.function_check",
}
NEW_FLAG: Final[dict[str, Any]] = {"red_flags": {"bowel": "new_or_worse"}}


def _weak(*values: int, every: float = 1) -> Diary:
    return story(*weak(*values, every=every))


def _checked(name: str, day: float, **checks: str) -> Line:
    return entry(name, at(days=day), function_checks=checks)


def _lost(before: dict[str, str], after: dict[str, str], **more: Any) -> Diary:
    """What could be done on one day, and what on the next."""
    lost = entry("b", at(days=1), function_checks=after, **more)
    return story(_checked("a", 0, **before), lost)


def _wasting(*answers: bool | None) -> Diary:
    return story(
        *(entry(f"e{d}", at(days=d), pain=1, muscle_wasting=a) for d, a in enumerate(answers))
    )


CASES = cases(
    "R03",
    ("a-check-that-no-longer-works", _lost({"grip_left": CAN}, {"grip_left": CANNOT}), (OPENED,)),
    ("a-check-that-never-worked", _lost({}, {"grip_left": CANNOT}), ()),
    (
        "a-check-that-did-not-work-before",
        _lost({"grip_left": CANNOT}, {"grip_left": CANNOT}),
        (),
    ),
    ("another-check", _lost({"grip_right": CAN}, {"grip_left": CANNOT}), ()),
    (
        "an-unknown-in-between-is-no-answer",
        story(
            _checked("a", 0, buttons=CAN),
            _checked("b", 1, buttons="unknown"),
            _checked("c", 2, buttons=CANNOT),
        ),
        (OPENED,),
    ),
    (
        "a-second-side-is-an-emergency",
        _lost({"grip_left": CAN, "toe_walk_right": CANNOT}, {"grip_left": CANNOT}),
        (EMERGENCY,),
    ),
    (
        "both-sides-at-once-too",
        _lost({"heel_walk_left": CAN}, {"heel_walk_left": CANNOT, "heel_walk_right": CANNOT}),
        (EMERGENCY,),
    ),
    (
        "the-same-side-twice-is-none",
        _lost({"grip_left": CAN, "toe_walk_left": CANNOT}, {"grip_left": CANNOT}),
        (OPENED,),
    ),
    (
        "a-side-that-works-again-does-not-count",
        _lost(
            {"grip_left": CAN, "toe_walk_right": CANNOT},
            {"grip_left": CANNOT, "toe_walk_right": CAN},
        ),
        (OPENED,),
    ),
    (
        "buttons-have-no-side",
        _lost({"buttons": CAN, "grip_left": CANNOT}, {"buttons": CANNOT}),
        (OPENED,),
    ),
    (
        "a-loss-with-a-new-red-flag-is-an-emergency",
        _lost({"buttons": CAN}, {"buttons": CANNOT}, **NEW_FLAG),
        (EMERGENCY,),
    ),
    (
        "with-a-region-that-is-one-too",
        _lost({"buttons": CAN}, {"buttons": CANNOT}, numb_regions=["saddle"]),
        (EMERGENCY,),
    ),
    (
        "not-with-a-region-that-is-known",
        story(
            profile(at(days=-1), longstanding_flags=["saddle_numbness"]),
            *_lost({"buttons": CAN}, {"buttons": CANNOT}, numb_regions=["saddle"])(),
        ),
        (OPENED,),
    ),
    (
        "not-with-a-longstanding-one",
        _lost({"buttons": CAN}, {"buttons": CANNOT}, red_flags={"bowel": "unchanged_longstanding"}),
        (OPENED,),
    ),
    (
        "not-with-one-of-the-cord",
        _lost({"buttons": CAN}, {"buttons": CANNOT}, red_flags={"hands_clumsy": "new_or_worse"}),
        (OPENED,),
    ),
    ("a-single-rise-of-three", _weak(2, 2, 2, 5), (OPENED,)),
    ("a-single-rise-of-two-asks-for-the-checks", _weak(2, 2, 2, 4), (PROMPT,)),
    ("a-rise-of-one", _weak(2, 2, 2, 3), ()),
    ("two-above-twice", _weak(2, 2, 2, 4, 4), (PROMPT, OPENED)),
    ("a-pair-is-judged-by-the-reference-of-its-first", _weak(3, 2, 1, 4, 4), (PROMPT, OPENED)),
    (
        "an-entry-without-weakness-parts-no-pair",
        story(*weak(2, 2, 2, 4, 4), entry("x", at(days=3.5), pain=1)),
        (PROMPT, OPENED),
    ),
    (
        "one-below-in-between-does",
        story(*weak(2, 2, 2, 4), *weak(2, 4, start=3.25, every=0.25)),
        (PROMPT,),
    ),
    ("three-rising", _weak(4, 4, 4, 2, 4, 5), (OPENED,)),
    ("three-not-strictly-rising", _weak(4, 4, 4, 2, 2, 5), ()),
    ("two-rising", _weak(4, 4, 4, 2, 5), ()),
    ("seven-without-a-reference", _weak(7), (OPENED,)),
    ("six-without-a-reference", _weak(6), ()),
    ("seven-with-a-reference-of-six", _weak(6, 6, 6, 7), (OPENED,)),
    (
        "seven-with-a-reference-of-seven",
        story(*weak(7), closed("R03", at(hours=1)), *weak(7, 7, 8, start=1)),
        (OPENED, CLEARED),
    ),
    ("wasting-that-is-new", _wasting(False, None, True), (OPENED,)),
    ("wasting-at-the-first-answer", _wasting(True), (OPENED,)),
    (
        "wasting-that-was-there-before",
        story(*_wasting(True)(), closed("R03", at(hours=1)), *_wasting(None, True)()[1:]),
        (OPENED, CLEARED),
    ),
    ("no-wasting", _wasting(False, False), ()),
    text_keys=TEXT_KEYS,
)


def _three(hours: float) -> Diary:
    """Three rising values, so far from the first to the last."""
    return story(*weak(4, 4, 4), *weak(2, 4, 5, start=3, every=hours / 48))


def _prompted_again(days: float) -> Diary:
    return story(*weak(2, 2, 2, 4, 0, every=0.5), *weak(4, start=1.5 + days))


def _late(days: float) -> Diary:
    late = entry("s", at(days=4), received=at(days=4 + days), weakness=4)
    return story(*weak(2, 2, 2), late)


BOUNDARIES = (
    *boundaries(
        "R03",
        ("neurology.single_rise", (_weak(2, 2, 2, 4), (PROMPT,)), (_weak(2, 2, 2, 5), (OPENED,))),
        (
            "neurology.pair_rise",
            (_weak(2, 2, 2, 4, 3), (PROMPT,)),
            (_weak(2, 2, 2, 4, 4), (PROMPT, OPENED)),
        ),
        ("neurology.severe", (_weak(6), ()), (_weak(7), (OPENED,))),
        (
            "weakness.rising_entries",
            (_weak(4, 4, 4, 2, 5), ()),
            (_weak(4, 4, 4, 2, 4, 5), (OPENED,)),
        ),
        (
            "weakness.rising_total",
            (_weak(4, 4, 4, 3, 4, 5), ()),
            (_weak(4, 4, 4, 2, 4, 5), (OPENED,)),
        ),
    ),
    *boundaries(
        "R03",
        (
            "neurology.pair_within",
            (_weak(2, 2, 2, 4, 4, every=3), (PROMPT, OPENED)),
            (_weak(2, 2, 2, 4, 4, every=3 + SECONDS), (PROMPT, PROMPT)),
        ),
        ("weakness.rising_within", (_three(168), (OPENED,)), (_three(168 + 1 / 3600), ())),
        (
            "weakness.prompt_every",
            (_prompted_again(1 - SECONDS), (PROMPT,)),
            (_prompted_again(1), (PROMPT, PROMPT)),
        ),
        ("recording.stale_after", (_late(3), (PROMPT,)), (_late(3 + SECONDS), ())),
        step=SECOND,
    ),
)
