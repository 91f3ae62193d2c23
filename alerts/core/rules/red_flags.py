"""R01 and R02: the red flags, judged on one version of an entry when it arrives."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.core.records import Entry
from alerts.core.verdicts import Fact

NEW: Final = "new_or_worse"
LONGSTANDING: Final = "unchanged_longstanding"

_CAUDA_EQUINA: Final = (
    "bladder",
    "bowel",
    "saddle_numbness",
    "both_legs_weak_or_numb",
    "both_legs_pain",
)
_CORD: Final = ("gait_unsteady", "hands_clumsy")
_LEGS: Final = ({"left_leg", "left_foot"}, {"right_leg", "right_foot"})
_ARMS: Final = ({"left_arm", "left_hand"}, {"right_arm", "right_hand"})

Answers = Mapping[str, str]  # the positive flags, with what was answered


@dataclass(frozen=True, slots=True)
class RedFlagRule:
    """How a rule reads one entry: its own positive flags, and the level they make.

    `level` is given all positive flags of the entry, because those of the one rule weigh in the
    other; it is 0 when none of the rule's own is positive.
    """

    id: str
    flags: tuple[str, ...]
    level: Callable[[Answers, Entry], int]
    text_keys: Mapping[int, str]

    def positives(self, entry: Entry, known: Collection[str]) -> Answers:
        """The rule's positive flags; `known` are those a physician recorded as longstanding."""
        return {
            flag: answer for flag, answer in positives(entry, known).items() if flag in self.flags
        }

    def level_of(self, entry: Entry, known: Collection[str]) -> int:
        return self.level(positives(entry, known), entry)

    def facts(self, entry: Entry, known: Collection[str]) -> tuple[Fact, ...]:
        return tuple(
            Fact(entry, f"red_flags.{flag}", answer)
            for flag, answer in self.positives(entry, known).items()
        )


def positives(entry: Entry, known: Collection[str]) -> Answers:
    """The positive flags of an entry, those its body regions speak for included."""
    told = _told_by_regions(entry, known)
    found = {}
    for flag in (*_CAUDA_EQUINA, "sexual_change", *_CORD):
        answer = NEW if flag in told else entry.red_flags.get(flag)
        if answer == NEW or (answer == LONGSTANDING and flag not in known):
            found[flag] = answer
    return found


def _told_by_regions(entry: Entry, known: Collection[str]) -> set[str]:
    """The flags that numb and weak regions answer with `new_or_worse`, even against a "no"."""
    numb = entry.numb_regions or frozenset()
    regions = numb | (entry.weak_regions or frozenset())
    told = set()
    if "saddle" in numb:
        told.add("saddle_numbness")
    if _on_both_sides(regions, _LEGS):
        told.add("both_legs_weak_or_numb")
    return {f for f in told - set(known) if entry.red_flags.get(f) != LONGSTANDING}


def _on_both_sides(regions: Collection[str], sides: tuple[set[str], set[str]]) -> bool:
    return all(not side.isdisjoint(regions) for side in sides)


def has_new_cauda_equina_flag(entry: Entry, known: Collection[str]) -> bool:
    """Whether an R01 flag is new or worse (regions included); R03 looks at this."""
    found = positives(entry, known)
    return any(found.get(flag) == NEW for flag in CAUDA_EQUINA.flags)


def _cauda_equina_level(found: Answers, _: Entry) -> int:
    """R01 (rows #1, #2, #4, #16): bladder, bowel, saddle, both legs."""
    own = [flag for flag in CAUDA_EQUINA.flags if flag in found]
    if any(found.get(flag) == NEW for flag in _CAUDA_EQUINA):
        return 4
    if found.get("sexual_change") == NEW and len(own) > 1:
        return 4
    return 3 if own else 0


def _cord_level(found: Answers, entry: Entry) -> int:
    """R02 (rows #3, #4, #6, #28): unsteady walking, clumsy hands."""
    if found.get("gait_unsteady") == NEW:
        return 4
    if found.get("hands_clumsy") == NEW:
        accompanied = not {"gait_unsteady", "bladder", "bowel"}.isdisjoint(found)
        return 4 if accompanied or _on_both_sides(entry.numb_regions or (), _ARMS) else 3
    return 0 if found.keys().isdisjoint(_CORD) else 3


CAUDA_EQUINA: Final = RedFlagRule(
    id="R01",
    flags=(*_CAUDA_EQUINA, "sexual_change"),
    level=_cauda_equina_level,
    text_keys={4: "emergency.cauda_equina", 3: "doctor.check_today"},
)
CORD: Final = RedFlagRule(
    id="R02",
    flags=_CORD,
    level=_cord_level,
    text_keys={4: "emergency.cord", 3: "doctor.check_cord"},
)
