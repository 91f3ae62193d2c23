"""What is said when a rule itself fails; written apart from the rules, so as not to fail too."""

from collections.abc import Mapping, Sequence

LEVEL = 4
TEXT_KEY = "emergency.red_flag"
_POSITIVE = ("new_or_worse", "unchanged_longstanding")
_LEGS = (("left_leg", "left_foot"), ("right_leg", "right_foot"))


def has_positive_red_flag(data: Mapping[str, object]) -> bool:
    """Whether the wire fields of an entry, however odd the rest, hold a positive red flag.

    Body regions speak too: the saddle, and both legs, numb or weak.
    """
    answers = data.get("red_flags")
    flagged = isinstance(answers, Mapping) and any(a in _POSITIVE for a in answers.values())
    numb = _listed(data.get("numb_regions"))
    numb_or_weak = [*numb, *_listed(data.get("weak_regions"))]
    both_legs = all(any(place in numb_or_weak for place in leg) for leg in _LEGS)
    return flagged or "saddle" in numb or both_legs


def _listed(regions: object) -> Sequence[object]:
    return regions if isinstance(regions, list | tuple) else ()
