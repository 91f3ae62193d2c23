"""R10: what shows only after the massage, and when a finding is over."""

from typing import Any

from tests.alerts.core.proofs.contraindicated import (
    BLADDER,
    FEVER,
    HOLD,
    NO,
    NO_FEVER,
    NUT,
    OIL,
    SORE_FEET,
    SORE_SKIN,
    before,
    massage_with,
)
from tests.alerts.core.proofs.patients import SECOND, YES, Answers
from tests.alerts.core.proofs.shape import Boundary, Case
from tests.alerts.core.story import Line, at, clock, closed, entry, massage, profile, withdrawn

INFECTED: Answers = {"contraindications": ["infection"]}

AFTERWARDS = (
    Case(
        rule="R10",
        name="a-product-that-the-patient-minds",
        diary=massage_with(given=OIL, **NUT),
        says=("R10 opened 1",),
        text_keys=("adjust.product_allergy",),
    ),
    Case(
        rule="R10",
        name="an-allergy-that-names-the-product",
        diary=massage_with(given={"product": "NUT"}, allergies=["nut oil"]),
        says=("R10 opened 1",),
    ),
    Case(
        rule="R10",
        name="a-reaction-to-the-product",
        diary=massage_with(entry("e", at(hours=9), **SORE_SKIN), given=OIL, **NUT),
        says=("R10 opened 1", "R10 raised 2"),
        text_keys=("adjust.product_allergy", f"{HOLD}.reaction"),
    ),
    Case(
        rule="R10",
        name="a-reaction-elsewhere-is-none",
        diary=massage_with(entry("e", at(hours=9), **SORE_FEET), given=OIL, **NUT),
        says=("R10 opened 1",),
    ),
    Case(
        rule="R10",
        name="infection-and-fever-before",
        diary=massage_with(before(1, **FEVER), **INFECTED),
        says=("R10 opened 3",),
        text_keys=("doctor.infection_fever",),
    ),
    Case(
        rule="R10",
        name="infection-and-fever-afterwards",
        diary=massage_with(entry("e", at(hours=1), **FEVER), **INFECTED),
        says=("R10 opened 2", "R10 raised 3"),
        text_keys=(f"{HOLD}.infection", "doctor.infection_fever"),
    ),
    Case(
        rule="R10",
        name="an-earlier-massage-found-so-is-no-open-alert",
        diary=massage_with(
            before(1, **SORE_SKIN), massage("n", at(days=1), sites=["neck"]), given=OIL
        ),
        says=("R10 opened 2",),
    ),
    Case(
        rule="R10",
        name="weakness-that-was-taken-back-but-not-closed",
        diary=massage_with(
            entry("w", at(days=-2), weakness=7),
            withdrawn("w", at(days=-1)),
        ),
        says=("R10 opened 2",),
        text_keys=(f"{HOLD}.open_hold",),
    ),
    Case(
        rule="R10",
        name="after-a-close-a-further-massage-opens-it",
        diary=massage_with(
            closed("R10", at(hours=20)), massage("n", at(days=1)), severity="severe"
        ),
        says=("R10 opened 2", "R10 cleared 2", "R10 opened 2"),
    ),
    Case(
        rule="R10",
        name="each-massage-is-judged-on-its-own",
        diary=massage_with(massage("n", at(days=1)), severity="severe"),
        says=("R10 opened 2", "R10 opened 2"),
        text_keys=(f"{HOLD}.severe", f"{HOLD}.severe"),
    ),
)


def _ends(name: str, *lines: Line, level: int = 2, given: Any = None, **known: Any) -> Case:
    """It ends at the last of the lines."""
    says = (f"R10 opened {level}", f"R10 cleared {level}")
    return Case(rule="R10", name=name, diary=massage_with(*lines, given=given, **known), says=says)


def _stays(name: str, *lines: Line, level: int = 2, given: Any = None, **known: Any) -> Case:
    says = (f"R10 opened {level}",)
    return Case(rule="R10", name=name, diary=massage_with(*lines, given=given, **known), says=says)


LATER = at(days=1)
CLEARINGS = (
    _ends("a-reason-that-is-taken-back", profile(LATER, severity="mild"), severity="severe"),
    _stays("another-change", profile(LATER, locale="de"), severity="severe"),
    _stays(
        "one-reason-of-two-is-taken-back",
        profile(LATER, severity="mild"),
        severity="severe",
        contraindications=["tumour"],
    ),
    _ends(
        "an-approval-that-is-given",
        profile(LATER, doctor_approval=YES),
        doctor_approval=NO,
    ),
    _stays(
        "an-approval-that-had-ended-on-the-day-of-the-massage",
        profile(LATER, doctor_approval={**YES, "expires_on": "2026-03-01"}),
        doctor_approval=NO,
    ),
    _ends("the-open-alert-ends", before(1, **BLADDER), closed("R01", LATER)),
    _stays("the-open-alert-stays", before(1, **BLADDER), clock(at(days=6))),
    _ends(
        "the-skin-is-well",
        before(1, **SORE_SKIN),
        entry("e", LATER, **SORE_FEET),
        given=OIL,
    ),
    _stays("the-skin-is-not", before(1, **SORE_SKIN), entry("e", LATER, **SORE_SKIN), given=OIL),
    _ends("no-allergy-after-all", profile(LATER, allergies=[]), level=1, given=OIL, **NUT),
    _ends(
        "no-infection-after-all",
        before(1, **FEVER),
        profile(LATER, contraindications=[]),
        level=3,
        **INFECTED,
    ),
    _stays(
        "the-fever-is-over-but-the-infection-is-not",
        before(1, **FEVER),
        entry("e", LATER, **NO_FEVER),
        level=3,
        **INFECTED,
    ),
    _ends("after-seven-days-it-is-over", clock(at(days=7)), contraindications=["tumour"]),
)

CASES = (*AFTERWARDS, *CLEARINGS)

BOUNDARIES = (
    Boundary(
        threshold="contraindicated.reaction_window",
        rule="R10",
        under=massage_with(entry("e", at(hours=72), **SORE_SKIN), given=OIL, **NUT),
        says_under=("R10 opened 1", "R10 raised 2"),
        over=massage_with(entry("e", at(hours=72, seconds=1), **SORE_SKIN), given=OIL, **NUT),
        says_over=("R10 opened 1",),
        step=SECOND,
    ),
    Boundary(
        threshold="contraindicated.fever_window",
        rule="R10",
        under=massage_with(before(72, **FEVER), **INFECTED),
        says_under=("R10 opened 3",),
        over=massage_with(before(72, seconds=1, **FEVER), **INFECTED),
        says_over=("R10 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="contraindicated.fever_window",
        rule="R10",
        under=massage_with(entry("e", at(hours=72), **FEVER), **INFECTED),
        says_under=("R10 opened 2", "R10 raised 3"),
        over=massage_with(entry("e", at(hours=72, seconds=1), **FEVER), **INFECTED),
        says_over=("R10 opened 2",),
        step=SECOND,
    ),
)
