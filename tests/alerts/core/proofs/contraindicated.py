"""R10: a massage that should not have been, by what was known when it began."""

from itertools import pairwise
from typing import Any

from tests.alerts.core.proofs.patients import SECOND, YES, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, closed, entry, massage, profile

HOLD = "hold.contraindicated"
AUCKLAND = "Pacific/Auckland"  # 13 hours ahead
CONTRAINDICATIONS = (
    *("cord_compression", "fracture", "tumour", "infection", "spinal_instability"),
    *("spondylolisthesis", "osteoporosis", "bleeding_disorder", "anticoagulant", "other_spinal"),
)
BLADDER: Answers = {"red_flags": {"bladder": "new_or_worse"}}
NO: Answers = {"status": "none"}
NUT: Answers = {"allergies": ["Nut"]}
OIL: Answers = {"product": " walNUT oil ", "sites": ["low_back"]}
CALM: Answers = {"flare_today": False}  # an entry needs an answer to more than skin and fever
SORE_SKIN: Answers = {**CALM, "skin_problem_sites": ["low_back", "feet"]}
SORE_FEET: Answers = {**CALM, "skin_problem_sites": ["feet"]}
NO_SORE_SKIN: Answers = {**CALM, "skin_problem_sites": []}
FEVER: Answers = {**CALM, "fever_unwell": True}
NO_FEVER: Answers = {**CALM, "fever_unwell": False}


def massage_with(*lines: Line, given: Answers | None = None, **known: Any) -> Diary:
    """A massage of a patient of whom more is known, and what came before and after it."""
    return story(patient(days=-30, **known), massage("m", at(), **(given or {})), *lines)


def before(hours: float, *, seconds: float = 0, **felt: Any) -> Line:
    """An entry at hours before the massage began."""
    return entry("b", at(hours=-hours, minutes=-30, seconds=-seconds), **felt)


def _found(name: str, key: str, diary: Diary) -> Case:
    return Case(
        rule="R10",
        name=name,
        diary=diary,
        says=("R10 opened 2",),
        text_keys=(f"{HOLD}.{key}",),
    )


def _quiet(name: str, diary: Diary) -> Case:
    return Case(rule="R10", name=name, diary=diary, says=())


FOUND = (
    *(
        _found(f"{code}-is-known", code, massage_with(contraindications=[code]))
        for code in CONTRAINDICATIONS
    ),
    *(
        _found(
            f"{first}-is-named-before-{second}",
            first,
            massage_with(contraindications=[second, first]),
        )
        for first, second in pairwise(CONTRAINDICATIONS)
    ),
    _found("a-recent-injury", "recent_trauma", massage_with(trauma_on="2026-03-02")),
    _found("a-severe-disc-problem", "severe", massage_with(severity="severe")),
    _found("an-open-alert", "open_hold", massage_with(before(1, **BLADDER))),
    _found("a-skin-problem-on-the-site", "skin", massage_with(before(1, **SORE_SKIN), given=OIL)),
    _found("no-approval", "no_approval", massage_with(doctor_approval=NO)),
    _found(
        "an-approval-that-ended-the-day-before",
        "no_approval",
        massage_with(doctor_approval={**YES, "expires_on": "2026-03-01"}),
    ),
    _found(
        "an-injury-is-named-before-severity-and-an-approval",
        "recent_trauma",
        massage_with(trauma_on="2026-03-02", severity="severe", doctor_approval=NO),
    ),
    _found(
        "an-alert-that-ends-as-the-massage-begins-was-open",
        "open_hold",
        massage_with(before(9, **BLADDER), closed("R01", at(minutes=-30)), doctor_approval=NO),
    ),
    _found(
        "an-alert-that-ended-before-was-not",
        "no_approval",
        massage_with(before(9, **BLADDER), closed("R01", at(minutes=-31)), doctor_approval=NO),
    ),
    _found(
        "an-approval-ends-by-the-local-date",
        "no_approval",
        massage_with(doctor_approval={**YES, "expires_on": "2026-03-02"}, timezone=AUCKLAND),
    ),
    _found(
        "pain-after-an-earlier-massage",
        "open_hold",
        story(
            patient(days=-30),
            massage("a", at(hours=-48), pain_before=3),
            entry("e", at(hours=-20), pain=6),
            massage("m", at()),
        ),
    ),
    _found(
        "an-earlier-massage-of-level-2-is-an-open-alert",
        "open_hold",
        story(
            patient(),
            massage("a", at(hours=-2), neuro_during=["tingling"]),
            massage("m", at()),
        ),
    ),
)

QUIET = (
    _quiet("nothing-is-known-against-it", massage_with()),
    _quiet("a-moderate-problem", massage_with(severity="moderate")),
    _quiet("an-injury-43-local-days-ago", massage_with(trauma_on="2026-01-19", timezone=AUCKLAND)),
    _quiet(
        "a-diagnosis-after-the-start",
        massage_with(profile(at(minutes=-10), contraindications=["tumour"])),
    ),
    _quiet("an-injury-on-the-day-after", massage_with(trauma_on="2026-03-03")),
    _quiet(
        "an-approval-as-the-patient-says",
        massage_with(doctor_approval={"status": "patient_reported"}),
    ),
    _quiet(
        "an-approval-on-its-last-day",
        massage_with(doctor_approval={**YES, "expires_on": "2026-03-02"}),
    ),
    _quiet("a-skin-problem-elsewhere", massage_with(before(1, **SORE_FEET), given=OIL)),
    _quiet(
        "a-skin-problem-that-is-gone",
        massage_with(entry("a", at(hours=-9), **SORE_SKIN), before(1, **NO_SORE_SKIN), given=OIL),
    ),
    _quiet("a-skin-problem-and-no-sites-of-the-massage", massage_with(before(1, **SORE_SKIN))),
    _quiet("another-product", massage_with(given={"product": "cream"}, **NUT)),
    _quiet("an-allergy-and-no-product", massage_with(given={"product": "  "}, **NUT)),
    _quiet(
        "a-skin-problem-afterwards-without-allergy",
        massage_with(entry("e", at(hours=9), **SORE_SKIN)),
    ),
    _quiet("fever-without-infection", massage_with(entry("e", at(hours=1), **FEVER))),
    _quiet("advice-that-is-open", massage_with(massage("a", at(hours=-2), stopped_early=True))),
)

CASES = (*FOUND, *QUIET)

BOUNDARIES = (
    Boundary(
        threshold="contraindicated.trauma_days",
        rule="R10",
        under=massage_with(trauma_on="2026-01-19"),
        says_under=("R10 opened 2",),
        over=massage_with(trauma_on="2026-01-18"),
        says_over=(),
    ),
    Boundary(
        threshold="contraindicated.skin_window",
        rule="R10",
        under=massage_with(before(24 * 14, **SORE_SKIN), given=OIL),
        says_under=("R10 opened 2",),
        over=massage_with(before(24 * 14, seconds=1, **SORE_SKIN), given=OIL),
        says_over=(),
        step=SECOND,
    ),
)
