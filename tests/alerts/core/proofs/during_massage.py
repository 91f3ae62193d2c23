"""R07: what was felt while the massage was given."""

from typing import Any

from tests.alerts.core.proofs.patients import SECOND, Answers, answered, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, entry, massage

HURT: Answers = {"pain_before": 4, "pain_during_max": 6}
NUMB: Answers = {"neuro_during": ["numbness"]}
YES = answered(new_neuro=True)
NO = answered(new_neuro=False)


def _painful_on(*days: int, of: int) -> Diary:
    """One massage a day for so many days; those of the days named hurt."""
    given = (massage(f"m{d}", at(days=d), **(HURT if d in days else {})) for d in range(of))
    return story(patient(), *given)


def _after(*lines: Line, **given: Any) -> Diary:
    """A massage, and what came after it."""
    return story(patient(), massage("m", at(), **given), *lines)


CASES = (
    Case(
        rule="R07",
        name="more-pain-in-the-massage",
        diary=_after(**HURT),
        says=("R07 opened 1",),
        text_keys=("adjust.pain_during",),
    ),
    Case(rule="R07", name="as-much-pain-as-before", diary=_after(pain_before=4), says=()),
    Case(
        rule="R07",
        name="one-point-more-is-no-finding",
        diary=_after(pain_before=4, pain_during_max=5),
        says=(),
    ),
    Case(
        rule="R07",
        name="the-last-pain-in-the-diary-stands-in-for-pain-before",
        diary=story(
            patient(days=-2),
            entry("b", at(hours=-36), pain=4),
            massage("m", at(), pain_during_max=6),
        ),
        says=("R07 opened 1",),
    ),
    Case(
        rule="R07",
        name="nothing-to-compare-with-is-not-evaluable",
        diary=_after(pain_during_max=10),
        says=(),
    ),
    Case(
        rule="R07",
        name="stopped-early",
        diary=_after(stopped_early=True),
        says=("R07 opened 1",),
        text_keys=("adjust.pain_during",),
    ),
    Case(
        rule="R07",
        name="stopped-early-not-answered",
        diary=_after(stopped_early=None, neuro_during=[]),
        says=(),
    ),
    *(
        Case(
            rule="R07",
            name=f"{sign}-in-the-massage",
            diary=_after(neuro_during=[sign]),
            says=("R07 opened 2",),
            text_keys=("hold.neuro_during",),
        )
        for sign in ("numbness", "tingling", "radiating_pain")
    ),
    Case(
        rule="R07",
        name="pain-twice-in-three-massages",
        diary=_painful_on(0, 2, of=3),
        says=("R07 opened 1", "R07 opened 2"),
        text_keys=("adjust.pain_during", "hold.pain_during"),
    ),
    Case(
        rule="R07",
        name="stopped-early-after-a-painful-one",
        diary=_after(massage("n", at(days=1), stopped_early=True), **HURT),
        says=("R07 opened 1", "R07 opened 2"),
        text_keys=("adjust.pain_during", "hold.pain_during"),
    ),
    Case(
        rule="R07",
        name="new-signs-without-any-in-the-massage",
        diary=_after(entry("e", at(hours=3), **YES)),
        says=("R07 opened 3",),
        text_keys=("doctor.neuro_after",),
    ),
    Case(
        rule="R07",
        name="signs-that-last-until-the-follow-up",
        diary=_after(entry("e", at(hours=24), **YES), **NUMB),
        says=("R07 opened 2", "R07 raised 3"),
        text_keys=("hold.neuro_during", "doctor.neuro_after"),
    ),
    Case(
        rule="R07",
        name="new-signs-belong-to-the-massage-they-name",
        diary=_after(
            massage("n", at(days=5)), entry("e", at(days=8), **answered("m", new_neuro=True))
        ),
        says=(),
    ),
    Case(
        rule="R07",
        name="new-signs-belong-to-the-last-massage-if-none-is-named",
        diary=_after(massage("n", at(days=5)), entry("e", at(days=8), **YES)),
        says=("R07 opened 3",),
    ),
    Case(
        rule="R07",
        name="advice-ends-with-a-no",
        diary=_after(entry("e", at(hours=25), **NO), **HURT),
        says=("R07 opened 1", "R07 cleared 1"),
    ),
    Case(
        rule="R07",
        name="a-no-on-the-first-day-ends-nothing",
        diary=_after(entry("e", at(hours=3), **NO), clock(at(days=6)), **HURT),
        says=("R07 opened 1",),
    ),
    Case(
        rule="R07",
        name="a-hold-does-not-end-by-time",
        diary=_after(clock(at(days=30)), **NUMB),
        says=("R07 opened 2",),
    ),
    Case(
        rule="R07",
        name="a-no-ends-a-hold-after-48-hours",
        diary=_after(entry("e", at(hours=50), **NO), **NUMB),
        says=("R07 opened 2", "R07 cleared 2"),
    ),
    Case(
        rule="R07",
        name="a-no-that-is-taken-back-ends-nothing",
        diary=_after(
            entry("e", at(hours=30), **NO), entry("f", at(hours=40), **YES), clock(at(days=9))
        ),
        says=("R07 opened 3",),
    ),
    Case(
        rule="R07",
        name="a-no-on-a-later-massage-ends-it-too",
        diary=_after(
            massage("n", at(days=3)),
            entry("e", at(days=4), **answered("n", new_neuro=False)),
            **NUMB,
        ),
        says=("R07 opened 2", "R07 cleared 2"),
    ),
    Case(
        rule="R07",
        name="a-no-on-an-earlier-massage-does-not",
        diary=_after(
            massage("n", at(days=3), **NUMB),
            entry("e", at(days=6), **answered("m", new_neuro=False)),
        ),
        says=("R07 opened 2",),
    ),
    Case(
        rule="R07",
        name="new-signs-after-a-no-open-it-again",
        diary=_after(
            entry("e", at(hours=3), **YES),
            entry("f", at(hours=60), **NO),
            entry("g", at(days=4), **YES),
        ),
        says=("R07 opened 3", "R07 cleared 3", "R07 opened 3"),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="during_massage.pain_rise",
        rule="R07",
        under=_after(pain_before=4, pain_during_max=5),
        says_under=(),
        over=_after(pain_before=4, pain_during_max=6),
        says_over=("R07 opened 1",),
    ),
    Boundary(
        threshold="during_massage.massages_before",
        rule="R07",
        under=_painful_on(0, 2, of=3),
        says_under=("R07 opened 1", "R07 opened 2"),
        over=_painful_on(0, 3, of=4),
        says_over=("R07 opened 1", "R07 opened 1"),
    ),
    Boundary(
        threshold="during_massage.answers_within",
        rule="R07",
        under=_after(entry("e", at(days=7), **YES)),
        says_under=("R07 opened 3",),
        over=_after(entry("e", at(days=7, seconds=1), **YES)),
        says_over=(),
        step=SECOND,
    ),
    Boundary(
        threshold="during_massage.clear_answer_after",
        rule="R07",
        under=_after(entry("e", at(hours=24), **NO), **HURT),
        says_under=("R07 opened 1",),
        over=_after(entry("e", at(hours=24, seconds=1), **NO), **HURT),
        says_over=("R07 opened 1", "R07 cleared 1"),
        step=SECOND,
    ),
    Boundary(
        threshold="during_massage.hold_at_least",
        rule="R07",
        under=_after(entry("e", at(hours=30), **NO), clock(at(hours=48, seconds=-1)), **NUMB),
        says_under=("R07 opened 2",),
        over=_after(entry("e", at(hours=30), **NO), clock(at(hours=48)), **NUMB),
        says_over=("R07 opened 2", "R07 cleared 2"),
        step=SECOND,
    ),
    Boundary(
        threshold="during_massage.adjust_clears_after",
        rule="R07",
        under=_after(clock(at(days=7, seconds=-1)), **HURT),
        says_under=("R07 opened 1",),
        over=_after(clock(at(days=7)), **HURT),
        says_over=("R07 opened 1", "R07 cleared 1"),
        step=SECOND,
    ),
)
