"""R15: a massage at the wrong time of the day."""

from datetime import timedelta
from typing import Any

from tests.alerts.core.proofs.patients import SECOND, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, massage

TIMING = "adjust.timing"
A_SECOND = 1 / 60  # in minutes
LIFTED: Answers = {"heavy_lifting_ended_at": at(hours=-1).isoformat()}
SPORTS: Answers = {"exercise_same_day": True}


def _timed(*lines: Line, **how: Any) -> Diary:
    """A massage whose start is the start of the story, and lines that came after it."""
    given = massage("m", at(minutes=20), minutes=20, **how)
    return story(patient(days=-30), given, *lines)


def _sat(minutes: int, *, until: float = 0) -> Answers:
    """Sitting for so many minutes, which ended some minutes before the start."""
    return {"sitting_minutes": minutes, "sitting_ended_at": at(minutes=-until).isoformat()}


def _lifted(until: float) -> Answers:
    return {"heavy_lifting_ended_at": at(minutes=-until).isoformat()}


def _each_day(*how: Answers | None) -> Diary:
    """A massage a day; for each the answers to it, or none."""
    given = (massage(f"m{d}", at(days=d), minutes=15, **(more or {})) for d, more in enumerate(how))
    return story(patient("healing"), *given)


def _again(after: timedelta) -> Diary:
    """Two massages after lifting, the second of them so much later."""
    lifted: Answers = {"heavy_lifting_ended_at": (at(hours=-1) + after).isoformat()}
    return story(patient(), massage("m", at(), **LIFTED), massage("n", at() + after, **lifted))


def _time(name: str, diary: Diary, *says: str, keys: tuple[str, ...] = ()) -> Case:
    return Case(rule="R15", name=name, diary=diary, says=says, text_keys=keys)


NO_SPORTS, ADJUST, ADJUST_ENDED = "R15 opened 0", "R15 opened 1", "R15 cleared 1"
NO_SPORTS_KEY = "info.no_exercise_today"
CASES = (
    _time("soon-after-lifting", _timed(**_lifted(60)), ADJUST, keys=(TIMING,)),
    _time("right-after-lifting", _timed(**_lifted(0)), ADJUST),
    _time("lifting-after-the-start", _timed(**_lifted(-A_SECOND))),
    _time("soon-after-long-sitting", _timed(**_sat(180, until=30)), ADJUST, keys=(TIMING,)),
    _time("right-after-long-sitting", _timed(**_sat(120)), ADJUST),
    _time("lifting-and-sitting", _timed(**_lifted(120), **_sat(120, until=60)), ADJUST),
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
    _boundary("timing.lifting_within", _timed(**_lifted(120)), _timed(**_lifted(120 + A_SECOND))),
    _boundary(
        "timing.sitting_within",
        _timed(**_sat(120, until=60)),
        _timed(**_sat(120, until=60 + A_SECOND)),
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
