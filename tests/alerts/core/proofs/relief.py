"""R19: massage after massage makes it better, and nothing speaks against saying so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.alerts.core.proofs.patients import SECOND, Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, closed, entry, massage

OPENED, ENDED = "R19 opened 0", "R19 cleared 0"
A_SECOND = 1 / (24 * 60 * 60)  # in days
AFTERNOON = 2 / 24
EARLY = (6, 15, 25)


@dataclass(frozen=True, kw_only=True)
class Relieved:
    """A patient who writes at noon, and feels better for three days after each massage.

    The massages end at 14:00 of their days; three days after the last, the rule looks. `pain` is
    the usual one, `after` that of the days after a massage, `felt` that of single days. They begin
    to write on `first_day`, leave out those `skipped`, and answer a function check on `checked`.
    """

    massages: tuple[float, ...] = (15, 25, 35)
    first_day: int = 0
    pain: int = 6
    after: int = 4
    felt: Mapping[int, int] = field(default_factory=dict)
    skipped: Collection[int] = ()
    checked: Mapping[float, str] = field(default_factory=lambda: {30: "can"})
    until: float = 0  # days after the look
    phase: str = "healing"

    @property
    def look(self) -> float:
        return self.massages[-1] + AFTERNOON + 3

    def diary(self, *more: Line) -> Diary:
        given = (
            massage(f"m{day}", at(days=day + AFTERNOON), minutes=20, pain_before=self.pain)
            for day in self.massages
        )
        checks = (
            entry(f"c{day}", at(days=day), function_checks={"grip_left": answer})
            for day, answer in self.checked.items()
        )
        end = clock(at(days=self.look + self.until))
        return story(patient(self.phase), *given, *self._entries(), *checks, *more, end)

    def _entries(self) -> list[Line]:
        days = range(self.first_day, int(self.look) + 1)
        return [self._entry(day) for day in days if day not in self.skipped]

    def _entry(self, day: int) -> Line:
        is_after = any(0 < day - given - AFTERNOON <= 3 for given in self.massages)
        pain = self.felt.get(day, self.after if is_after else self.pain)
        return entry(f"d{day:02}", at(days=day), pain=pain)


def _case(name: str, diary: Diary, *says: str) -> Case:
    return Case(
        rule="R19",
        name=name,
        diary=diary,
        says=says,
        text_keys=("positive.relief",) * len(says),
    )


def _quiet(name: str, *more: Line, **how: Any) -> Case:
    return _case(name, Relieved(**how).diary(*more))


def _flagged(until: float) -> tuple[Line, Line]:
    """An urgent alert early in the diary, which a physician closed after so many days."""
    flags: Answers = {"red_flags": {"bladder": "new_or_worse"}}
    return entry("f", at(days=1), **flags), closed("R01", at(days=until))


def _pressed(day: int) -> Line:
    """A massage over the disc, of which R14 has to speak."""
    return massage("s", at(days=day), minutes=15, over_disc=True)


def _again(*days: float) -> Diary:
    """Three that helped, one with advice on the day after the word, and more that helped."""
    diary = Relieved(
        massages=(15, 25, 35, *days), felt={41: 4, 42: 4}, checked={30: "can", 50: "can"}
    )
    return diary.diary(_pressed(39))


def _alternating(low: int) -> dict[int, int]:
    """One day more, one day less pain; without day 23 as many of each before the last massage."""
    return {day: low + (day % 2 == 0) for day in range(36) if not _is_low(day)}


def _is_low(day: int) -> bool:
    return day in (16, 17, 18, 26, 27, 28)


CASES = (
    _case("better-three-times", Relieved().diary(), OPENED),
    _quiet("better-twice", massages=(15, 25)),
    _quiet("as-before", after=6),
    _quiet("the-last-time-it-was-as-before", felt={37: 6, 38: 6}),
    _quiet("the-first-time-it-was-as-before", felt={17: 6, 18: 6}),
    _quiet("the-second-time-it-was-as-before", felt={27: 6, 28: 6}),
    _quiet("two-values-before-the-first", first_day=5, massages=EARLY, checked={20: "can"}),
    _case(
        "three-values-before-the-first",
        Relieved(first_day=4, massages=EARLY, checked={20: "can"}).diary(),
        OPENED,
    ),
    _quiet("an-entry-on-two-days-of-three", skipped=(*range(10, 15), *range(19, 23))),
    _quiet("no-function-check", checked={}),
    _quiet("a-function-was-lost", checked={29: "can", 30: "cannot"}),
    _case("a-function-came-back", Relieved(checked={1: "cannot", 30: "can"}).diary(), OPENED),
    _quiet("an-urgent-alert-three-weeks-ago", *_flagged(until=20)),
    _quiet("a-flare-three-weeks-ago", pain=4, after=2, felt={12: 6, 13: 6}),
    _quiet("a-flare-that-is-not-over", pain=4, after=2, felt={33: 6, 34: 6}, massages=(11, 21, 31)),
    _case(
        "a-flare-long-ago",
        Relieved(pain=4, after=2, felt={5: 6, 6: 6}).diary(),
        OPENED,
    ),
    _case("less-pain-to-begin-with", Relieved(pain=4, after=2).diary(), OPENED),
    _quiet("advice-is-open", _pressed(34)),
    _case("it-ends-in-time", Relieved(until=28).diary(), OPENED, ENDED),
    _case(
        "it-ends-when-a-rule-speaks-again",
        Relieved(until=2).diary(_pressed(39)),
        *(OPENED, ENDED),
    ),
    _case(
        "it-ends-with-a-red-flag",
        Relieved(until=2).diary(entry("f", at(days=39), red_flags={"bladder": "new_or_worse"})),
        *(OPENED, ENDED),
    ),
    _case(
        "it-stays-when-nothing-speaks",
        Relieved(until=2).diary(massage("s", at(days=39), minutes=20)),
        OPENED,
    ),
    _case("better-again-too-soon", _again(45), OPENED, ENDED),
    _case("better-again-after-28-days", _again(45, 63), OPENED, ENDED, OPENED),
)


def _boundary(
    name: str,
    *,
    silent: Diary,
    speaks: Diary,
    step: Any = SECOND,
    says: tuple[str, ...] = (OPENED,),
) -> Boundary:
    return Boundary(
        threshold=f"relief.{name}",
        rule="R19",
        under=silent,
        says_under=says[:-1],
        over=speaks,
        says_over=says,
        step=step,
    )


LOOK = Relieved().look
R06_CLOSED = closed("R06", at(days=5.5))  # at the very beginning high pain has no baseline
# Days on which nothing is needed; massages on the days 15, 25 and 35, the look on day 38.
SPARE = (12, 13, 14, 19, 20, 21, 22, 29)
FEW = (18, 19, 20, 25, 26, 32, 33)
BOUNDARIES = (
    _boundary(
        "massages",
        silent=Relieved(felt={17: 6, 18: 6}).diary(),
        speaks=Relieved().diary(),
        step=1,
    ),
    _boundary(
        "within",
        silent=Relieved(massages=(6 - A_SECOND, 20, 45)).diary(),
        speaks=Relieved(massages=(6, 20, 45)).diary(),
    ),
    _boundary(
        "drop",
        silent=Relieved(pain=4, after=2, felt={37: 2, 38: 3}).diary(),
        speaks=Relieved(pain=4, after=2, felt={37: 2, 38: 2}).diary(),
        step=0.5,
    ),
    # 70.6 % of B, and 69.2 %: pain is in halves, and none lie nearer.
    _boundary(
        "drop_to",
        silent=Relieved(pain=8, felt={**_alternating(8), 37: 6, 38: 6}, skipped=(23,)).diary(
            R06_CLOSED
        ),
        speaks=Relieved(pain=6, felt={**_alternating(6), 37: 4, 38: 5}, skipped=(23,)).diary(
            R06_CLOSED
        ),
        step=1,
    ),
    _boundary(
        "quiet_for",
        silent=Relieved().diary(*_flagged(until=LOOK - 28)),
        speaks=Relieved().diary(*_flagged(until=LOOK - 28 - A_SECOND)),
    ),
    _boundary(
        "diary_days",
        silent=Relieved(skipped=(*SPARE, 9, 10)).diary(),
        speaks=Relieved(skipped=(*SPARE, 9)).diary(),
        step=1,
    ),
    _boundary(
        "least_days",
        silent=Relieved(first_day=1, massages=(5, 11, 18), checked={9: "can"}).diary(),
        speaks=Relieved(first_day=0, massages=(5, 11, 18), checked={9: "can"}).diary(),
        step=1,
    ),
    # 16 of 23 days, and 17 of 24.
    _boundary(
        "completeness",
        silent=Relieved(first_day=15, massages=(21, 28, 35), skipped=FEW).diary(),
        speaks=Relieved(first_day=14, massages=(21, 28, 35), skipped=FEW).diary(),
        step=1,
    ),
    _boundary(
        "checked_within",
        silent=Relieved(checked={LOOK - 28 - A_SECOND: "can"}).diary(),
        speaks=Relieved(checked={LOOK - 28: "can"}).diary(),
    ),
    _boundary(
        "lasts",
        silent=Relieved(until=28 - A_SECOND).diary(),
        speaks=Relieved(until=28).diary(),
        says=(OPENED, ENDED),
    ),
    _boundary(
        "lasts",
        silent=_again(45, 63 - A_SECOND),
        speaks=_again(45, 63),
        says=(OPENED, ENDED, OPENED),
    ),
)
