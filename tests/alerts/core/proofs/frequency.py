"""R12: too many massages for the phase."""

from typing import Any

from tests.alerts.core.proofs.patients import Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary, Says
from tests.alerts.core.story import Line, at, clock, massage

NOTICE, OPENED, RAISED = "R12 reminder 0", "R12 opened 1", "R12 raised 2"
CLEARED = "R12 cleared 1"
NECK: Answers = {"setting": "self", "sites": ["neck"]}


def _given(phase: str, *days: int, then: tuple[Line, ...] = (), **known: Any) -> Diary:
    """A massage on each of the days."""
    return story(patient(phase, **known), *(_massage(day) for day in days), *then)


def _massage(day: int, **how: Any) -> Line:
    return massage(f"m{day}", at(days=day), minutes=15, **how)


def _case(name: str, diary: Diary, *says: str, keys: tuple[str, ...] = ()) -> Case:
    return Case(rule="R12", name=name, diary=diary, says=says, text_keys=keys)


CASES = (
    _case("acute-one-in-a-week", _given("acute", 0, 7, 14)),
    _case("acute-two-in-a-week", _given("acute", 0, 6), NOTICE, keys=("info.frequency_limit",)),
    _case(
        "acute-three-in-a-week",
        _given("acute", 0, 1, 6),
        NOTICE,
        OPENED,
        keys=("info.frequency_limit", "reduce.frequency"),
    ),
    _case("acute-the-third-a-week-later", _given("acute", 0, 1, 7), NOTICE, NOTICE),
    _case(
        "acute-four-in-a-week",
        _given("acute", 0, 1, 2, 3),
        NOTICE,
        OPENED,
        RAISED,
        keys=("info.frequency_limit", "reduce.frequency", "hold.frequency"),
    ),
    _case("unknown-counts-as-acute", _given("unknown", 0, 1, 6), NOTICE, OPENED),
    _case("healing-five-in-a-week-is-no-hold", _given("healing", 0, 1, 2, 3, 4), NOTICE, OPENED),
    _case("chronic-the-third-30-days-later", _given("chronic", 0, 29, 30), NOTICE, NOTICE),
    _case("chronic-three-in-30-days", _given("chronic", 0, 28, 29), NOTICE, OPENED),
    _case(
        "a-plan-replaces-the-limit-of-the-phase",
        _given("chronic", 0, 1, 2, plan_override={"max_per_7_days": 3}),
        NOTICE,
    ),
    _case(
        "a-plan-may-be-stricter",
        _given("healing", 0, 1, plan_override={"max_per_30_days": 1}),
        NOTICE,
        OPENED,
    ),
    _case(
        "by-hand-on-the-injured-region",
        story(patient("healing", region="cervical"), *(_massage(d, **NECK) for d in range(4))),
        NOTICE,
        OPENED,
    ),
    _case(
        "by-hand-elsewhere-does-not-count",
        story(patient("healing", region="lumbar"), *(_massage(d, **NECK) for d in range(4))),
    ),
    _case(
        "a-midnight-ends-it",
        _given("healing", 0, 1, 2, 3, then=(clock(at(days=6, hours=12)),)),
        NOTICE,
        OPENED,
        CLEARED,
    ),
    _case(
        "a-further-massage-puts-the-end-off",
        _given("healing", 0, 1, 2, 3, 6, then=(clock(at(days=7, hours=11)),)),
        NOTICE,
        OPENED,
    ),
    _case(
        "after-the-end-only-a-further-massage-opens-it",
        _given("acute", 0, 1, 2, 9, 10, 11),
        *(NOTICE, OPENED, CLEARED, NOTICE, OPENED),
    ),
)


def _limit(name: str, phase: str, under: tuple[int, ...], over: int) -> Boundary:
    """One massage more than the limit; up to it there is the notice."""
    says: Says = (NOTICE,)
    return Boundary(
        threshold=f"frequency.{name}",
        rule="R12",
        under=_given(phase, *under),
        says_under=says,
        over=_given(phase, *under, over),
        says_over=(*says, OPENED),
    )


BOUNDARIES = (
    _limit("acute_per_7_days", "acute", (0, 1), 2),
    _limit("healing_per_7_days", "healing", (0, 1, 2), 3),
    _limit("chronic_per_30_days", "chronic", (0, 1), 2),
    Boundary(
        threshold="frequency.hold_beyond_limit",
        rule="R12",
        under=_given("acute", 0, 1, 2),
        says_under=(NOTICE, OPENED),
        over=_given("acute", 0, 1, 2, 3),
        says_over=(NOTICE, OPENED, RAISED),
    ),
)
