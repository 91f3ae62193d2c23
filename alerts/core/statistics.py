"""The statistics of the rules, exact for whole scores (halves and quarters are exact).

The chance of a rise is that of Mann and Kendall, one-sided and exact with ties: if every order of
the values is equally likely, the number of falling pairs has the generating function
[n]_q! / prod [t_j]_q!, where t_j counts how often each value occurs. S = D - 2 * falling pairs
with D pairs of different values, so a high S is a low number of falling pairs.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, combinations, pairwise, starmap
from math import lcm
from operator import gt


def median(values: Sequence[float]) -> float:
    """The middle of at least one value; of an even number, the mean of the two in the middle."""
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2


def median_distance(values: Sequence[float], centre: float) -> float:
    """The median absolute distance from `centre`, unscaled (MAD when centre is the median)."""
    return median([abs(value - centre) for value in values])


# A diary is walked anew at each step, and almost all its windows are those of the step before.
@lru_cache(maxsize=1024)
def median_slope(days: tuple[int, ...], values: tuple[int, ...]) -> Fraction:
    """The slope of Theil and Sen per day: the median over all pairs of at least two rising days."""
    # A multiple of every distance there can be, so that the slopes are whole numbers.
    common = lcm(*range(1, days[-1] - days[0] + 1))
    slopes = sorted(
        (value - earlier) * (common // (day - before))
        for (before, earlier), (day, value) in combinations(zip(days, values, strict=True), 2)
    )
    middle, odd = divmod(len(slopes), 2)
    return Fraction(slopes[middle] + slopes[middle if odd else middle - 1], 2 * common)


def chance_of_rise(values: Sequence[int]) -> Fraction:
    """The probability that values in a random order rise as clearly as in this one."""
    ways = _ways(_ties(values))
    return Fraction(sum(ways[: _falling_pairs(values) + 1]), sum(ways))


@lru_cache(maxsize=8192)
def is_rise(values: tuple[int, ...], at_most: float) -> bool:
    """Whether `chance_of_rise` is at most this probability, taken as the decimal it is written."""
    return _falling_pairs(values) <= _most_falling_pairs(_ties(values), at_most)


def _falling_pairs(values: Sequence[int]) -> int:
    return sum(starmap(gt, combinations(values, 2)))


def _ties(values: Sequence[int]) -> tuple[int, ...]:
    """How often each value occurs; the order does not matter to the distribution."""
    return tuple(sorted(Counter(values).values()))


@lru_cache(maxsize=1024)
def _most_falling_pairs(ties: tuple[int, ...], at_most: float) -> int:
    """The most falling pairs whose chance is small enough; -1 if even none is not rare enough."""
    reached = list(accumulate(_ways(ties)))
    enough = Fraction(str(at_most)) * reached[-1]
    return bisect_right(reached, enough) - 1


@lru_cache(maxsize=1024)
def _ways(ties: tuple[int, ...]) -> Sequence[int]:
    """In how many orders of the values there are 0, 1, 2, ... falling pairs."""
    ways = [1]
    for length in range(2, sum(ties) + 1):
        ways = _times(ways, length)
    for length in (length for tie in ties for length in range(2, tie + 1)):
        ways = _divided(ways, length)
    return ways


def _times(ways: Sequence[int], length: int) -> list[int]:
    """The coefficients times those of [length]_q = 1 + q + ... + q^(length - 1)."""
    sums = [0] * length + list(accumulate([*ways, *[0] * (length - 1)]))
    return [upper - lower for lower, upper in zip(sums, sums[length:], strict=False)]


def _divided(ways: Sequence[int], length: int) -> list[int]:
    """The coefficients divided by those of [length]_q, which leaves no remainder."""
    quotient = [0] * length
    for lower, upper in pairwise([0, *ways[: len(ways) - length + 1]]):
        quotient.append(upper - lower + quotient[-length])
    return quotient[length:]
