"""R20: the question after a massage, asked again."""

from datetime import datetime

from tests.alerts.core.proofs.patients import SECOND, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, entry, massage

REMINDER, MISSING = "R20 reminder 0", "R20 escalated 2"
PLAIN, AFTER_RISE, STAFF = (
    "remind.followup",
    "remind.followup_after_rise",
    "staff.followup_missing",
)
NO_QUIET = "00:00-00:00"
RISE = entry("r", at(hours=6), pain=6)
BLADDER: Answers = {"red_flags": {"bladder": "new_or_worse"}}


def _until(when: datetime, *lines: Line, ended_at: datetime | None = None) -> Diary:
    """A massage, what came after it, and the time until which nothing more did."""
    given = massage("m", ended_at or at(), pain_before=4)
    return story(patient(quiet_hours=NO_QUIET), given, *lines, clock(when))


def _at_night(when: datetime) -> Diary:
    """A massage that ended at 19:00, so that the first question falls into the night."""
    given = massage("m", at(hours=7), pain_before=4)
    return story(patient(quiet_hours="21:00-08:00"), given, clock(when))


def _case(name: str, diary: Diary, *says: str, keys: tuple[str, ...] = ()) -> Case:
    return Case(rule="R20", name=name, diary=diary, says=says, text_keys=keys)


CASES = (
    _case("asked-twice", _until(at(days=9)), REMINDER, REMINDER, keys=(PLAIN, PLAIN)),
    _case("answered-in-time", _until(at(days=9), entry("e", at(hours=25), pain=4))),
    _case("answered-after-one", _until(at(days=9), entry("e", at(hours=30), pain=4)), REMINDER),
    _case(
        "what-was-felt-on-the-first-day-is-no-answer",
        _until(at(days=9), entry("e", at(hours=24), pain=4)),
        *(REMINDER, REMINDER),
    ),
    _case(
        "an-entry-without-pain-is-no-answer",
        _until(at(days=9), entry("e", at(hours=25), numbness=0)),
        *(REMINDER, REMINDER),
    ),
    _case(
        "no-answer-after-a-rise-on-the-first-day",
        _until(at(days=9), RISE),
        *(REMINDER, REMINDER, MISSING),
        keys=(AFTER_RISE, AFTER_RISE, STAFF),
    ),
    _case(
        "pain-before-the-massage-is-no-rise",
        _until(at(days=9), entry("b", at(hours=-1), pain=8)),
        *(REMINDER, REMINDER),
        keys=(PLAIN, PLAIN),
    ),
    _case(
        "no-answer-while-there-is-an-alert",
        _until(at(days=9), entry("f", at(hours=1), pain=4, **BLADDER)),
        *(REMINDER, REMINDER, MISSING),
        keys=(PLAIN, PLAIN, STAFF),
    ),
    _case(
        "an-answer-on-the-third-day-after-a-rise",
        _until(at(days=9), RISE, entry("e", at(hours=71), pain=4)),
        *(REMINDER, REMINDER),
    ),
    _case(
        "the-night-puts-the-question-off",
        _at_night(at(hours=7 + 26)),
    ),
    _case(
        "a-massage-that-was-told-too-late",
        story(
            patient(quiet_hours=NO_QUIET),
            massage("m", at(), received=at(hours=44)),
            clock(at(days=9)),
        ),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="follow_up.first_after",
        rule="R20",
        under=_until(at(hours=26, seconds=-1)),
        says_under=(),
        over=_until(at(hours=26)),
        says_over=(REMINDER,),
        step=SECOND,
    ),
    Boundary(
        threshold="follow_up.first_at_latest",
        rule="R20",
        under=_at_night(at(hours=7 + 36, seconds=-1)),
        says_under=(),
        over=_at_night(at(hours=7 + 36)),
        says_over=(REMINDER,),
        step=SECOND,
    ),
    Boundary(
        threshold="follow_up.second_after",
        rule="R20",
        under=_until(at(hours=44, seconds=-1)),
        says_under=(REMINDER,),
        over=_until(at(hours=44)),
        says_over=(REMINDER, REMINDER),
        step=SECOND,
    ),
    Boundary(
        threshold="follow_up.missing_after",
        rule="R20",
        under=_until(at(hours=72, seconds=-1), RISE),
        says_under=(REMINDER, REMINDER),
        over=_until(at(hours=72), RISE),
        says_over=(REMINDER, REMINDER, MISSING),
        step=SECOND,
    ),
)
