"""R01: what no patient may wait with."""

from typing import Any, Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.shape import Diary, Row, boundaries, cases
from tests.alerts.core.story import (
    Line,
    at,
    clock,
    closed,
    entry,
    massage,
    profile,
    withdrawn,
)

NEW, OLD = "new_or_worse", "unchanged_longstanding"
EMERGENCY, CHECK = "R01 opened 4", "R01 opened 3"
AGAIN: Final = "R01 reminder 4"
LEGS: Final = {"numb_regions": ["left_leg"], "weak_regions": ["right_foot"]}


def flags(name: str = "e", hours: float = 0, **answers: str) -> Line:
    return entry(name, at(hours=hours), red_flags=answers)


def answered(regions: dict[str, Any] | None = None, /, **answers: str) -> Diary:
    """One entry with these answers."""
    return story(entry("e", at(), red_flags=answers, **(regions or {})))


def known(*flags: str, regions: dict[str, Any] | None = None, **answers: str) -> Diary:
    """The same, of a patient whose physician has recorded flags as longstanding."""
    recorded = profile(at(days=-1), longstanding_flags=list(flags))
    return story(recorded, entry("e", at(), red_flags=answers, **(regions or {})))


def each(rule: str, says: str, *flags: str, answer: str) -> tuple[Row, ...]:
    """The same answer to each of the flags, alone."""
    said = answer.replace("_", "-")
    return tuple(
        (f"{flag.replace('_', '-')}-{said}", answered(**{flag: answer}), (f"{rule} {says}",))
        for flag in flags
    )


_BEFORE: Final[dict[str, Any]] = {"bladder": NEW}

