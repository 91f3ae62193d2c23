"""What a threshold may be at all: least and greatest by its unit, and an order.

The limits keep out what has no meaning and what would stop a rule, such as a weekday 9 or a
reminder every 0 days. Whether a figure is wise is for a clinical lead.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Final

from alerts.core.parameters import Parameters, declarations

Number = int | float | timedelta

# One of these units makes a length of time; a whole number of days is counted, not measured.
LENGTHS: Final[Mapping[str, timedelta]] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}
_ONE_YEAR: Final = 366

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "points": (0, 10),
    "probability": (0, 1),
    "percent of B": (0, 100),
    "percent of days": (0, 100),
    "weekday, 0 is Monday": (0, 6),
    "hour of the local day": (0, 23),
    "minutes": (0, 7 * 24 * 60),
    "massages": (0, _ONE_YEAR),
    "massages of the last 3": (1, 3),
    "entries": (1, _ONE_YEAR),
    "values": (1, _ONE_YEAR),
    "days": (1, _ONE_YEAR),
    "local days": (1, _ONE_YEAR),
    "recorded days": (1, _ONE_YEAR),
}

# None of them may be less than the one before it.
ASCENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "after_massage": ("window_1", "window_2", "window_3"),
    "baseline": ("enough_values", "newest_values"),
    "chase": ("emergency_first", "emergency_second", "emergency_third"),
    "follow_up": ("first_after", "first_at_latest", "second_after", "missing_after"),
    "relief": ("least_days", "diary_days"),
    "silent_diary": ("first_after", "daily_until"),
    "worse_after": ("reduce_at", "hold_at"),
}


def beyond_limits(unit: str, value: Number) -> str | None:
    """What is possible in this unit, if the value is not."""
    if isinstance(value, timedelta):
        possible = timedelta(0) <= value <= timedelta(days=_ONE_YEAR)
        most = timedelta(days=_ONE_YEAR) / LENGTHS[unit]
        return None if possible else f"from 0 to {most:g} {unit}"
    least, most = BOUNDS[unit]
    return None if least <= value <= most else f"from {least} to {most} ({unit})"


def out_of_order(parameters: Parameters) -> Iterator[tuple[str, str, str]]:
    """Group, name and the name before it, of each that is less than the one before it."""
    values = {(each.group, each.name): each.value for each in declarations(parameters)}
    for group, names in ASCENDING.items():
        for before, name in pairwise(names):
            if values[group, name] < values[group, before]:  # type: ignore[operator] # one unit
                yield group, name, before
