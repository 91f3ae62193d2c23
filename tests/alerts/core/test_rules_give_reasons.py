"""What a rule computed fills the sentence that its patient reads: no blank, no plain variant."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.core import texts
from alerts.core.engine import judge_red_flags, step
from alerts.core.profile import Profile
from alerts.core.reconciliation import News
from alerts.core.records import Entry, Massage
from alerts.core.standing import Standing, Transition
from alerts.core.timeline import ProfileChange, Timeline
from tests.alerts.core.story import at

CHRONIC = {"phase": "chronic", "doctor_approval": {"status": "physician_confirmed"}}


def felt(name: str, when: datetime, **data: Any) -> Entry:
    return Entry.of({"id": name, "symptom_at": when, **data}, received_at=when)


def daily(values: Iterable[int], score: str) -> list[Entry]:
    """One entry a day from the start of the story on."""
    return [felt(f"d{day}", at(days=day), **{score: value}) for day, value in enumerate(values)]


def given(name: str, ended: datetime, *, minutes: int = 20, **data: Any) -> Massage:
    times = {"started_at": ended - timedelta(minutes=minutes), "ended_at": ended}
    wire = {"id": name, "setting": "professional", **times, **data}
    return Massage.of(wire, received_at=ended)


def found(
    *records: Entry | Massage, rule: str, later: timedelta = timedelta(0), **profile: Any
) -> Transition:
    """The newest line of a rule at the moment of the newest record, or later."""
    timeline = Timeline(
        entries=[each for each in records if isinstance(each, Entry)],
        massages=[each for each in records if isinstance(each, Massage)],
        profile_changes=[ProfileChange(at(days=-60), {**CHRONIC, **profile})],
    )
    now = max(each.moment for each in records) + later
    arrived = News(arrived=[each.id for each in records])
    lines = step(timeline, Standing(), now=now, news=arrived).transitions
    return [line for line in lines if line.rule == rule][-1]


def reason(line: Transition) -> str:
    return texts.why(texts.text(line.text_key, "en"), line.parameters)


HURT = {"pain_before": 3, "pain_during_max": 6}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            lambda: found(
                felt("a", at(), weakness=1), felt("b", at(days=1), weakness=3), rule="R03"
            ),
            "Your weakness was 3 out of 10, and it was 1 before.",
            id="R03-prompt",
        ),
        pytest.param(
            lambda: found(
                felt("a", at(), function_checks={"heel_walk_left": "can"}),
                felt("b", at(days=1), function_checks={"heel_walk_left": "cannot"}),
                rule="R03",
            ),
            "You told us that you can no longer do a move that you could do before.",
            id="R03-function-lost",
        ),
        pytest.param(
            lambda: found(*daily([3] * 7, "weakness"), rule="R04"),
            "You told us on 7 days lately that you feel weak.",
            id="R04",
        ),
        pytest.param(
            lambda: found(
                felt("a", at(), numbness=1), felt("b", at(days=1), numbness=5), rule="R05"
            ),
            "Your numbness was 5 out of 10, and it was 1 before.",
            id="R05-jump",
        ),
        pytest.param(
            lambda: found(
                felt("a", at(), numb_regions=["left_leg"]),
                felt("b", at(days=1), numb_regions=["left_leg", "left_hand"]),
                rule="R05",
            ),
            "You told us that you now feel numb in the left hand and left leg.",
            id="R05-new-region",
        ),
        pytest.param(
            lambda: found(*daily([4] * 6 + [8], "pain"), rule="R06"),
            "Your pain was 8 out of 10, and on most days it was 4.",
            id="R06-jump",
        ),
        pytest.param(
            lambda: found(*daily([8, 9], "pain"), rule="R06"),
            "Your pain stays very high, now at 9 out of 10.",
            id="R06-lasting",
        ),
        pytest.param(
            lambda: found(given("m", at(), **HURT), rule="R07"),
            "During the massage your pain went from 3 to 6.",
            id="R07-pain",
        ),
        pytest.param(
            lambda: found(given("m", at(), **HURT), given("n", at(days=20), **HURT), rule="R07"),
            "Once more, your pain went from 3 to 6 during a massage.",
            id="R07-pain-again",
        ),
        pytest.param(
            lambda: found(given("m", at(), neuro_during=["tingling", "numbness"]), rule="R07"),
            "During the massage you felt numbness and tingling.",
            id="R07-nerve-signs",
        ),
        pytest.param(
            lambda: found(
                given("m", at()),
                felt("a", at(hours=30), after_massage={"massage": "m", "new_neuro": True}),
                rule="R07",
            ),
            "You told us of new numbness, tingling or weakness 30 hours after the massage.",
            id="R07-afterwards",
        ),
        pytest.param(
            lambda: found(
                given("m", at(), pain_before=4), felt("e", at(hours=30), pain=7), rule="R08"
            ),
            "Your pain was 7 out of 10 at 30 hours after the massage, and 4 before.",
            id="R08-hold",
        ),
        pytest.param(
            lambda: found(
                given("m", at(), pain_before=4),
                felt("e", at(hours=50), pain=4, after_massage={"massage": "m", "soreness": 2}),
                rule="R09",
            ),
            "Your muscles were still sore at 2 out of 10, 50 hours after the massage.",
            id="R09-hold",
        ),
        pytest.param(
            lambda: found(
                given("m", at()), rule="R10", contraindications=["anticoagulant"], severity="severe"
            ),
            "For this massage, your record shows a blood thinner and a severe disc problem.",
            id="R10",
        ),
        pytest.param(
            lambda: found(
                felt("a", at(), numbness=6, limb_pain=8),
                given("m", at(days=1)),
                rule="R11",
                phase="acute",
                doctor_approval={"status": "physician_confirmed", "allow_acute": True},
            ),
            "In the days before this massage you told us of numbness "
            "and strong pain in an arm or leg.",
            id="R11-nerve-signs",
        ),
        pytest.param(
            lambda: found(*(given(f"m{day}", at(days=day)) for day in (0, 5, 10)), rule="R12"),
            "You had 3 massages in 30 days, and your limit is 2, so have none before 6 April 2026.",
            id="R12-too-many",
        ),
        pytest.param(
            lambda: found(*(given(f"m{day}", at(days=day)) for day in (0, 5)), rule="R12"),
            "You had 2 massages in 30 days, and your limit is 2, so have none before 1 April 2026.",
            id="R12-at-the-limit",
        ),
        pytest.param(
            lambda: found(given("m", at(), minutes=25), rule="R13"),
            "This massage took 25 minutes; at the start or after a break the limit is 20.",
            id="R13-first",
        ),
        pytest.param(
            lambda: found(given("m", at(), techniques=["shaking"], over_disc=True), rule="R14"),
            "This massage had shaking and pressure over the disc.",
            id="R14",
        ),
        pytest.param(
            lambda: found(
                given(
                    "m",
                    at(),
                    heavy_lifting_ended_at=at(hours=-1),
                    sitting_minutes=180,
                    sitting_ended_at=at(hours=-1),
                ),
                rule="R15",
            ),
            "You had this massage soon after heavy lifting and soon after you sat for long.",
            id="R15",
        ),
        pytest.param(
            lambda: found(*daily([3, 3, 3, 3, 3, 7, 7], "pain"), rule="R16"),
            "Your pain was 7 out of 10, and on most days it was 3.",
            id="R16",
        ),
        pytest.param(
            lambda: found(
                *daily([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6], "weakness"),
                rule="R17",
                later=timedelta(days=2),
            ),
            "In 13 days with entries, your weakness went up by about 6 out of 10.",
            id="R17-weakness",
        ),
        pytest.param(
            lambda: found(
                *(given(f"m{day}", at(days=day), pain_before=3) for day in (0, 20, 40)),
                *(felt(f"e{day}", at(days=day, hours=30), pain=7) for day in (0, 20, 40)),
                rule="R18",
                later=timedelta(hours=42),
            ),
            "You felt worse after 3 of your last 3 massages.",
            id="R18",
        ),
    ],
)
def test_the_reason_names_what_was_found(line: Callable[[], Transition], expected: str) -> None:
    transition = line()
    assert reason(transition) == expected
    chinese = texts.text(transition.text_key, "zh-Hans")
    assert texts.why(chinese, transition.parameters) not in {"", chinese.why_plain}


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param({"bladder": "new_or_worse"}, "trouble with your bladder", id="R01"),
        pytest.param({"gait_unsteady": "new_or_worse"}, "unsteady walking", id="R02"),
    ],
)
def test_the_reason_of_a_red_flag_names_it(flags: Mapping[str, str], expected: str) -> None:
    outcome = judge_red_flags(
        felt("e", at(), red_flags=flags),
        previous=None,
        profile=Profile(),
        standing=Standing(),
        at=at(),
    )
    (line,) = outcome.transitions
    assert expected in reason(line)
