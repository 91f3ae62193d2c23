"""R04: weakness on most days of a week."""

from typing import Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import SECONDS, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, closed, entry, profile, withdrawn

OPENED: Final = "R04 opened 3"
OVER: Final = (OPENED, "R04 cleared 3")
WEEK: Final = (3, 3, 3, 3, 3, 3, 3)
CALM: Final = (2, 2, 2, 2, 2)


def _weak(*values: int, every: float = 1) -> Diary:
    return story(*weak(*values, every=every))


def _week_then(*lines: Line) -> Diary:
    return story(*weak(*WEEK), *lines)


def _reviewed(*lines: Line, rule: str = "R04") -> Diary:
    """A week of weakness that a physician looked at on its last day, and what came then."""
    return _week_then(closed(rule, at(days=6, hours=1)), *lines)


def _spread(last: float, *values: int) -> list[Line]:
    """Weak days of which only the last is one week after the first."""
    return weak(*values, start=last - 6, every=1.5)


CASES = cases(
    "R04",
    ("all-days-of-a-week", _weak(*WEEK), (OPENED,)),
    ("five-of-seven-days", _weak(3, 0, 3, 3, 0, 3, 3), (OPENED,)),
    ("five-recorded-days-over-the-week", _weak(3, 3, 3, 3, 3, every=1.5), (OPENED,)),
    ("four-of-seven-days", _weak(3, 0, 3, 3, 0, 0, 3), ()),
    ("six-days-in-a-row-are-no-week", _weak(3, 3, 3, 3, 3, 3), ()),
    ("the-span-may-begin-and-end-with-a-better-day", _weak(0, 3, 3, 3, 3, 3, 0), (OPENED,)),
    ("two-is-not-three", _weak(2, 2, 2, 2, 2, 2, 2), ()),
    (
        "the-last-value-of-a-day-counts",
        story(*weak(3, 3, 3, 0, 0, 3, 3), *weak(2, start=2.1)),
        (),
    ),
    (
        "it-may-be-the-higher-one",
        story(*weak(3, 3, 0, 3, 0, 3, 3), *weak(3, start=2.1)),
        (OPENED,),
    ),
    (
        "the-days-are-those-of-the-patient",
        # 23:00 UTC is the next day in Johannesburg: the first and the last are one day closer.
        story(
            profile(at(days=-1), timezone="Africa/Johannesburg"),
            *weak(3, start=11 / 24),
            *weak(3, 3, 3, 3, 3, start=2),
        ),
        (),
    ),
    ("five-better-days-end-it", _week_then(*weak(*CALM, start=9)), OVER),
    ("days-without-entries-do-not-count", _week_then(*weak(*CALM, start=9, every=9)), OVER),
    (
        "days-up-to-the-newest-trigger-do-not-count",
        # The days 7 and 8 are better, and there are still five weak ones in the week.
        _week_then(*weak(*CALM, 2, start=7)),
        (OPENED,),
    ),
    ("after-them-they-do", _week_then(*weak(*CALM, 2, 2, start=7)), OVER),
    ("a-weak-day-in-between", _week_then(*weak(2, 2, 2, 3, 2, 2, start=9)), (OPENED,)),
    (
        "a-weak-hour-in-between-of-a-better-day",
        _week_then(*weak(*CALM, start=9), *weak(9, start=9.9)),
        OVER,
    ),
    ("a-review-ends-it", _reviewed(*weak(*WEEK, start=7)), OVER),
    ("a-review-of-R03-ends-it", _reviewed(*weak(*WEEK, start=7), rule="R03"), OVER),
    ("the-close-of-another-rule-does-not", _reviewed(rule="R05"), (OPENED,)),
    (
        "a-review-without-an-alert-keeps-it-silent",
        story(*weak(3, 3), closed("R04", at(days=1.5)), *weak(*WEEK, start=2)),
        (),
    ),
    (
        "so-does-one-of-R03",
        story(*weak(3, 3), closed("R03", at(days=1.5)), *weak(*WEEK, start=2)),
        (),
    ),
    (
        "a-review-that-saw-no-values-does-not",
        story(closed("R04", at(days=-1)), *weak(*WEEK)),
        (OPENED,),
    ),
    (
        "nor-one-that-saw-old-values-only",
        story(*weak(3, start=-12), closed("R04", at(days=-1)), *weak(*WEEK)),
        (OPENED,),
    ),
    (
        "what-was-felt-before-a-review-and-arrives-after-it",
        story(
            *weak(*WEEK[:6]),
            closed("R04", at(days=6.5)),
            entry("e", at(days=6), received=at(days=7), weakness=3),
        ),
        (OPENED,),
    ),
    ("thirty-days-later-it-opens-again", _reviewed(*_spread(36.05, *WEEK[:5])), (*OVER, OPENED)),
    (
        "it-opens-again-when-it-rises-by-two",
        _reviewed(*_spread(16, 5, 5, 5, 5, 5)),
        (*OVER, OPENED),
    ),
    ("it-opens-again-after-better-days", _week_then(*weak(*CALM, *WEEK, start=9)), (*OVER, OPENED)),
    (
        "a-correction-takes-it-back",
        story(
            *weak(3, 0, 3, 3, 0, 3), entry("e", at(days=6), weakness=3), withdrawn("e", at(days=7))
        ),
        (OPENED, "R04 superseded 3"),
    ),
    text_keys={"3": "doctor.persistent_weakness"},
)

BOUNDARIES = (
    *boundaries(
        "R04",
        (
            "persistent_weakness.at_least",
            (_weak(3, 0, 3, 3, 0, 3, 2), ()),
            (_weak(3, 0, 3, 3, 0, 3, 3), (OPENED,)),
        ),
        (
            "persistent_weakness.window_days",
            (story(*weak(3, start=-1), *weak(3, 3, 3, 3, start=3)), ()),
            (story(*weak(3), *weak(3, 3, 3, 3, start=3)), (OPENED,)),
        ),
        (
            "persistent_weakness.days_at_least",
            (_weak(3, 0, 3, 0, 0, 3, 3), ()),
            (_weak(3, 0, 3, 3, 0, 3, 3), (OPENED,)),
        ),
        (
            "persistent_weakness.span_days",
            (_weak(3, 3, 3, 3, 3, 3), ()),
            (_weak(*WEEK), (OPENED,)),
        ),
        (
            "persistent_weakness.rise_since_review",
            (_reviewed(*_spread(16, 4, 4, 4, 4, 4)), OVER),
            (_reviewed(*_spread(16, 5, 5, 5, 5, 5)), (*OVER, OPENED)),
        ),
        (
            "persistent_weakness.calm_days",
            (_week_then(*weak(*CALM[:4], start=20)), (OPENED,)),
            (_week_then(*weak(*CALM, start=20)), OVER),
        ),
    ),
    *boundaries(
        "R04",
        (
            "persistent_weakness.quiet_after_review",
            (_reviewed(*_spread(36 + 1 / 24 - SECONDS, *WEEK[:5])), OVER),
            (_reviewed(*_spread(36 + 1 / 24, *WEEK[:5])), (*OVER, OPENED)),
        ),
        step=SECOND,
    ),
)