CASES = cases(
    "R01",
    *each(
        "R01",
        "opened 4",
        *("bladder", "bowel", "saddle_numbness", "both_legs_weak_or_numb", "both_legs_pain"),
        answer=NEW,
    ),
    *each(
        "R01",
        "opened 3",
        *("bladder", "bowel", "saddle_numbness", "both_legs_weak_or_numb", "both_legs_pain"),
        "sexual_change",
        answer=OLD,
    ),
    ("sexual-change-alone-is-no-emergency", answered(sexual_change=NEW), (CHECK,)),
    (
        "sexual-change-with-another-is-one",
        answered(sexual_change=NEW, bladder=OLD),
        (EMERGENCY,),
    ),
    (
        "a-longstanding-sexual-change-with-another-longstanding-is-none",
        answered(sexual_change=OLD, bladder=OLD),
        (CHECK,),
    ),
    (
        "sexual-change-with-a-flag-of-the-cord-is-none",
        answered(sexual_change=NEW, gait_unsteady=NEW),
        (CHECK,),
    ),
    (
        "sexual-change-with-a-known-flag-is-none",
        known("bladder", sexual_change=NEW, bladder=OLD),
        (CHECK,),
    ),
    ("no-is-no", answered(bladder="no", bowel="no"), ()),
    ("unknown-is-not-positive", answered(bladder="unknown"), ()),
    ("a-known-longstanding-flag-is-not-positive", known("bladder", bladder=OLD), ()),
    ("a-known-flag-that-gets-worse-is", known("bladder", bladder=NEW), (EMERGENCY,)),
    ("another-known-flag-does-not-help", known("bowel", bladder=OLD), (CHECK,)),
    ("the-saddle-speaks", answered({"numb_regions": ["saddle"]}), (EMERGENCY,)),
    (
        "the-saddle-speaks-against-a-no",
        answered({"numb_regions": ["saddle"]}, saddle_numbness="no"),
        (EMERGENCY,),
    ),
    (
        "a-saddle-answered-as-longstanding-does-not",
        answered({"numb_regions": ["saddle"]}, saddle_numbness=OLD),
        (CHECK,),
    ),
    (
        "a-saddle-known-as-longstanding-does-not",
        known("saddle_numbness", regions={"numb_regions": ["saddle"]}),
        (),
    ),
    ("a-weak-saddle-does-not", answered({"weak_regions": ["saddle"]}), ()),
    (
        "one-numb-and-one-weak-leg-speak-against-a-no",
        answered(LEGS, both_legs_weak_or_numb="no"),
        (EMERGENCY,),
    ),
    ("one-leg-does-not", answered({"numb_regions": ["left_leg", "left_foot"]}), ()),
    ("legs-known-as-longstanding-do-not", known("both_legs_weak_or_numb", regions=LEGS), ()),
    (
        "it-is-judged-whatever-its-date",
        story(clock(at(days=90)), entry("e", at(), received=at(days=90), red_flags=_BEFORE)),
        (EMERGENCY,),
    ),
    (
        "in-the-answer-after-a-massage-too",
        story(massage("m", at(hours=-24)), flags(bowel=NEW)),
        (EMERGENCY,),
    ),
    (
        "the-same-flag-again-after-12-hours",
        story(*(flags(f"e{h}", h, bladder=NEW) for h in (0, 12, 23, 24))),
        (EMERGENCY, AGAIN, AGAIN),
    ),
    (
        "another-flag-reminds-at-once",
        story(flags(bladder=NEW), flags("f", 1, bowel=OLD)),
        (EMERGENCY, AGAIN),
    ),
    (
        "a-longstanding-flag-of-the-alert-that-gets-worse-reminds-at-once-and-once",
        story(*[flags(bladder=NEW, bowel=OLD), flags("f", 1, bowel=NEW), flags("g", 2, bowel=NEW)]),
        (EMERGENCY, AGAIN),
    ),
    (
        "a-higher-level-raises",
        story(flags(bladder=OLD), flags("f", 1, bladder=NEW)),
        (CHECK, "R01 raised 4"),
    ),
    (
        "a-lower-level-lowers-nothing",
        story(flags(bladder=NEW), flags("f", 13, bladder=OLD)),
        (EMERGENCY, AGAIN),
    ),
    (
        "a-version-with-other-answers-is-judged",
        story(flags(bladder=NEW), entry("e", at(), received=at(hours=1), red_flags={"bowel": NEW})),
        (EMERGENCY, AGAIN),
    ),
    (
        "a-version-with-the-same-positive-answers-is-not",
        story(
            flags(bladder=NEW),
            entry("e", at(), received=at(hours=13), red_flags={"bladder": NEW, "bowel": "no"}),
        ),
        (EMERGENCY,),
    ),
    (
        "only-a-physician-ends-it",
        story(
            *[flags(bladder=NEW), withdrawn("e", at(hours=1)), closed("R02", at(hours=2))],
            *[flags("f", 3, bladder="no"), clock(at(days=60)), closed("R01", at(days=61))],
            clock(at(days=90)),
        ),
        (EMERGENCY, "R01 cleared 4"),
    ),
    (
        "after-the-close-it-opens-again",
        story(flags(bladder=NEW), closed("R01", at(hours=1)), flags("f", 2, bladder=NEW)),
        (EMERGENCY, "R01 cleared 4", EMERGENCY),
    ),
    (
        "a-restored-record-is-judged-again",
        story(
            *[flags(bladder=NEW), closed("R01", at(hours=1)), withdrawn("e", at(hours=2))],
            entry("e", at(), received=at(hours=3), red_flags=_BEFORE),
        ),
        (EMERGENCY, "R01 cleared 4", EMERGENCY),
    ),
    text_keys={"4": "emergency.cauda_equina", "3": "doctor.check_today"},
)


def _repeated(hours: float) -> Diary:
    return story(flags(bladder=NEW), flags("f", hours, bladder=NEW))


BOUNDARIES = boundaries(
    "R01",
    (
        "red_flags.remind_after",
        (_repeated(12 - 1 / 3600), (EMERGENCY,)),
        (_repeated(12), (EMERGENCY, AGAIN)),
    ),
    step=SECOND,
)
