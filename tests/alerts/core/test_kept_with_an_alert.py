"""What is kept with an alert so that it can be understood later: values, what was missing, why."""

from datetime import datetime
from typing import Any

from alerts.core.engine import step
from alerts.core.reconciliation import News
from alerts.core.records import Entry
from alerts.core.standing import Standing, Transition
from alerts.core.timeline import Timeline
from tests.alerts.core.story import at


def felt(name: str, when: datetime, **data: Any) -> Entry:
    return Entry.of({"id": name, "symptom_at": when, **data}, received_at=when)


def opened(rule: str, *entries: Entry) -> Transition:
    """The alert of a rule that is open when the newest of the entries has arrived."""
    news = News(arrived=[each.id for each in entries])
    timeline = Timeline(entries=list(entries))
    lines = step(timeline, Standing(), now=entries[-1].moment, news=news).transitions
    return next(line for line in lines if (line.rule, line.event) == (rule, "opened"))


def values(line: Transition) -> list[tuple[str, str, object]]:
    return [(item.id, item.field, item.value) for item in line.evidence]


USUAL = [felt(f"d{day}", at(days=day), pain=2) for day in range(5)]


def test_of_a_reported_flare_the_two_answers_that_report_it() -> None:
    reported = felt("e", at(days=5), pain=4, flare_today=True, activities_limited=True)
    line = opened("R16", *USUAL, reported)
    assert line.parameters["what"] == "reported"
    told = {("e", "pain", 4), ("e", "flare_today", True), ("e", "activities_limited", True)}
    assert set(values(line)) == told


def test_of_severe_pain_the_severe_values_alone() -> None:
    line = opened("R06", *USUAL, felt("e", at(days=5), pain=8, limb_pain=3))
    assert values(line) == [("e", "pain", 8)]


class TestNumbness:
    def test_a_reference_that_there_is_not(self) -> None:
        line = opened("R05", felt("e", at(), numbness=7))
        assert line.missing == ("reference",)

    def test_a_reference_that_there_is(self) -> None:
        line = opened("R05", felt("a", at(), numbness=1), felt("b", at(days=1), numbness=5))
        assert line.missing == ()

    def test_severe_numbness_is_for_a_doctor_without_any_weakness(self) -> None:
        """So it is the numbness that is shown, and weakness is no part of what it rests on."""
        weak = felt("w", at(), weakness=1), felt("x", at(days=1), weakness=3)
        line = opened("R05", *weak, felt("e", at(days=2), numbness=7))
        assert (line.level, line.parameters["what"]) == (3, "numbness_high")
        assert values(line) == [("e", "numbness", 7)]
