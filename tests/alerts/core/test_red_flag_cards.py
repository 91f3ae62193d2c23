"""The cards of the red flags: an app that follows them is as urgent as the rules, or more."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.core import texts
from alerts.core.records import Entry
from alerts.core.red_flag_cards import FLAGS, Condition, cards, level_of
from diary import vocabulary as words
from tests.alerts.core.story import START

CARDS = cards()
ANSWERS = ("no", "new_or_worse", "unchanged_longstanding")


def entry(answers: Mapping[str, str], **regions: set[str]) -> Entry:
    data = {"id": "e", "symptom_at": START, "red_flags": dict(answers), **regions}
    return Entry.of(data, received_at=START)


def holds(condition: Condition, data: Mapping[str, Any]) -> bool:
    """What an app does with a condition: it knows nothing but the JSON."""
    said = [data.get(field, ()) for field in condition.fields]
    given_words = {
        word for value in said for word in ([value] if isinstance(value, str) else value)
    }
    return not given_words.isdisjoint(condition.any_of)


def offline_level(answers: Mapping[str, str], **regions: set[str]) -> int:
    data = {**{f"red_flags.{flag}": said for flag, said in answers.items()}, **regions}
    return max((c.level for c in CARDS if all(holds(one, data) for one in c.when)), default=0)


def every_set_of_answers() -> Iterator[dict[str, str]]:
    for said in product(ANSWERS, repeat=len(FLAGS)):
        yield dict(zip(FLAGS, said, strict=True))


def test_the_cards_ask_about_every_flag_and_no_other() -> None:
    assert set(FLAGS) == set(words.RED_FLAGS)
    for locale in texts.LANGUAGES:
        assert set(texts.catalogue(locale).questions) == set(words.RED_FLAGS)


def test_offline_every_set_of_answers_gets_the_level_of_the_rules() -> None:
    for answers in every_set_of_answers():
        assert offline_level(answers) == level_of(entry(answers)), answers


regions = st.sets(st.sampled_from(words.BodyRegion.__args__))  # type: ignore[attr-defined]


@given(st.fixed_dictionaries({f: st.sampled_from(ANSWERS) for f in FLAGS}), regions, regions)
def test_offline_with_body_regions_is_never_less_urgent_than_the_rules(
    answers: dict[str, str], numb: set[str], weak: set[str]
) -> None:
    asked = {flag: said for flag, said in answers.items() if said != "no"}
    by_rules = level_of(entry(asked, numb_regions=numb, weak_regions=weak))
    offline = offline_level(asked, numb_regions=numb, weak_regions=weak)
    assert offline >= by_rules
    if "unchanged_longstanding" not in asked.values():
        assert offline == by_rules


@pytest.mark.parametrize("locale", texts.LANGUAGES)
def test_every_card_has_its_text_at_its_level(locale: str) -> None:
    assert {card.level for card in CARDS} == {3, 4}
    for card in CARDS:
        assert texts.text(card.text_key, locale).level == card.level
        assert (card.text_key.startswith("emergency.")) is (card.level == 4)
