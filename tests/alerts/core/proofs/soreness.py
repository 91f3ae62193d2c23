"""R09: sore muscles after a massage."""

from typing import Any

from tests.alerts.core.proofs.patients import SECOND, Answers, answered, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import Line, at, clock, entry, massage

WORSE: Answers = {"global_change": "worse"}


def _sore(name: str, hours: float, soreness: int, *, seconds: float = 0, **more: Any) -> Line:
    """An entry that answers how sore the muscles are, and more if it is told."""
    when = at(hours=hours, seconds=seconds)
    pain = more.pop("pain", None)
    return entry(name, when, pain=pain, **answered(soreness=soreness, **more))


def _common(name: str, hours: float, soreness: int, *, seconds: float = 0, pain: int = 4) -> Line:
    """Sore, but with no more pain than before, and no new signs."""
    return _sore(name, hours, soreness, seconds=seconds, pain=pain, new_neuro=False)


def _after(*lines: Line) -> Diary:
    """A massage, and what came after it."""
    return story(patient(), massage("m", at(), pain_before=4), *lines)


CASES = (
    Case(
        rule="R09",
        name="sore-and-no-more-pain-than-before",
        diary=_after(_common("e", 47, 4)),
        says=("R09 opened 0",),
        text_keys=("info.soreness",),
    ),
    Case(
        rule="R09",
        name="sore-on-the-first-day",
        diary=_after(_common("e", 1, 10)),
        says=("R09 opened 0",),
    ),
    Case(rule="R09", name="not-sore", diary=_after(_common("e", 47, 0)), says=()),
    Case(
        rule="R09",
        name="new-signs-not-answered-are-not-a-no",
        diary=_after(_sore("e", 47, 4, pain=4)),
        says=(),
    ),
    Case(
        rule="R09",
        name="soreness-never-explains-new-signs",
        diary=_after(_sore("e", 47, 4, pain=4, new_neuro=True)),
        says=(),
    ),
    Case(
        rule="R09",
        name="without-a-pain-value-nothing-is-known-of-pain",
        diary=_after(_sore("e", 47, 4, new_neuro=False)),
        says=(),
    ),
    Case(
        rule="R09",
        name="more-pain-is-not-common-even-on-the-first-day",
        diary=_after(_common("e", 20, 4, pain=6)),
        says=(),
    ),
    Case(
        rule="R09",
        name="sore-after-two-days",
        diary=_after(_sore("e", 49, 1)),
        says=("R09 opened 2",),
        text_keys=("hold.soreness",),
    ),
    Case(
        rule="R09",
        name="common-first-and-then-lasting",
        diary=_after(_common("e", 30, 3), _common("f", 49, 1)),
        says=("R09 opened 0", "R09 raised 2"),
        text_keys=("info.soreness", "hold.soreness"),
    ),
    Case(
        rule="R09",
        name="strong-and-worse-after-a-day",
        diary=_after(_sore("e", 24, 4, **WORSE)),
        says=("R09 opened 2",),
        text_keys=("hold.soreness",),
    ),
    Case(
        rule="R09",
        name="strong-and-worse-has-no-last-day",
        diary=_after(_sore("e", 24 * 10, 4, **WORSE)),
        says=("R09 opened 2",),
    ),
    Case(
        rule="R09",
        name="strong-but-the-same",
        diary=_after(_sore("e", 30, 10, global_change="same")),
        says=(),
    ),
    Case(
        rule="R09",
        name="it-belongs-to-the-massage-that-is-named",
        diary=_after(
            massage("n", at(hours=30), pain_before=4),
            entry("e", at(hours=49), **answered("m", soreness=1)),
        ),
        says=("R09 opened 2",),
    ),
    Case(
        rule="R09",
        name="it-belongs-to-the-last-massage-if-none-is-named",
        diary=_after(massage("n", at(hours=30), pain_before=4), _sore("e", 49, 1)),
        says=(),
    ),
    Case(
        rule="R09",
        name="a-hold-ends-with-the-soreness",
        diary=_after(_sore("e", 49, 3), _sore("f", 60, 1), _sore("g", 70, 0)),
        says=("R09 opened 2", "R09 cleared 2"),
    ),
    Case(
        rule="R09",
        name="sore-again-opens-it-again",
        diary=_after(_sore("e", 49, 3), _sore("f", 60, 0), _sore("g", 70, 1)),
        says=("R09 opened 2", "R09 cleared 2", "R09 opened 2"),
    ),
    Case(
        rule="R09",
        name="pain-says-more-and-ends-it",
        diary=_after(_common("e", 25, 3), entry("f", at(hours=30), pain=6)),
        says=("R09 opened 0", "R09 cleared 0"),
    ),
    Case(
        rule="R09",
        name="while-pain-holds-it-is-silent",
        diary=_after(entry("e", at(hours=30), pain=6), _sore("f", 50, 4)),
        says=(),
    ),
    Case(
        rule="R09",
        name="another-massage-that-left-no-soreness-does-not-end-it",
        diary=_after(_sore("e", 49, 1), massage("n", at(hours=60)), _sore("f", 70, 0, massage="n")),
        says=("R09 opened 2",),
    ),
    Case(
        rule="R09",
        name="soreness-that-is-said-later-does-not-end-it",
        diary=_after(_sore("e", 24 * 6, 1), _sore("f", 24 * 8, 1)),
        says=("R09 opened 2",),
    ),
    Case(
        rule="R09",
        name="after-the-pain-only-new-soreness-opens-it",
        diary=_after(
            entry("e", at(hours=30), pain=6),
            _sore("f", 50, 4),
            entry("g", at(hours=52), pain=4),
            entry("h", at(hours=54), pain=4),
            clock(at(hours=60)),
            _sore("i", 61, 2),
        ),
        says=("R09 opened 2",),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="soreness.common_within",
        rule="R09",
        under=_after(_common("e", 48, 1)),
        says_under=("R09 opened 0",),
        over=_after(_common("e", 48, 1, seconds=1)),
        says_over=("R09 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="soreness.lingers_until",
        rule="R09",
        under=_after(_sore("e", 24 * 7, 1)),
        says_under=("R09 opened 2",),
        over=_after(_sore("e", 24 * 7, 1, seconds=1)),
        says_over=(),
        step=SECOND,
    ),
    Boundary(
        threshold="soreness.lingers_from",
        rule="R09",
        under=_after(_sore("e", 49, 0)),
        says_under=(),
        over=_after(_sore("e", 49, 1)),
        says_over=("R09 opened 2",),
    ),
    Boundary(
        threshold="soreness.strong_above",
        rule="R09",
        under=_after(_sore("e", 30, 3, **WORSE)),
        says_under=(),
        over=_after(_sore("e", 30, 4, **WORSE)),
        says_over=("R09 opened 2",),
    ),
    Boundary(
        threshold="soreness.strong_from",
        rule="R09",
        under=_after(_sore("e", 24, 4, seconds=-1, **WORSE)),
        says_under=(),
        over=_after(_sore("e", 24, 4, **WORSE)),
        says_over=("R09 opened 2",),
        step=SECOND,
    ),
    Boundary(
        threshold="soreness.info_clears_after",
        rule="R09",
        under=_after(_common("e", 47, 4), clock(at(hours=72, seconds=-1))),
        says_under=("R09 opened 0",),
        over=_after(_common("e", 47, 4), clock(at(hours=72))),
        says_over=("R09 opened 0", "R09 cleared 0"),
        step=SECOND,
    ),
    Boundary(
        threshold="soreness.hold_clears_after",
        rule="R09",
        under=_after(_sore("e", 49, 1), clock(at(days=7, hours=49, seconds=-1))),
        says_under=("R09 opened 2",),
        over=_after(_sore("e", 49, 1), clock(at(days=7, hours=49))),
        says_over=("R09 opened 2", "R09 cleared 2"),
        step=SECOND,
    ),
)
