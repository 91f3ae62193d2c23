"""R14: a technique, a pressure or a site that a disc does not bear."""

from typing import Any

from tests.alerts.core.proofs.patients import Answers, patient, story
from tests.alerts.core.proofs.shape import Boundary, Case, Diary
from tests.alerts.core.story import at, clock, massage, profile

ADJUST, HOLD, ADJUST_ENDED = "R14 opened 1", "R14 opened 2", "R14 cleared 1"
KEYS = {ADJUST: "adjust.technique", HOLD: "hold.technique"}
SHAKEN: Answers = {"techniques": ["shaking"]}
DEEP: Answers = {"pressure": "deep"}
BALL = ["roller_or_ball"]


def _massages(*how: Answers, phase: str = "chronic", then: tuple[Any, ...] = ()) -> Diary:
    """A massage a day, each in its own way."""
    given = (massage(f"m{day}", at(days=day), minutes=15, **each) for day, each in enumerate(how))
    return story(patient(phase), *given, *then)


def _case(name: str, diary: Diary, *says: str) -> Case:
    keys = tuple(KEYS[line] for line in says if line in KEYS)
    return Case(
        rule="R14",
        name=name,
        diary=diary,
        says=says,
        text_keys=keys if len(keys) == len(says) else (),
    )


def _once(name: str, *says: str, phase: str = "chronic", **how: Any) -> Case:
    return _case(name, _massages(how, phase=phase), *says)


CASES = (
    *(
        _once(name, HOLD, techniques=[name])
        for name in ("manipulation", "spinal_twist", "spinal_stretch")
    ),
    *(_once(name, ADJUST, techniques=[name]) for name in ("shaking", "vibration", "bouncing")),
    _once("other-techniques", techniques=["kneading", "heat", "passive_stretch", "pressing"]),
    _once("over-the-disc", ADJUST, over_disc=True),
    _once("not-over-the-disc", over_disc=False, neutral_position=True),
    _once("over-the-disc-and-deep", HOLD, over_disc=True, pressure="deep"),
    _once("over-the-disc-and-moderate", ADJUST, over_disc=True, pressure="moderate"),
    _once("a-twisted-position", ADJUST, neutral_position=False),
    _once("position-not-answered", neutral_position=None, over_disc=None),
    _once("a-roller-on-the-low-back", ADJUST, techniques=BALL, sites=["low_back"]),
    _once("a-roller-elsewhere", techniques=BALL, sites=["thighs"]),
    _once("a-roller-somewhere", techniques=BALL),
    _once("deep-while-healing", ADJUST, phase="healing", **DEEP),
    _once("deep-when-chronic", **DEEP),
    _once("moderate-while-healing", phase="healing", pressure="moderate"),
    _once("deep-when-acute", ADJUST, phase="acute", **DEEP),
    _once("moderate-when-acute", ADJUST, phase="acute", pressure="moderate"),
    _once("moderate-in-an-unknown-phase", ADJUST, phase="unknown", pressure="moderate"),
    _once("light-when-acute", phase="acute", pressure="light", sites=["calves"]),
    _once("pressure-not-answered-when-acute", phase="acute"),
    *(
        _once(f"acute-{site}", ADJUST, phase="acute", pressure="light", sites=["feet", site])
        for site in ("neck", "upper_back", "mid_back", "low_back")
    ),
    _once("acute-shoulders", phase="acute", pressure="light", sites=["shoulders"]),
    _once("healing-low-back", phase="healing", sites=["low_back"]),
    _case("shaken-twice", _massages(SHAKEN, SHAKEN), ADJUST, HOLD),
    _case("shaken-twice-in-three", _massages(SHAKEN, {}, SHAKEN), ADJUST, HOLD),
    _case("shaken-twice-in-four", _massages(SHAKEN, {}, {}, SHAKEN), ADJUST, ADJUST),
    _case("something-else-each-time", _massages(SHAKEN, {"over_disc": True}), ADJUST, ADJUST),
    _case(
        "each-is-judged-in-its-own-phase",
        _massages(
            DEEP,
            {"pressure": "light"},
            phase="healing",
            then=(
                profile(at(days=1, hours=1), phase="chronic"),
                massage("n", at(days=2), **DEEP),
            ),
        ),
        ADJUST,
    ),
    _case(
        "deep-when-healing-after-deep-when-chronic-is-the-first-time",
        _massages(
            DEEP,
            then=(profile(at(hours=1), phase="healing"), massage("n", at(days=1), **DEEP)),
        ),
        ADJUST,
    ),
    _case(
        "a-twist-twice-is-still-a-hold",
        _massages({"techniques": ["spinal_twist"]}, {"techniques": ["spinal_twist"]}),
        *(HOLD, HOLD),
    ),
    _case("seven-days-later", _massages(SHAKEN, then=(clock(at(days=7)),)), ADJUST, ADJUST_ENDED),
    _case(
        "shaken-again-after-it-was-over",
        _massages(SHAKEN, then=(massage("n", at(days=9), **SHAKEN),)),
        *(ADJUST, ADJUST_ENDED, HOLD),
    ),
)

BOUNDARIES = (
    Boundary(
        threshold="findings.massages_before",
        rule="R14",
        under=_massages(SHAKEN, {}, SHAKEN),
        says_under=(ADJUST, HOLD),
        over=_massages(SHAKEN, {}, {}, SHAKEN),
        says_over=(ADJUST, ADJUST),
    ),
)
