"""R18: massage after massage makes it worse."""

from tests.alerts.core.proofs.patients import SECOND, answered, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, closed, entry, massage

OPENED, HOLD, RAISED = "R18 opened 1", "R18 opened 2", "R18 raised 2"
ENDED, HOLD_ENDED = "R18 cleared 1", "R18 cleared 2"
REDUCE_KEY, HOLD_KEY = "reduce.worse_after_massage", "hold.worse_after_massage"
A_SECOND = 1 / (24 * 60 * 60)  # in days


def _worse(day: float) -> list[Line]:
    """A massage with more pain on the second day, and what ends the alert before the look."""
    return [*_massage(day, 6), *_felt(day, (50, 3), (60, 3))]


def _fine(day: float) -> list[Line]:
    return _massage(day, 3)


def _massage(day: float, pain: int) -> list[Line]:
    return [massage(f"m{day}", at(days=day), minutes=15, pain_before=3), *_felt(day, (30, pain))]


def _felt(day: float, *observed: tuple[float, int]) -> list[Line]:
    return [
        entry(f"e{day}-{hours}", at(days=day, hours=hours), pain=pain) for hours, pain in observed
    ]


def _silent(day: float) -> list[Line]:
    """A massage after which nobody answered."""
    return [massage(f"m{day}", at(days=day), minutes=15, pain_before=3)]


def _numb(day: float) -> list[Line]:
    """A massage with nerve signs, which are gone on the second day; pain was not answered."""
    given = massage(f"m{day}", at(days=day), minutes=15, neuro_during=["tingling"])
    gone = entry(f"n{day}", at(days=day, hours=30), **answered(new_neuro=False))
    return [given, gone]


def _course(*massages: list[Line], until: float, more: tuple[Line, ...] = ()) -> Diary:
    """Massages, each with what followed, up to a day."""
    lines = [line for each in massages for line in each]
    return story(patient(), *lines, *more, clock(at(days=until)))


def _case(name: str, diary: Diary, *says: str, keys: tuple[str, ...] = ()) -> Case:
    return Case(rule="R18", name=name, diary=diary, says=says, text_keys=keys)


CASES = (
    _case("worse-once", _course(_worse(0), _fine(5), _fine(10), until=14)),
    _case(
        "worse-twice",
        _course(_worse(0), _worse(5), until=8),
        OPENED,
        keys=(REDUCE_KEY,),
    ),
    _case("worse-twice-in-three", _course(_worse(0), _fine(5), _worse(10), until=13), OPENED),
    _case("worse-twice-in-four", _course(_worse(0), _fine(5), _fine(10), _worse(15), until=20)),
    _case(
        "one-without-an-answer-does-not-count",
        _course(_worse(0), _silent(5), _silent(10), _worse(15), until=20),
        OPENED,
    ),
    _case(
        "worse-just-24-hours-later-does-not-count",
        _course(_worse(0), [*_silent(5), *_felt(5, (24, 6))], until=9),
    ),
    _case(
        "worse-three-times",
        _course(_worse(0), _worse(5), _worse(10), until=13),
        *(OPENED, RAISED),
        keys=(REDUCE_KEY, HOLD_KEY),
    ),
    _case(
        "nerve-signs-make-a-massage-a-worse-one",
        _course(_numb(0), _worse(5), until=8),
        OPENED,
    ),
    _case(
        "pain-in-the-massage-alone-does-not",
        _course(_worse(0), [massage("n", at(days=5), pain_before=3, pain_during_max=9)], until=9),
    ),
    _case(
        "pain-in-two-massages-does",
        _course(
            [massage("n", at(days=-3), pain_before=3, pain_during_max=9)],
            [massage("o", at(), pain_before=3, pain_during_max=9)],
            [entry("a", at(hours=30), **answered(new_neuro=False))],
            _worse(5),
            until=8,
        ),
        OPENED,
    ),
    _case(
        "on-hold-the-advice-waits",
        _course(_worse(0), _massage(5, 6), until=9),
    ),
    _case(
        "and-comes-when-the-hold-is-over",
        _course(_worse(0), _massage(5, 6), until=12, more=(closed("R08", at(days=10)),)),
        OPENED,
    ),
    _case(
        "two-good-ones-end-it",
        _course(_worse(0), _worse(5), _fine(10), _fine(15), until=18),
        *(OPENED, ENDED),
    ),
    _case(
        "one-good-one-does-not",
        _course(_worse(0), _worse(5), _fine(10), until=20),
        OPENED,
    ),
    _case(
        "nor-do-those-without-an-answer",
        _course(_worse(0), _worse(5), _silent(10), _silent(15), until=20),
        OPENED,
    ),
    _case(
        "two-good-ones-end-a-hold",
        _course(_worse(0), _worse(5), _worse(10), _fine(15), _fine(20), until=23),
        *(OPENED, RAISED, HOLD_ENDED),
    ),
    _case(
        "much-later-it-opens-again",
        _course(_worse(0), _worse(5), _fine(10), _fine(15), _worse(20), _worse(30), until=33),
        *(OPENED, ENDED, OPENED),
    ),
    _case(
        "a-higher-level-does-not-wait",
        _course(
            *(_worse(0), _worse(4), _fine(8), _fine(12), _worse(16), _worse(20), _worse(24)),
            until=28,
        ),
        *(OPENED, ENDED, HOLD),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="worse_after.within",
        rule="R18",
        under=_course(_worse(0), _worse(57), until=61),
        says_under=(OPENED,),
        over=_course(_worse(0), _worse(57 + A_SECOND), until=61),
        says_over=(),
        step=SECOND,
    ),
    Boundary(
        threshold="worse_after.reduce_at",
        rule="R18",
        under=_course(_fine(0), _fine(5), _worse(10), until=14),
        says_under=(),
        over=_course(_fine(0), _worse(5), _worse(10), until=14),
        says_over=(OPENED,),
    ),
    Boundary(
        threshold="worse_after.hold_at",
        rule="R18",
        under=_course(_fine(0), _worse(5), _worse(10), until=14),
        says_under=(OPENED,),
        over=_course(_worse(0), _worse(5), _worse(10), until=14),
        says_over=(OPENED, RAISED),
    ),
    Boundary(
        threshold="worse_after.refractory",
        rule="R18",
        under=_course(
            *(_worse(0), _worse(5), _fine(10), _fine(14), _worse(18), _worse(26 - A_SECOND)),
            until=31,
        ),
        says_under=(OPENED, ENDED),
        over=_course(
            *(_worse(0), _worse(5), _fine(10), _fine(14), _worse(18), _worse(26)), until=31
        ),
        says_over=(OPENED, ENDED, OPENED),
        step=SECOND,
    ),
)
