"""R22: what is said when nobody answers."""

from typing import Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.shape import Case, Diary, Side, boundaries
from tests.alerts.core.story import Line, acknowledged, at, clock, closed, entry, massage

FLAG: Final = entry("f", at(), red_flags={"bladder": "new_or_worse"})
LONGSTANDING: Final = entry("f", at(), red_flags={"bladder": "unchanged_longstanding"})
CHASED, PASSED_ON = "R22 reminder 4", "R22 escalated 4"
DOCTOR_CHASED, DOCTOR_PASSED_ON = "R22 reminder 3", "R22 escalated 3"
WHOLE: Final = (CHASED, CHASED, CHASED, PASSED_ON)
TEXT_KEYS: Final = {"reminder": "chase.patient", "escalated": "chase.backup"}


def _read(minutes: float = 1, by: str = "patient") -> Line:
    return acknowledged("R01", at(minutes=minutes), by=by)


def _seen(minutes: float = 1) -> Line:
    return _read(minutes, by="physician")


def _another(minutes: float) -> Line:
    """A flag more, which reminds at once, and raises a level 3."""
    return entry("g", at(minutes=minutes), red_flags={"bowel": "new_or_worse"})


def _chase(first: Line, *lines: Line, minutes: float = 60, seconds: float = 0) -> Diary:
    return story(first, *lines, clock(at(minutes=minutes, seconds=seconds)))


CASES = tuple(
    Case(
        rule="R22",
        name=name,
        diary=diary,
        says=says,
        text_keys=tuple(TEXT_KEYS[line.split()[1]] for line in says),
    )
    for name, diary, says in (
        ("an-emergency-nobody-answers", _chase(FLAG, minutes=10_000), WHOLE),
        (
            "an-alert-for-a-doctor-nobody-answers",
            _chase(LONGSTANDING, minutes=10_000),
            (DOCTOR_CHASED, DOCTOR_PASSED_ON),
        ),
        (
            "a-hold",
            _chase(massage("m", at(), neuro_during=["numbness"]), minutes=2000),
            (),
        ),
        ("both-have-answered", _chase(FLAG, _read(), _seen()), ()),
        ("the-patient-has", _chase(FLAG, _read()), (PASSED_ON,)),
        ("a-physician-has", _chase(FLAG, _seen()), (CHASED, CHASED, CHASED)),
        ("the-patient-has-late", _chase(FLAG, _read(20)), (CHASED, CHASED, PASSED_ON)),
        (
            "the-patient-has-answered-another-rule",
            _chase(FLAG, acknowledged("R02", at(minutes=1))),
            WHOLE,
        ),
        ("the-alert-is-closed", _chase(FLAG, closed("R01", at(minutes=10))), (CHASED,)),
        (
            "a-raise-starts-it-anew",
            _chase(LONGSTANDING, _read(), _seen(), _another(100), minutes=200),
            WHOLE,
        ),
        (
            "a-raise-takes-the-place-of-what-was-left",
            _chase(LONGSTANDING, _another(100), minutes=10_000),
            WHOLE,
        ),
        (
            "a-reminder-starts-the-part-of-the-patient-again",
            _chase(FLAG, _read(), _another(60), minutes=120),
            (PASSED_ON, CHASED, CHASED, CHASED),
        ),
        (
            "and-that-of-a-physician-who-had-answered",
            _chase(FLAG, _seen(), _read(), _another(60), minutes=120),
            WHOLE,
        ),
        (
            "a-new-alert-is-chased-anew",
            _chase(FLAG, _read(), _seen(), closed("R01", at(minutes=10)), _another(20)),
            WHOLE,
        ),
        (
            "a-rule-of-the-walk-too",
            _chase(entry("w", at(), weakness=7), minutes=300),
            (DOCTOR_CHASED,),
        ),
        (
            "a-raise-from-a-hold",
            _chase(
                *[entry("n", at(), numbness=0), entry("o", at(minutes=1), numbness=3)],
                *[entry("p", at(minutes=2), numbness=7), clock(at(minutes=241))],
                minutes=242,
            ),
            (DOCTOR_CHASED,),
        ),
        (
            "two-alerts-side-by-side",
            _chase(
                entry(
                    "f",
                    at(),
                    red_flags={"bladder": "new_or_worse", "gait_unsteady": "new_or_worse"},
                ),
                minutes=10,
            ),
            (CHASED, CHASED),
        ),
    )
)


def _at_minute(threshold: str, minutes: float, first: Line, *told: str) -> tuple[str, Side, Side]:
    """A moment of the chase: one second before it, and at it."""
    answered = (_seen() if told[-1].split()[1] == "reminder" else _read(),)
    under = _chase(first, *answered, minutes=minutes, seconds=-1)
    return (
        f"chase.{threshold}",
        (under, told[:-1]),
        (_chase(first, *answered, minutes=minutes), told),
    )


BOUNDARIES = boundaries(
    "R22",
    _at_minute("emergency_first", 5, FLAG, CHASED),
    _at_minute("emergency_second", 15, FLAG, CHASED, CHASED),
    _at_minute("emergency_third", 30, FLAG, CHASED, CHASED, CHASED),
    _at_minute("emergency_backup", 30, FLAG, PASSED_ON),
    _at_minute("doctor_again", 240, LONGSTANDING, DOCTOR_CHASED),
    _at_minute("doctor_backup", 1440, LONGSTANDING, DOCTOR_PASSED_ON),
    step=SECOND,
)
