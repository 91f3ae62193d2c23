"""What a rule computed fills the sentence that its patient reads: no blank, no plain variant."""

from collections.abc import Mapping
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

CHRONIC = [ProfileChange(at(days=-60), {"phase": "chronic", "timezone": "Europe/Berlin"})]


def felt(name: str, when: datetime, **data: Any) -> Entry:
    return Entry.of({"id": name, "symptom_at": when, **data}, received_at=when)


def given(name: str, ended: datetime, **data: Any) -> Massage:
    times = {"started_at": ended - timedelta(minutes=30), "ended_at": ended}
    wire = {"id": name, "setting": "professional", **times, **data}
    return Massage.of(wire, received_at=ended)


def found(*records: Entry | Massage, rule: str) -> Transition:
    """The one line of a rule at the moment of the newest record."""
    timeline = Timeline(
        entries=[each for each in records if isinstance(each, Entry)],
        massages=[each for each in records if isinstance(each, Massage)],
        profile_changes=CHRONIC,
    )
    news = News(arrived=[each.id for each in records])
    now = max(each.moment for each in records)
    lines = step(timeline, Standing(), now=now, news=news).transitions
    (line,) = [line for line in lines if line.rule == rule]
    return line


def reason(line: Transition) -> str:
    return texts.why(texts.text(line.text_key, "en"), line.parameters)


@pytest.mark.parametrize(
    ("records", "rule", "expected"),
    [
        pytest.param(
            [given("m", at(), pain_before=4), felt("e", at(hours=30), pain=7)],
            "R08",
            "Your pain was 7 out of 10 at 30 hours after the massage, and 4 before.",
            id="R08-hold",
        ),
        pytest.param(
            [given(f"m{day}", at(days=day)) for day in (0, 5, 10)],
            "R12",
            "You had 3 massages in 30 days, and your limit is 2, so have none before 2026-04-06.",
            id="R12-too-many",
        ),
        pytest.param(
            [given(f"m{day}", at(days=day)) for day in (0, 5)],
            "R12",
            "You had 2 massages in 30 days, and your limit is 2, so have none before 2026-04-01.",
            id="R12-at-the-limit",
        ),
        pytest.param(
            [felt("a", at(), weakness=1), felt("b", at(days=1), weakness=3)],
            "R03",
            "Your weakness was 3 out of 10, and it was 1 before.",
            id="R03-prompt",
        ),
        pytest.param(
            [felt("a", at(), weakness=1), felt("b", at(days=1), weakness=5)],
            "R03",
            "You told us that your weakness went up fast.",
            id="R03-jump",
        ),
        pytest.param(
            [
                felt("a", at(), function_checks={"heel_walk_left": "can"}),
                felt("b", at(days=1), function_checks={"heel_walk_left": "cannot"}),
            ],
            "R03",
            "You told us that you can no longer do a move that you could do before.",
            id="R03-function-lost",
        ),
    ],
)
def test_the_reason_names_what_was_found(
    records: list[Entry | Massage], rule: str, expected: str
) -> None:
    assert reason(found(*records, rule=rule)) == expected


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
