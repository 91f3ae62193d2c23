"""The clean baseline, the flares that never enter it, and the two statistics."""

from datetime import datetime
from typing import Any

import pytest

from alerts.core.flares import PainHistory, pain_history
from alerts.core.parameters import CURRENT, Mark, declarations
from alerts.core.profile import Profile, ProfileChange, ProfileHistory
from alerts.core.records import Entry, Massage
from alerts.core.response import Response
from alerts.core.standing import Standing
from alerts.core.statistics import median, median_distance
from alerts.core.timeline import Timeline
from alerts.core.walk import Walk
from tests.alerts.core.story import at


def pains(*values: int, start: float = 0, every: float = 1, **last: Any) -> list[Entry]:
    """Pain values so many days apart; `last` are further answers of the last one."""
    return [
        pain(value, at(days=start + every * n), **(last if n == len(values) - 1 else {}))
        for n, value in enumerate(values)
    ]


def pain(value: int, when: datetime, **more: Any) -> Entry:
    name = f"e{(when - at()).total_seconds():+010.0f}"
    return Entry.of({"id": name, "symptom_at": when, "pain": value, **more}, received_at=when)


def massaged(ended: datetime, *, hours: float = 1) -> Massage:
    times = {"started_at": ended - (at(hours=hours) - at()), "ended_at": ended}
    return Massage.of({"id": "m", "setting": "self", **times}, received_at=ended)


def history(entries: list[Entry], *massages: Massage) -> PainHistory:
    walk = Walk(Timeline(entries, massages), Standing(), now=at(days=99), parameters=CURRENT)
    return pain_history(walk)


def baseline(entries: list[Entry], *massages: Massage, index: int = -1) -> float | None:
    found = history(entries, *massages).clean
    clean = found.at_entry(index % len(entries))
    return None if clean is None else clean.median


def flares(entries: list[Entry]) -> list[tuple[int, int, int | None]]:
    return [(f.begins, f.confirmed, f.ends) for f in history(entries).flares]


@pytest.mark.parametrize(
    ("values", "expected"),
    [((1,), 1), ((3, 1), 2), ((2, 1), 1.5), ((5, 1, 3), 3), ((4, 1, 3, 2), 2.5)],
)
def test_the_median_is_exact(values: tuple[int, ...], expected: float) -> None:
    assert median(values) == expected


def test_the_median_distance_is_not_scaled() -> None:
    assert median_distance([1, 2, 3, 4], 2.5) == 1
    assert median_distance([2, 2, 2, 9], 2) == 0


class TestBaseline:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            pytest.param((3, 3, 3, 3, 9), None, id="four-values-before"),
            pytest.param((3, 3, 3, 3, 3, 9), 3, id="five-values-before"),
        ],
    )
    def test_it_needs_five_values(self, values: tuple[int, ...], expected: float | None) -> None:
        assert baseline(pains(*values)) == expected

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            pytest.param(28, 3, id="28-days-back"),
            pytest.param(28.001, None, id="longer"),
        ],
    )
    def test_it_looks_back_28_days(self, days: float, expected: float | None) -> None:
        entries = [pain(3, at(days=-days)), *pains(3, 3, 3, 3, start=-8), pain(3, at())]
        assert baseline(entries) == expected

    def test_it_takes_the_newest_14(self) -> None:
        entries = [*pains(*[9] * 10, *[1] * 14, every=0.5), pain(1, at(days=20))]
        assert baseline(entries) == 1

    @pytest.mark.parametrize(
        ("hours", "clean"),
        [
            pytest.param(-1, True, id="at-the-start-of-the-massage"),
            pytest.param(-1 + 1 / 3600, False, id="a-second-later"),
            pytest.param(72, False, id="72-hours-after-its-end"),
            pytest.param(72 + 1 / 3600, True, id="a-second-later-again"),
        ],
    )
    def test_values_that_follow_a_massage_are_not_clean(self, hours: float, *, clean: bool) -> None:
        entries = [*pains(3, 3, 3, 3, start=-9), pain(3, at(hours=hours)), pain(3, at(days=9))]
        assert baseline(entries, massaged(at())) == (3 if clean else None)

    def test_a_massage_counts_only_once_it_is_over(self) -> None:
        during = pain(3, at(minutes=-30))
        early = [*pains(3, 3, 3, 3, start=-9), during, pain(3, at(minutes=-10))]
        assert baseline(early, massaged(at())) == 3
        later = [*pains(3, 3, 3, 3, start=-9), during, pain(3, at())]
        assert baseline(later, massaged(at())) is None

    def test_values_inside_a_flare_are_not_clean(self) -> None:
        calm_again = [*pains(2, 2, 2, 2, 2, 7, 7, 7, 7, 7, 3, 3), pain(3, at(days=12))]
        # Ten and eleven are calm; the first of the two still lies inside the flare.
        found = history(calm_again).clean.at_entry(12)
        assert found is not None
        assert sorted(found.values) == [2, 2, 2, 2, 2, 3]

    def test_a_flare_counts_only_once_it_is_confirmed(self) -> None:
        entries = pains(2, 2, 2, 2, 2, 7, 7, 7)
        clean = history(entries).clean
        seen = [clean.at_entry(index) for index in (6, 7)]
        assert [sorted(found.values) if found else [] for found in seen] == [[2] * 5, [2] * 5]


