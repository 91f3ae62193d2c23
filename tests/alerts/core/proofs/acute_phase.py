"""R11: a massage in the acute phase."""

from typing import Any

from tests.alerts.core.proofs.patients import SECOND, YES, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary, Says
from tests.alerts.core.story import Line, at, clock, entry, massage, profile

OPENED = ("R11 opened 2",)
ENDED = ("R11 opened 2", "R11 cleared 2")
NOT_ALLOWED: Answers = {**YES, "allow_acute": False}
PHASE, NERVES = "hold.acute_phase", "hold.acute_nerve_signs"


def _with(*lines: Line, phase: str = "acute", **known: Any) -> Diary:
    """A massage, and what came before and after it; in the acute phase it is allowed."""
    return story(patient(phase, days=-30, **known), massage("m", at()), *lines)


def _before(hours: float, *, seconds: float = 0, **felt: Any) -> Line:
    """An entry at hours before the massage began."""
    return entry("b", at(hours=-hours, minutes=-30, seconds=-seconds), **felt)


def _case(name: str, diary: Diary, says: Says, *keys: str) -> Case:
    return Case(rule="R11", name=name, diary=diary, says=says, text_keys=keys)


NUMB = _before(1, numbness=5)

CASES = (
    _case("acute-and-not-allowed", _with(doctor_approval=NOT_ALLOWED), OPENED, PHASE),
    _case(
        "an-unknown-phase-counts-as-acute",
        _with(phase="unknown", doctor_approval=NOT_ALLOWED),
        OPENED,
        PHASE,
    ),
    _case("healing", _with(phase="healing", doctor_approval=NOT_ALLOWED), ()),
    _case("chronic-in-spite-of-nerve-signs", _with(NUMB, phase="chronic"), ()),
    _case("allowed", _with(), ()),
    _case(
        "allowed-as-the-patient-says",
        _with(doctor_approval={**YES, "status": "patient_reported"}),
        OPENED,
        PHASE,
    ),
    _case(
        "allowed-until-the-day-before",
        _with(doctor_approval={**YES, "expires_on": "2026-03-01"}),
        OPENED,
        PHASE,
    ),
    _case(
        "allowed-on-the-last-day", _with(doctor_approval={**YES, "expires_on": "2026-03-02"}), ()
    ),
    _case("allowed-but-weak", _with(_before(1, weakness=3)), OPENED, NERVES),
    _case("allowed-but-numb", _with(NUMB), OPENED, NERVES),
    _case("allowed-but-in-pain-in-a-limb", _with(_before(1, limb_pain=7)), OPENED, NERVES),
    _case("allowed-and-numb-in-an-unknown-phase", _with(NUMB, phase="unknown"), OPENED, NERVES),
    _case("pain-is-no-nerve-sign", _with(_before(1, pain=10)), ()),
    _case(
        "over-by-the-end-of-the-massage-it-stays-silent",
        _with(profile(at(minutes=-10), phase="chronic"), doctor_approval=NOT_ALLOWED),
        (),
    ),
    _case(
        "acute-after-the-start-is-too-late",
        _with(
            profile(at(minutes=-10), phase="acute"), phase="healing", doctor_approval=NOT_ALLOWED
        ),
        (),
    ),
    _case(
        "it-ends-when-the-phase-does",
        _with(profile(at(days=1), phase="healing"), doctor_approval=NOT_ALLOWED),
        ENDED,
    ),
    _case(
        "it-ends-when-it-is-allowed-after-all",
        _with(profile(at(days=1), doctor_approval=YES), doctor_approval=NOT_ALLOWED),
        ENDED,
    ),
    _case(
        "nerve-signs-are-not-allowed-away",
        _with(NUMB, profile(at(days=1), doctor_approval=YES), doctor_approval=NOT_ALLOWED),
        OPENED,
    ),
    _case(
        "nerve-signs-end-with-the-phase",
        _with(NUMB, profile(at(days=1), phase="chronic")),
        ENDED,
    ),
    _case(
        "another-change-of-the-profile-ends-nothing",
        _with(profile(at(days=1), locale="de"), doctor_approval=NOT_ALLOWED),
        OPENED,
    ),
    _case(
        "after-seven-days-it-is-over",
        _with(clock(at(days=7)), doctor_approval=NOT_ALLOWED),
        ENDED,
    ),
    _case(
        "each-massage-is-judged-on-its-own",
        _with(massage("n", at(days=1)), doctor_approval=NOT_ALLOWED),
        ("R11 opened 2", "R11 opened 2"),
    ),
)

BOUNDARIES = (
    *(
        Boundary(
            threshold=f"acute_phase.{score}",
            rule="R11",
            under=_with(_before(1, **{score: least - 1})),
            says_under=(),
            over=_with(_before(1, **{score: least})),
            says_over=OPENED,
        )
        for score, least in (("weakness", 3), ("numbness", 5), ("limb_pain", 7))
    ),
    Boundary(
        threshold="acute_phase.window",
        rule="R11",
        under=_with(_before(72, numbness=5)),
        says_under=OPENED,
        over=_with(_before(72, seconds=1, numbness=5)),
        says_over=(),
        step=SECOND,
    ),
)
