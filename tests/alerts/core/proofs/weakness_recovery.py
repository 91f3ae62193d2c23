"""R03: how weakness that grew is over, and what a correction cannot take away."""

from typing import Any, Final

from tests.alerts.core.proofs.patients import story
from tests.alerts.core.proofs.scores import weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.proofs.weakness import CAN, CANNOT, OPENED, TEXT_KEYS
from tests.alerts.core.story import Line, acknowledged, at, clock, closed, entry, withdrawn

CLEARED: Final = "R03 cleared 3"
RAISED: Final = "R03 raised 4"
OVER: Final = (OPENED, CLEARED)
WORKS: Final[dict[str, Any]] = {"function_checks": {"grip_left": CAN}}
FAILS: Final[dict[str, Any]] = {"function_checks": {"buttons": CANNOT}}
CALM: Final = (3, 3, 3, 3, 3)


def _read(days: float, by: str = "patient") -> Line:
    return acknowledged("R03", at(days=days), by=by)


def _days(*values: int, start: float = 4, every: float = 1, **more: Any) -> list[Line]:
    return weak(*values, start=start, every=every, **{**WORKS, **more})


def _trouble(*then: Line) -> Diary:
    """A jump on the fourth day, read an hour later, and what came then."""
    return story(*weak(2, 2, 2, 5), _read(3 + 1 / 24), *then)


def _severe_then(value: int) -> Diary:
    """Severe weakness with nothing to compare it with, and five days with one value."""
    return story(*weak(7), _read(1 / 24), *_days(*[value] * 5, start=1))


CASES = cases(
    "R03",
    ("five-calm-days-that-were-read-and-checked", _trouble(*_days(*CALM)), OVER),
    (
        "the-last-five-of-more",
        _trouble(*_days(4, *CALM)),
        OVER,
    ),
    ("a-day-at-two-above", _trouble(*_days(3, 3, 4, 3, 3)), (OPENED,)),
    ("days-without-entries-do-not-count", _trouble(*_days(*CALM, every=4)), OVER),
    (
        "the-day-of-the-trigger-is-no-calm-day",
        story(
            entry("a", at(), function_checks={"grip_left": CAN}),
            entry("b", at(days=1), function_checks={"grip_left": CANNOT}),
            *[_read(1 + 1 / 24), *_days(0, start=1.1), *_days(0, 0, 0, 0, start=2)],
        ),
        (OPENED,),
    ),
    (
        "the-worst-of-a-day-counts",
        _trouble(*weak(4, start=4.1), *_days(3, 3, 3, 3, 3, start=4.2)),
        (OPENED,),
    ),
    ("nobody-has-read-it", story(*weak(2, 2, 2, 5), *_days(*CALM)), (OPENED,)),
    (
        "only-a-physician-has",
        story(*weak(2, 2, 2, 5), *_days(*CALM), _read(9, "physician")),
        (OPENED,),
    ),
    ("it-is-read-late", story(*weak(2, 2, 2, 5), *_days(*CALM), _read(9)), OVER),
    (
        "it-was-read-before",
        story(*weak(2, 2, 2), _read(2.5), *weak(5, start=3), *_days(*CALM)),
        (OPENED,),
    ),
    (
        "an-acknowledgement-before-there-was-an-alert",
        story(
            *weak(2, 2, 2),
            _read(3.5),
            entry("e", at(days=3), received=at(days=3.6), weakness=5),
            *_days(*CALM),
        ),
        (OPENED,),
    ),
    ("no-check-since", _trouble(*weak(*CALM, start=4)), (OPENED,)),
    ("a-check-that-fails", _trouble(*_days(*CALM, **FAILS)), (OPENED,)),
    (
        "wasting-in-the-last-answer",
        _trouble(entry("a", at(days=3.1), pain=1, muscle_wasting=True), *_days(*CALM)),
        (OPENED,),
    ),
    (
        "a-check-of-the-entry-that-triggers-is-none-since",
        story(*weak(2, 2, 2), *weak(5, start=3, **WORKS), _read(3.1), *weak(*CALM, start=4)),
        (OPENED,),
    ),
    ("it-is-read-at-once", story(*weak(2, 2, 2, 5), _read(3), *_days(*CALM)), OVER),
    ("without-a-reference-six-is-calm", _severe_then(6), OVER),
    (
        "wasting-that-is-gone",
        story(
            *[entry("a", at(), pain=1, muscle_wasting=True), _read(1 / 24)],
            *_days(6, 6, 6, 6, 6, start=1, muscle_wasting=False),
        ),
        OVER,
    ),
    ("a-physician-closes", _trouble(closed("R03", at(days=4))), OVER),
    ("the-close-of-another-rule", _trouble(closed("R04", at(days=4))), (OPENED,)),
    (
        "it-opens-again-after-a-close",
        _trouble(closed("R03", at(days=3.5)), *weak(5, start=4)),
        (*OVER, OPENED),
    ),
    (
        "it-opens-again-after-it-was-over",
        _trouble(*_days(*CALM), *weak(7, start=20)),
        (*OVER, OPENED),
    ),
    ("once-open-a-trigger-more-says-nothing", _trouble(*weak(5, 6, start=4)), (OPENED,)),
    (
        "a-higher-level-raises",
        _trouble(
            entry("a", at(days=4), function_checks={"grip_left": CAN, "grip_right": CANNOT}),
            entry("b", at(days=5), function_checks={"grip_left": CANNOT}),
        ),
        (OPENED, RAISED),
    ),
    (
        "no-prompt-while-it-is-open",
        _trouble(*weak(4, start=5)),
        (OPENED,),
    ),
    (
        "a-withdrawn-cause-leaves-it",
        _trouble(withdrawn("weakness+003.00000", at(days=4)), clock(at(days=60))),
        (OPENED,),
    ),
    (
        "a-late-entry-that-changes-the-reference-takes-it-back",
        _trouble(
            *(entry(f"l{d}", at(days=-d), received=at(days=4), weakness=4) for d in (1, 2, 3, 4))
        ),
        (OPENED, "R03 superseded 3"),
    ),
    text_keys=TEXT_KEYS,
)

BOUNDARIES = boundaries(
    "R03",
    (
        "weakness.calm_days",
        (_trouble(*_days(3, 3, 3, 3)), (OPENED,)),
        (_trouble(*_days(*CALM)), OVER),
    ),
    (
        "neurology.calm_rise",
        (_trouble(*_days(*CALM)), OVER),
        (_trouble(*_days(3, 3, 4, 3, 3)), (OPENED,)),
    ),
    ("neurology.calm_without_reference", (_severe_then(6), OVER), (_severe_then(7), (OPENED,))),
)
