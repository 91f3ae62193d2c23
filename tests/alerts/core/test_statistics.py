"""The statistics of the rules, against counting every order and every pair."""

import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations
from statistics import median as plain_median

import pytest

from alerts.core.statistics import chance_of_rise, is_rise, median, median_distance, median_slope


def score(values: Iterable[int]) -> int:
    """S of Mann and Kendall: rising pairs less falling pairs."""
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def counted(values: tuple[int, ...]) -> Fraction:
    """The share of all orders of these values with an S as high as theirs."""
    scores = [score(order) for order in permutations(values)]
    return Fraction(sum(each >= score(values) for each in scores), len(scores))


def slope(days: tuple[int, ...], values: tuple[int, ...]) -> Fraction:
    points = list(zip(days, values, strict=True))
    return plain_median(
        Fraction(value - earlier, day - before)
        for (before, earlier), (day, value) in combinations(points, 2)
    )


def falling_to(critical: int, size: int) -> tuple[int, ...]:
    """An order of different values with this S: a rise with some neighbours exchanged."""
    values = list(range(size))
    exchanges = (size * (size - 1) // 2 - critical) // 2
    while exchanges:
        for place in range(size - 1):
            if exchanges and values[place] < values[place + 1]:
                values[place : place + 2] = values[place + 1], values[place]
                exchanges -= 1
    assert score(values) == critical
    return tuple(values)


class TestChanceOfRise:
    @pytest.mark.parametrize("size", range(1, 6))
    def test_it_is_that_of_counting_every_order_with_every_kind_of_tie(self, size: int) -> None:
        picks = random.Random(size)
        for values in combinations_with_replacement(range(min(size, 4)), size):
            order = picks.sample(values, size)
            assert chance_of_rise(order) == counted(tuple(order))

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param((0, 1, 2, 3, 4, 5, 6), id="all-different"),
            pytest.param((3, 1, 4, 1, 5, 2, 6), id="one-tie"),
            pytest.param((2, 2, 3, 3, 3, 4, 4), id="three-ties"),
            pytest.param((6, 5, 4, 3, 2, 1, 0), id="falling"),
            pytest.param((4, 4, 4, 4, 4, 4, 4), id="constant"),
        ],
    )
    def test_so_it_is_for_seven_values(self, values: tuple[int, ...]) -> None:
        assert chance_of_rise(values) == counted(values)

    def test_it_is_a_matter_of_order_and_ties_alone(self) -> None:
        assert chance_of_rise((0, 0, 1, 2)) == chance_of_rise((3, 3, 7, 9)) == Fraction(1, 12)

    @pytest.mark.parametrize(
        ("size", "at_five_percent", "at_one_percent"),
        [
            (5, 8, 10),
            (7, 13, 17),
            (8, 16, 20),
            (9, 18, 24),
            (10, 21, 27),
            (11, 23, 31),
            (12, 26, 36),
            (13, 28, 40),
            (14, 33, 43),
        ],
    )
    def test_without_ties_it_has_the_published_critical_scores(
        self, size: int, at_five_percent: int, at_one_percent: int
    ) -> None:
        for critical, chance in ((at_five_percent, 0.05), (at_one_percent, 0.01)):
            assert is_rise(falling_to(critical, size), chance)
            assert not is_rise(falling_to(critical - 2, size), chance)

    def test_four_values_are_never_enough_for_one_percent(self) -> None:
        assert not is_rise((0, 1, 2, 3), 0.01)
        assert chance_of_rise((0, 1, 2, 3)) == Fraction(1, 24)

    @pytest.mark.parametrize(
        ("values", "chance"),
        [
            pytest.param((0,) * 19 + (1,), 0.05, id="one-of-twenty"),
            pytest.param((0,) * 9 + (1,), 0.1, id="one-of-ten"),
        ],
    )
    def test_exactly_the_chance_that_is_allowed_is_a_rise(
        self, values: tuple[int, ...], chance: float
    ) -> None:
        assert chance_of_rise(values) == Fraction(str(chance))
        assert is_rise(values, chance)
        assert not is_rise(values[1:], chance)


class TestMedianSlope:
    def test_it_is_the_median_over_all_pairs(self) -> None:
        picks = random.Random(17)
        for _ in range(300):
            size = picks.randint(2, 14)
            days = tuple(sorted(picks.sample(range(14), size)))
            values = tuple(picks.choices(range(11), k=size))
            assert median_slope(days, values) == slope(days, values)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            pytest.param((0, 1), Fraction(1, 3), id="one-pair"),
            pytest.param((0, 1, 1), Fraction(1, 6), id="the-one-in-the-middle"),
            pytest.param((0, 1, 2, 0), Fraction(1, 6), id="the-mean-of-two-in-the-middle"),
        ],
    )
    def test_it_is_exact_in_thirds(self, values: tuple[int, ...], expected: Fraction) -> None:
        days = tuple(range(0, 3 * len(values), 3))
        assert median_slope(days, values) == expected == slope(days, values)

    def test_thirds_over_nine_days_are_exactly_three_points(self) -> None:
        days, values = tuple(range(10)), tuple(day // 3 for day in range(10))
        assert median_slope(days, values) * 9 == slope(days, values) * 9 == 3


class TestMedian:
    def test_it_is_the_plain_median_of_a_sample(self) -> None:
        picks = random.Random(5)
        for size in range(1, 15):
            values = picks.choices(range(11), k=size)
            assert median(values) == plain_median(values)

    def test_the_distance_is_the_median_of_the_distances(self) -> None:
        assert median_distance([1, 2, 3, 4], 2.5) == 1
        assert median_distance([2, 2, 2, 9], 2) == 0