class TestFlares:
    @pytest.mark.parametrize(
        ("entries", "expected"),
        [
            pytest.param(pains(2, 2, 2, 2, 2, 4, 4), [(5, 6, None)], id="two-above-when-steady"),
            pytest.param(pains(2, 2, 2, 2, 2, 4, 3), [], id="the-second-too-low"),
            pytest.param(pains(2, 2, 2, 2, 2, 3, 4), [], id="the-first-too-low"),
            pytest.param(pains(2, 2, 2, 2, 4, 4), [], id="no-baseline-yet"),
            pytest.param(pains(1, 3, 1, 3, 2, 4, 4), [], id="unsteady-needs-three"),
            pytest.param(pains(1, 3, 1, 3, 2, 5, 5), [(5, 6, None)], id="unsteady-and-three-above"),
            pytest.param(
                [*pains(2, 2, 2, 2, 2), *pains(4, 4, start=9, every=3)],
                [(5, 6, None)],
                id="72-hours-apart",
            ),
            pytest.param(
                [*pains(2, 2, 2, 2, 2), *pains(4, 4, start=9, every=3.001)], [], id="further-apart"
            ),
            pytest.param(
                pains(2, 2, 2, 2, 2, 4, flare_today=True, activities_limited=True),
                [(5, 5, None)],
                id="reported",
            ),
            pytest.param(
                pains(2, 2, 2, 2, 2, 3, flare_today=True, activities_limited=True),
                [],
                id="reported-but-one-above",
            ),
            pytest.param(
                pains(2, 2, 2, 2, 2, 4, flare_today=True), [], id="reported-but-not-limiting"
            ),
            pytest.param(
                pains(2, 2, 2, 2, 2, 4, activities_limited=True), [], id="limited-but-no-flare"
            ),
            pytest.param(pains(2, 2, 2, 2, 2, 4, 4, 3, 3), [(5, 6, 8)], id="over-at-one-above"),
            pytest.param(pains(2, 2, 2, 2, 2, 4, 4, 3, 4, 3), [(5, 6, None)], id="not-in-a-row"),
            pytest.param(
                pains(2, 2, 2, 2, 2, 4, 4, 3, 3, 4, 4),
                [(5, 6, 8), (9, 10, None)],
                id="another-one-after-it",
            ),
        ],
    )
    def test_when_a_flare_begins_is_confirmed_and_ends(
        self, entries: list[Entry], expected: list[tuple[int, int, int | None]]
    ) -> None:
        assert flares(entries) == expected


def test_an_entry_without_pain_is_no_observation() -> None:
    walk = Walk(Timeline([], [massaged(at())]), Standing(), now=at(days=1), parameters=CURRENT)
    silent = Entry.of({"id": "e", "symptom_at": at(hours=30)}, received_at=at(hours=30))
    assert Response(walk, massaged(at())).is_increased(silent) is None


class TestProfile:
    def test_a_change_keeps_what_it_does_not_name_and_null_takes_back(self) -> None:
        given = {
            "region": "lumbar",
            "doctor_approval": {"status": "patient_reported"},
            "contraindications": ["osteoporosis"],
            "locale": "de",
        }
        past = ProfileHistory(
            [
                ProfileChange(at(days=2), {"region": None, "timezone": None}),
                ProfileChange(at(days=1), given),
            ]
        )
        assert past.at(at()) == Profile()
        assert past.at(at(days=1)).region == "lumbar"
        later = past.at(at(days=2))
        assert (later.region, later.contraindications) == ("both", ("osteoporosis",))
        assert later.doctor_approval.status == "patient_reported"
        assert past.days.date_of(at()) == at().date()


def test_every_threshold_is_declared_with_its_unit_and_mark() -> None:
    declared = list(declarations(CURRENT))
    assert len(declared) == len({(one.group, one.name) for one in declared})
    assert all(one.source.unit and one.source.mark in Mark for one in declared)
    (limit,) = [one for one in declared if one.name == "acute_per_7_days"]
    assert (limit.group, limit.value, limit.source.rows) == ("frequency", 2, (42,))
