"""R13 and R15: a massage that is too long, or at the wrong time of the day."""

from datetime import timedelta
from typing import Any

from tests.alerts.core.proofs.patients import SECOND, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, closed, entry, massage

LONG, TIMING = "adjust.session_length", "adjust.timing"
BLADDER = {"red_flags": {"bladder": "new_or_worse"}}
A_SECOND = 1 / 60  # in minutes
LIFTED = {"heavy_lifting_ended_at": at(hours=-1).isoformat()}
SPORTS = {"exercise_same_day": True}


def _lasting(*minutes: float, phase: str = "chronic", then: tuple[Line, ...] = (), **known: Any):
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
PLAN_40 = {"plan_override": {"max_minutes": 40}}
LENGTHS = (
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
    _length("seven-days-later", _lasting(21, then=(clock(at(days=7)),)), OPENED, ENDED),
)


def _timed(*lines: Line, **how: Any) -> Diary:
    """A massage whose start is the start of the story, and lines that came after it."""
    given = massage("m", at(minutes=20), minutes=20, **how)
    return story(patient(days=-30), given, *lines)


def _sat(minutes: int, *, until: float = 0) -> dict[str, Any]:
    """Sitting for so many minutes, which ended some minutes before the start."""
    return {"sitting_minutes": minutes, "sitting_ended_at": at(minutes=-until).isoformat()}


def _lifted(until: float) -> dict[str, Any]:
    return {"heavy_lifting_ended_at": at(minutes=-until).isoformat()}


def _each_day(*how: dict[str, Any] | None) -> Diary:
    """A massage a day; for each the answers to it, or none."""
    given = (
        massage(f"m{d}", at(days=d), minutes=15, **(more or {})) for d, more in enumerate(how)
    )
    return story(patient("healing"), *given)


def _again(after: timedelta) -> Diary:
    """Two massages after lifting, the second of them so much later."""
    lifted = {"heavy_lifting_ended_at": (at(hours=-1) + after).isoformat()}
    return story(
        patient(), massage("m", at(), **LIFTED), massage("n", at() + after, **lifted)
    )


def _time(name: str, diary: Diary, *says: str, keys: tuple[str, ...] = ()) -> Case:
    return Case(rule="R15", name=name, diary=diary, says=says, text_keys=keys)


NO_SPORTS, ADJUST, ADJUST_ENDED = "R15 opened 0", "R15 opened 1", "R15 cleared 1"
NO_SPORTS_KEY = "info.no_exercise_today"
TIMES = (
    _time("soon-after-lifting", _timed(**_lifted(60)), ADJUST, keys=(TIMING,)),
    _time("right-after-lifting", _timed(**_lifted(0)), ADJUST),
    _time("lifting-after-the-start", _timed(**_lifted(-A_SECOND))),
    _time("soon-after-long-sitting", _timed(**_sat(180, until=30)), ADJUST, keys=(TIMING,)),
    _time("right-after-long-sitting", _timed(**_sat(120)), ADJUST),
    _time("sitting-for-a-while", _timed(**_sat(60))),
    _time("sitting-that-ended-nobody-knows-when", _timed(sitting_minutes=300)),
    _time("sports-on-the-same-day", _timed(**SPORTS), NO_SPORTS, keys=(NO_SPORTS_KEY,)),
    _time("no-sports-on-the-same-day", _timed(exercise_same_day=False)),
    _time(
        "sports-twice-in-three-massages",
        _each_day(SPORTS, None, SPORTS),
        *(NO_SPORTS, ADJUST),
        keys=(NO_SPORTS_KEY, TIMING),
    ),
    _time("sports-again-after-three-massages", _each_day(SPORTS, None, None, SPORTS), NO_SPORTS),
    _time("sports-soon-after-the-lifting-before-a-massage", _each_day(LIFTED, SPORTS), ADJUST),
    _time("lifting-soon-again", _again(timedelta(days=13)), ADJUST, ADJUST_ENDED),
    _time("lifting-much-later", _again(timedelta(days=15)), ADJUST, ADJUST_ENDED, ADJUST),
    _time(
        "seven-days-later-it-is-over",
        _timed(clock(at(days=7, minutes=20)), **_lifted(60)),
        *(ADJUST, ADJUST_ENDED),
    ),
)

CASES = (*LENGTHS, *TIMES)


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


def _boundary(threshold: str, under: Diary, over: Diary, says: tuple[str, ...] = ()) -> Boundary:
    """R15 speaks to what is under it, in time."""
    return Boundary(
        threshold=threshold,
        rule="R15",
        under=under,
        says_under=(ADJUST,),
        over=over,
        says_over=says,
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
    _boundary("timing.lifting_within", _timed(**_lifted(120)), _timed(**_lifted(120 + A_SECOND))),
    _boundary(
        "timing.sitting_within", _timed(**_sat(120, until=60)), _timed(**_sat(120, until=60 + A_SECOND))
    ),
    Boundary(
        threshold="timing.sitting_at_least",
        rule="R15",
        under=_timed(**_sat(119)),
        says_under=(),
        over=_timed(**_sat(120)),
        says_over=(ADJUST,),
    ),
    Boundary(
        threshold="timing.refractory",
        rule="R15",
        under=_again(timedelta(days=14) - SECOND),
        says_under=(ADJUST, ADJUST_ENDED),
        over=_again(timedelta(days=14)),
        says_over=(ADJUST, ADJUST_ENDED, ADJUST),
        step=SECOND,
    ),
    _boundary(
        "findings.clear_after",
        _timed(clock(at(days=7, minutes=20, seconds=-1)), **_lifted(60)),
        _timed(clock(at(days=7, minutes=20)), **_lifted(60)),
        (ADJUST, ADJUST_ENDED),
    ),
)
