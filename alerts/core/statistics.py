"""The two statistics the rules use; exact for whole scores (halves and quarters are exact)."""

from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle of at least one value; of an even number, the mean of the two in the middle."""
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2


def median_distance(values: Sequence[float], centre: float) -> float:
    """The median absolute distance from `centre`, unscaled (MAD when centre is the median)."""
    return median([abs(value - centre) for value in values])
