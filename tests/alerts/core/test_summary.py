"""The last days at one look, by themselves: a day's last value, and days without any."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.core import summary
from alerts.core.days import Days
from alerts.core.records import Entry

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = date(2026, 3, 10)
UTC_DAYS = Days([])


def entry(moment: datetime, name: str = "e", **scores: Any) -> Entry:
    return Entry.of({"id": name, "symptom_at": moment, **scores}, received_at=moment)


def series(*entries: Entry, length: int = 2, days: Days = UTC_DAYS) -> list[summary.Day]:
    return summary.series(entries, summary.window(days, now=NOW, length=length).dates, days)


@pytest.mark.parametrize("length", [1, 30, 365])
def test_so_many_days_end_today(length: int) -> None:
    window = summary.window(UTC_DAYS, now=NOW, length=length)
    assert len(window.dates) == length
    assert window.dates[-1] == TODAY
    assert window.dates == tuple(sorted(window.dates))
    assert window.ends_at == datetime(2026, 3, 11, tzinfo=UTC)
    assert window.ends_at - window.begins_at == timedelta(days=length)


def test_a_day_has_its_last_value_of_each_score() -> None:
    morning, noon, evening = (NOW.replace(hour=hour) for hour in (7, 12, 20))
    days = series(
        entry(evening, pain=2, limb_pain=0),
        entry(morning, pain=8, numbness=3),
        entry(noon, weakness=1),
    )
    assert days[-1] == summary.Day(TODAY, pain=2, numbness=3, weakness=1, limb_pain=0)


def test_of_two_at_the_same_moment_the_one_that_the_rules_take_last_counts() -> None:
    assert series(entry(NOW, "b", pain=1), entry(NOW, "a", pain=9))[-1].pain == 1


def test_a_day_without_a_value_is_there() -> None:
    days = series(entry(NOW, pain=4), length=3)
    assert days[:2] == [summary.Day(date(2026, 3, 8)), summary.Day(date(2026, 3, 9))]


def test_what_lies_outside_is_left_out() -> None:
    inside = NOW.replace(hour=0) - timedelta(days=1)
    for outside in (inside - timedelta(seconds=1), NOW.replace(hour=0) + timedelta(days=1)):
        assert not any(day.is_recorded for day in series(entry(outside, pain=4)))
    assert series(entry(inside, pain=4))[0].pain == 4


def test_days_are_those_of_the_place_where_the_patient_was() -> None:
    moved_at = NOW - timedelta(days=1)
    days = Days([(NOW - timedelta(days=9), ZoneInfo("UTC")), (moved_at, ZoneInfo("Asia/Tokyo"))])
    late = NOW.replace(hour=10) + timedelta(hours=6)  # 01:00 of the 11th in Tokyo
    before = NOW.replace(hour=16) - timedelta(days=2)  # still 16:00 of the 8th in UTC
    found = series(entry(late, pain=5), entry(before, "b", pain=6), length=3, days=days)
    assert [(day.date.day, day.pain) for day in found] == [(8, 6), (9, None), (10, None)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param({}, 0.0, id="nothing-said-of-the-scores"),
        pytest.param({"limb_pain": 0}, 0.333, id="a-zero-is-a-value"),
    ],
)
def test_completeness_is_the_share_of_days_with_a_value(
    scores: dict[str, Any], expected: float
) -> None:
    assert summary.completeness(series(entry(NOW, **scores), length=3)) == expected


def test_every_day_recorded_is_complete() -> None:
    entries = [entry(NOW - timedelta(days=back), str(back), pain=back) for back in range(7)]
    assert summary.completeness(series(*entries, length=7)) == 1.0
