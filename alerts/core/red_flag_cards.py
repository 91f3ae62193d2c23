"""What the red flags say, as cards that an app can judge by itself while it has no connection.

The levels are found by asking the rules. Of the cards whose conditions all hold, the highest
counts; a test asks the rules about every set of answers and compares.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Final, NamedTuple

from alerts.core.records import Arrival, Entry
from alerts.core.rules.red_flags import CAUDA_EQUINA, CORD, LONGSTANDING, NEW

FLAGS: Final = (*CAUDA_EQUINA.flags, *CORD.flags)
_SOMETIME: Final = datetime(2000, 1, 1, tzinfo=UTC)  # red flags are judged whatever their date
_BOTH_LEGS: Final = (("left_leg", "left_foot"), ("right_leg", "right_foot"))
_BOTH_ARMS: Final = (("left_arm", "left_hand"), ("right_arm", "right_hand"))
_NUMB: Final = ("numb_regions",)
_NUMB_OR_WEAK: Final = ("numb_regions", "weak_regions")


class Condition(NamedTuple):
    """At least one of the fields of an entry holds one of the words."""

    fields: tuple[str, ...]
    any_of: tuple[str, ...]


class RedFlagCard(NamedTuple):
    """A level, and the conditions that all hold for it; `flags` are those the reason names."""

    level: int
    rule: str
    text_key: str
    flags: tuple[str, ...]
    when: tuple[Condition, ...]


def cards() -> list[RedFlagCard]:
    """Every card, the most urgent first."""
    found = [*_of_answers(), *_of_regions()]
    return sorted(found, key=lambda card: -card.level)


def level_of(entry: Entry) -> int:
    """The level that the rules give an entry, with no flag known from before."""
    return max(rule.level_of(entry, ()) for rule in (CAUDA_EQUINA, CORD))


def _of_answers() -> Iterator[RedFlagCard]:
    """One for each positive answer, and for each pair that is more than its parts."""
    single = {one: level_of(_answered([one])) for one in _positive_answers()}
    for one in single:
        yield _card([one])
    for pair in combinations(single, 2):
        level = level_of(_answered(pair)) if pair[0][0] != pair[1][0] else 0
        if level > max(single[one] for one in pair):
            yield _card(pair)


def _positive_answers() -> list[tuple[str, str]]:
    return [(flag, answer) for flag in FLAGS for answer in (NEW, LONGSTANDING)]


def _answered(answers: Sequence[tuple[str, str]], numb: tuple[str, ...] = ()) -> Entry:
    """An entry with these answers, and numb in these regions."""
    return Entry(
        id="",
        moment=_SOMETIME,
        received=Arrival(_SOMETIME),
        red_flags=dict(answers),
        numb_regions=frozenset(numb),
    )


def _card(answers: Sequence[tuple[str, str]]) -> RedFlagCard:
    when = tuple(Condition((f"red_flags.{flag}",), (answer,)) for flag, answer in answers)
    return _of_example(_answered(answers), when)


def _of_example(entry: Entry, when: tuple[Condition, ...]) -> RedFlagCard:
    """The card for conditions, with what the rules say of an example of them."""
    level = level_of(entry)
    rule = next(rule for rule in (CAUDA_EQUINA, CORD) if rule.level_of(entry, ()) == level)
    flags = tuple(rule.positives(entry, ()))
    return RedFlagCard(level, rule.id, rule.text_keys[level], flags, when)


def _of_regions() -> Iterator[RedFlagCard]:
    """Body regions answer a question that was not asked, and weigh in the one about the hands."""
    clumsy = Condition(("red_flags.hands_clumsy",), (NEW,))
    arms = tuple(Condition(_NUMB, side) for side in _BOTH_ARMS)
    legs = tuple(Condition(_NUMB_OR_WEAK, side) for side in _BOTH_LEGS)
    saddle = (Condition(_NUMB, ("saddle",)),)
    yield _of_example(_answered([], numb=("saddle",)), saddle)
    yield _of_example(_answered([], numb=("left_leg", "right_leg")), legs)
    hands = [("hands_clumsy", NEW)]
    yield _of_example(_answered(hands, numb=("left_arm", "right_arm")), (clumsy, *arms))
