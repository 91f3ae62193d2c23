"""What is said when a rule itself fails; written apart from the rules, so as not to fail too."""

from collections.abc import Mapping

LEVEL = 4
TEXT_KEY = "emergency.red_flag"
_POSITIVE = ("new_or_worse", "unchanged_longstanding")


def has_positive_red_flag(data: Mapping[str, object]) -> bool:
    """Whether the wire fields of an entry, however odd the rest, hold a positive red flag."""
    answers = data.get("red_flags")
    regions = data.get("numb_regions")
    flagged = isinstance(answers, Mapping) and any(a in _POSITIVE for a in answers.values())
    return flagged or (isinstance(regions, list | tuple) and "saddle" in regions)
