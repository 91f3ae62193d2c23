"""R17: a slow rise over two weeks, looked at on Mondays."""

from datetime import timedelta
from typing import Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.scores import numb, pain, weak
from tests.alerts.core.proofs.shape import Diary, boundaries, cases
from tests.alerts.core.story import Line, at, clock, closed, entry, profile, withdrawn

WORSENING, NUMBNESS, WEAKNESS = "R17 opened 1", "R17 opened 2", "R17 opened 3"
OVER: Final = (WORSENING, "R17 cleared 1")

# The days of the story are counted from a Monday noon: day 14 is a Monday too.
MONDAY: Final = at(days=14, hours=-3)
RISING: Final = (1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9)
STEADILY: Final = tuple(day // 3 for day in range(28))
SEVEN: Final = (1, 2, 3, 4, 5, 6, 7)
# On 8 of 14 days; their exact probabilities are 0.0098, 0.0119, 0.05 and 0.0548.
RARE, LESS_RARE = (1, 5, 5, 3, 5, 6, 6, 6), (1, 5, 4, 3, 5, 6, 6, 6)
ONE_IN_20, MORE_OFTEN = (2, 1, 2, 5, 5, 2, 5, 5), (2, 1, 3, 5, 5, 2, 5, 5)
# Both rise beyond chance, over the 13 days by 2.17 and by 1.86 points.
BY_TWO = (2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4)
BY_LESS = (3, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4)


def _until(days: float, *lines: Line) -> Diary:
    return story(*lines, clock(at(days=days)))


def _pain(*values: int) -> Diary:
    """A pain each day, until the Monday after the second week."""
    return _until(14, *pain(*values))


def _eight(values: tuple[int, ...]) -> list[Line]:
    """Every other day, and the last."""
    return [*pain(*values[:-1], every=2), *pain(values[-1], start=13)]


def _on(*days: int) -> Diary:
    """A pain that rises from day to day, on these days."""
    return _until(14, *(pain(n, start=day)[0] for n, day in enumerate(days)))


def _third_week(*values: int) -> Diary:
    """A trend, and the week after it."""
    return _until(21, *pain(*RISING, *values))


def _received(days: float, lines: list[Line]) -> list[Line]:
    return [{**line, "received_at": at(days=days).isoformat()} for line in lines]


CASES = cases(
    "R17",
    ("pain-that-rises", _pain(*RISING), (WORSENING,)),
    ("numbness-that-rises", _until(14, *numb(*RISING)), (NUMBNESS,)),
    ("weakness-that-rises", _until(14, *weak(*RISING)), (WEAKNESS,)),
    ("the-highest-of-all", _until(14, *pain(*RISING), *weak(*RISING)), (WEAKNESS,)),
    ("pain-that-falls", _pain(*reversed(RISING)), ()),
    ("pain-that-stays", _pain(*[5] * 14), ()),
    ("pain-that-goes-up-and-down", _pain(*[1, 9] * 7), ()),
    ("as-likely-as-one-in-20-for-pain", _until(14, *_eight(ONE_IN_20)), ()),
    (
        "as-likely-as-one-in-20-for-numbness",
        _until(14, *numb(*ONE_IN_20[:-1], every=2), *numb(5, start=13)),
        (NUMBNESS,),
    ),
    (
        "as-likely-as-one-in-20-for-weakness",
        _until(14, *weak(*ONE_IN_20[:-1], every=2), *weak(5, start=13)),
        (WEAKNESS,),
    ),
    ("by-two-points-exactly", _pain(*[4] * 9, 5, 6, 6, 6, 6), (WORSENING,)),
    ("by-less-than-two", _pain(*BY_LESS), ()),
    ("on-seven-days", _on(0, 2, 4, 6, 8, 10, 12), (WORSENING,)),
    ("on-six-days", _on(0, 2, 4, 6, 8, 10), ()),
    ("on-seven-days-that-are-too-near", _on(7, 8, 9, 10, 11, 12, 13), ()),
    (
        "the-last-value-of-a-day-counts",
        _until(14, *pain(*RISING), *pain(*[5] * 14, start=0.1)),
        (),
    ),
    (
        "several-values-of-a-day-are-one",
        _until(14, *pain(1, 2, 3, 4, start=0.3, every=0.01), *_on(3, 5, 7, 9, 12)()[:-1]),
        (),
    ),
    ("not-before-the-hour", story(*pain(*RISING), clock(MONDAY - SECOND)), ()),
    ("at-the-hour", story(*pain(*RISING), clock(MONDAY)), (WORSENING,)),
    (
        "at-the-hour-of-the-patient",
        story(
            profile(at(days=-1), timezone="Pacific/Auckland"),
            *pain(*RISING[1:]),
            clock(MONDAY - timedelta(hours=13)),
        ),
        (WORSENING,),
    ),
    (
        "not-on-the-hour-of-another-zone",
        story(
            profile(at(days=-1), timezone="America/Los_Angeles"),
            *pain(*RISING),
            clock(MONDAY + timedelta(hours=6)),
        ),
        (),
    ),
    (
        "the-morning-of-the-monday-is-no-day-of-the-window",
        story(*_on(1, 3, 5, 7, 9, 11)()[:-1], *pain(9, start=13.8), clock(MONDAY)),
        (),
    ),
    (
        "what-was-felt-on-time-and-arrives-later",
        _until(16, *_received(15, pain(*RISING))),
        (WORSENING,),
    ),
    ("more-than-72-hours-later", _until(18, *_received(17, pain(*RISING))), ()),
    (
        "more-than-72-hours-later-for-numbness",
        _until(18, *_received(17, numb(*RISING))),
        (NUMBNESS,),
    ),
    ("back-where-it-started", _third_week(1, 1, 1, 1, 1, 1, 1), OVER),
    ("not-rising-and-not-back", _third_week(5, 5, 5, 5, 5, 5, 5), (WORSENING,)),
    ("rising-still", _third_week(9, 9, 9, 9, 10, 10, 10), (WORSENING,)),
    ("silence-is-no-recovery", _until(60, *pain(*RISING)), (WORSENING,)),
    (
        "too-few-days-are-none",
        _until(28, *pain(*RISING), *pain(1, 1, 1, 1, start=20)),
        (WORSENING,),
    ),
    (
        "every-series-that-rose-must-be-back",
        _until(21, *pain(*RISING, *[1] * 7), *numb(*RISING, *[5] * 7)),
        (NUMBNESS,),
    ),
    (
        "and-only-those",
        _until(21, *pain(*RISING, *[1] * 7), *numb(*[5] * 21)),
        OVER,
    ),
    (
        "another-series-raises-it",
        _until(21, *pain(*STEADILY[:21]), *weak(*[0] * 14, *SEVEN)),
        (WORSENING, "R17 raised 3"),
    ),
    (
        "refractory-after-a-close",
        _until(21, *pain(*STEADILY[:21]), closed("R17", at(days=15))),
        OVER,
    ),
    (
        "two-weeks-later-it-opens-again",
        _until(28, *pain(*STEADILY), closed("R17", at(days=15))),
        (*OVER, WORSENING),
    ),
    (
        "a-higher-level-opens-at-once",
        _until(21, *pain(*RISING), *weak(*[0] * 14, *SEVEN), closed("R17", at(days=15))),
        (*OVER, WEAKNESS),
    ),
    (
        "a-lower-level-does-not",
        _until(21, *weak(*RISING), *pain(*[0] * 14, *SEVEN), closed("R17", at(days=15))),
        (WEAKNESS, "R17 cleared 3"),
    ),
    (
        "a-correction-takes-it-back",
        story(
            *_on(0, 2, 4, 6, 8, 10)(),
            entry("e", at(days=12), received=at(days=14, minutes=1), pain=9),
            withdrawn("e", at(days=15)),
        ),
        (WORSENING, "R17 superseded 1"),
    ),
    text_keys={"1": "trend.worsening", "2": "hold.trend_numbness", "3": "doctor.trend_weakness"},
)

BOUNDARIES = (
    *boundaries(
        "R17",
        (
            "trend.window_days",
            (_on(-1, 2, 4, 6, 8, 10, 12), ()),
            (_on(0, 2, 4, 6, 8, 10, 12), (WORSENING,)),
        ),
        (
            "trend.enough_values",
            (_on(0, 2, 4, 6, 8, 12), ()),
            (_on(0, 2, 4, 6, 8, 10, 12), (WORSENING,)),
        ),
        (
            "trend.span_days",
            (_on(5, 8, 9, 10, 11, 12, 13), ()),
            (_on(4, 8, 9, 10, 11, 12, 13), (WORSENING,)),
        ),
        ("trend.rise", (_pain(*BY_LESS), ()), (_pain(*BY_TWO), (WORSENING,))),
        (
            # Of two values or of four the median would be too high.
            "trend.calm_values",
            (_third_week(2, 2, 2, 9, 2, 2, 9), OVER),
            (_third_week(2, 2, 2, 9, 3, 2, 9), (WORSENING,)),
        ),
        (
            "trend.calm_rise",
            (_third_week(2, 2, 2, 2, 2, 2, 2), OVER),
            (_third_week(2, 2, 2, 2, 2, 3, 3), (WORSENING,)),
        ),
        (
            "trend.weekday",
            (story(*pain(*RISING), clock(MONDAY - SECOND)), ()),
            (story(*pain(*RISING), clock(MONDAY)), (WORSENING,)),
        ),
        (
            "trend.hour",
            (story(*pain(*RISING), clock(MONDAY - SECOND)), ()),
            (story(*pain(*RISING), clock(MONDAY)), (WORSENING,)),
        ),
    ),
    *boundaries(
        "R17",
        (
            "trend.chance_pain",
            (_until(14, *_eight(RARE)), (WORSENING,)),
            (_until(14, *_eight(LESS_RARE)), ()),
        ),
        step=0.002,
    ),
    *boundaries(
        "R17",
        (
            "trend.chance_nerves",
            (_until(14, *numb(*ONE_IN_20[:-1], every=2), *numb(5, start=13)), (NUMBNESS,)),
            (_until(14, *numb(*MORE_OFTEN[:-1], every=2), *numb(5, start=13)), ()),
        ),
        step=0.005,
    ),
    *boundaries(
        "R17",
        (
            "trend.refractory",
            (_until(21, *pain(*STEADILY[:21]), closed("R17", at(days=15))), OVER),
            (_until(28, *pain(*STEADILY), closed("R17", at(days=15))), (*OVER, WORSENING)),
        ),
        step=timedelta(days=7),  # there is nothing between two Mondays
    ),
)
