"""R13: a massage that is too long."""

from datetime import timedelta
from typing import Any

from tests.alerts.core.proofs.patients import SECOND, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, closed, entry, massage, profile

LONG = "adjust.session_length"
BLADDER: Answers = {"red_flags": {"bladder": "new_or_worse"}}
A_SECOND = 1 / 60  # in minutes


def _lasting(
    *minutes: float, phase: str = "chronic", then: tuple[Line, ...] = (), **known: Any
) -> Diary:
    """Massages 10 days apart; the last one is `m`, and it ends at the start of the story."""
    names = [*(f"a{n}" for n in range(len(minutes) - 1)), "m"]
    given = (
        massage(name, at(days=10 * (n + 1 - len(minutes))), minutes=length)
        for n, (name, length) in enumerate(zip(names, minutes, strict=True))
    )
    return story(patient(phase, days=-60, **known), *given, *then)


def _after_a_pause(pause: timedelta) -> Diary:
    """The third massage, of 25 minutes, that long after the second."""
    last = at(days=-30)
    return story(
        patient(days=-60),
        massage("a0", at(days=-35), minutes=20),
        massage("a1", last, minutes=20),
        massage("m", last + pause + timedelta(minutes=25), minutes=25),
    )


def _after_a_hold(ended_at: Line) -> Diary:
    """The third massage, of 25 minutes, with an alert between the first and it."""
    return story(
        patient(days=-60),
        massage("a0", at(days=-20), minutes=20),
        entry("e", at(days=-19), **BLADDER),
        ended_at,
        massage("a1", at(days=-10), minutes=20),
        massage("m", at(), minutes=25),
    )


def _length(name: str, diary: Diary, *says: str) -> Case:
    return Case(rule="R13", name=name, diary=diary, says=says, text_keys=(LONG,) * len(says))


OPENED, ENDED = "R13 opened 1", "R13 cleared 1"
LASTING = ((-8.5, 6), (-7.5, 3), (-6.5, 3))  # days, and the pain on them
PLAN_40: Answers = {"plan_override": {"max_minutes": 40}}
CASES = (
    _length("acute-half-an-hour", _lasting(20, 20, 30, phase="acute"), OPENED),
    _length("acute-a-little-less", _lasting(20, 20, 29, phase="acute")),
    _length("unknown-counts-as-acute", _lasting(20, 20, 30, phase="unknown"), OPENED),
    _length("healing-an-hour", _lasting(20, 20, 60, phase="healing")),
    _length("healing-more-than-an-hour", _lasting(20, 20, 61, phase="healing"), OPENED),
    _length("chronic-an-hour", _lasting(20, 20, 60)),
    _length("chronic-more-than-an-hour", _lasting(20, 20, 61), OPENED),
    _length("the-first-twenty-minutes", _lasting(20)),
    _length("the-first-longer", _lasting(21), OPENED),
    _length("the-second-longer", _lasting(20, 21), OPENED),
    _length("the-third-longer", _lasting(20, 20, 21)),
    _length(
        "massages-by-hand-count-as-the-first-two",
        story(
            patient(),
            massage("a0", at(hours=-9), minutes=5, setting="self", sites=["feet"]),
            massage("a1", at(hours=-5), minutes=5, setting="device", sites=["feet"]),
            massage("m", at(), minutes=25),
        ),
    ),
    _length("a-plan-replaces-the-hour", _lasting(20, 20, 40, **PLAN_40)),
    _length("longer-than-planned", _lasting(20, 20, 41, **PLAN_40), OPENED),
    _length(
        "a-plan-of-ten-minutes", _lasting(10, 10, 11, plan_override={"max_minutes": 10}), OPENED
    ),
    _length(
        "planned-longer-than-the-phase-allows",
        _lasting(20, 20, 45, phase="acute", plan_override={"max_minutes": 45}),
    ),
    _length("a-plan-does-not-replace-the-first-twenty-minutes", _lasting(21, **PLAN_40), OPENED),
    _length(
        "a-plan-that-is-over",
        _lasting(20, 20, 41, plan_override={"max_minutes": 40, "valid_to": "2026-03-01"}),
    ),
    _length("the-first-after-a-hold", _after_a_hold(closed("R01", at(days=-5))), OPENED),
    _length("the-second-after-a-hold", _after_a_hold(closed("R01", at(days=-15)))),
    _length(
        "the-first-after-pain-that-lasted",
        story(
            patient(days=-60),
            massage("a0", at(days=-20), minutes=20),
            massage("a1", at(days=-10), minutes=20, pain_before=3),
            *(entry(f"e{day}", at(days=day), pain=pain) for day, pain in LASTING),
            massage("m", at(), minutes=25),
        ),
        OPENED,
    ),
    _length(
        "the-first-after-a-massage-that-was-contraindicated",
        story(
            patient(days=-60),
            massage("a0", at(days=-30), minutes=20),
            profile(at(days=-15), severity="severe"),
            massage("a1", at(days=-10), minutes=20),
            profile(at(days=-9), severity="mild"),
            massage("m", at(), minutes=25),
        ),
        OPENED,
    ),
    _length(
        "while-massage-is-on-hold-it-waits",
        _lasting(20, 20, 61, then=(entry("e", at(hours=-2), **BLADDER), clock(at(hours=9)))),
    ),
    _length(
        "and-comes-after-the-hold",
        _lasting(
            *(20, 20, 61),
            then=(entry("e", at(hours=-2), **BLADDER), closed("R01", at(hours=72))),
        ),
        OPENED,
    ),
    _length(
        "but-not-after-more-than-three-days",
        _lasting(
            *(20, 20, 61),
            then=(entry("e", at(hours=-2), **BLADDER), closed("R01", at(hours=72, seconds=1))),
        ),
    ),
    _length("seven-days-later", _lasting(21, then=(clock(at(days=7)),)), OPENED, ENDED),
)


def _minutes(name: str, phase: str, most: float) -> Boundary:
    """The third massage as long as it may be, and a second longer."""
    return Boundary(
        threshold=f"session_length.{name}",
        rule="R13",
        under=_lasting(20, 20, most, phase=phase),
        says_under=(),
        over=_lasting(20, 20, most + A_SECOND, phase=phase),
        says_over=(OPENED,),
        step=SECOND,
    )


BOUNDARIES = (
    _minutes("acute_below", "acute", 30 - A_SECOND),
    _minutes("healing", "healing", 60),
    _minutes("chronic", "chronic", 60),
    Boundary(
        threshold="session_length.first",
        rule="R13",
        under=_lasting(20),
        says_under=(),
        over=_lasting(20 + A_SECOND),
        says_over=(OPENED,),
        step=SECOND,
    ),
    Boundary(
        threshold="session_length.first_massages",
        rule="R13",
        under=_lasting(20, 25),
        says_under=(OPENED,),
        over=_lasting(20, 20, 25),
        says_over=(),
    ),
    Boundary(
        threshold="session_length.gap",
        rule="R13",
        under=_after_a_pause(timedelta(days=28) - SECOND),
        says_under=(),
        over=_after_a_pause(timedelta(days=28)),
        says_over=(OPENED,),
        step=SECOND,
    ),
)
