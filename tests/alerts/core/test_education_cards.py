"""The cards: what may be known at any time, with its source, and with nothing promised."""

import re

import pytest

from alerts.core import texts
from alerts.core.texts.shape import UNREVIEWED, Card
from tests.alerts.core.test_texts import A_DISC_GOES_BACK, IMPERATIVES, JARGON, REASSURING
from tests.alerts.core.wording import chinese_sentences, each, grade, sentences

ENGLISH, CHINESE = texts.cards("en"), texts.cards("zh-Hans")
# The statements of the documents that are education. Of the others a rule speaks, or nobody.
ROWS = {18, 38, 40, 41, 57, 58, 60, 63, 67, 68, *range(79, 98)}
# 71: breathe through it; 72: worse before better. Neither is ever said.
NEVER = {71, 72}

PROMISE = re.compile(
    r"\b(cures?|heals?|mends?|fix(es)?|prevents?|keeps?|push\w*|repairs?|will|guarantee\w*|always"
    r"|get better|helps?|best|works wonders)\b",
    re.IGNORECASE,
)
LIMITED = re.compile(
    r"\b(not|no|nobody|never|cannot|careful|before)\b|^Keep (seeing|all)", re.IGNORECASE
)
PROMISE_ZH = re.compile(r"治好|治愈|根治|痊愈|修好|推回|回位|复位|防止|保证|一定|好转|见效|有效")
LIMITED_ZH = re.compile(r"不|没")
OPENINGS_ZH = ("请", "不要")
WASHING_OUT = re.compile(r"waste|toxin|flush|wash|毒|废|代谢|排出", re.IGNORECASE)
ADVICE_FOR_A_TREATMENT = re.compile(
    r"yoga|acupunct|traction|TENS|\bice\b|injection|tablet|diet|瑜伽|针灸|牵引|电|冰|打针|药片|饮食"
)


def test_the_cards_carry_every_statement_that_is_education_and_no_other() -> None:
    carried = {row for card in ENGLISH for row in card.rows}
    assert carried == ROWS
    assert not carried & NEVER


def test_the_cards_are_the_same_in_both_languages() -> None:
    assert [(card.key, card.version, card.rows) for card in ENGLISH] == [
        (card.key, card.version, card.rows) for card in CHINESE
    ]
    assert not {card.title for card in ENGLISH} & {card.title for card in CHINESE}


@each(*ENGLISH, *CHINESE)
def test_a_card_is_complete_and_names_its_source(said: Card) -> None:
    assert said.rows
    assert set(said.rows) <= set(range(1, 98))
    assert list(said.rows) == sorted(set(said.rows))
    assert said.version >= 1
    assert said.reviewer == UNREVIEWED
    assert said.title
    assert not said.title.endswith((".", "。"))
    assert said.text.endswith((".", "。"))
    assert "{" not in said.title + said.text


@each(*ENGLISH)
def test_a_card_promises_nothing(said: Card) -> None:
    for sentence in (said.title, *sentences(said.text)):
        assert not PROMISE.search(sentence) or LIMITED.search(sentence), sentence


@each(*CHINESE)
def test_a_chinese_card_promises_nothing(said: Card) -> None:
    for sentence in (said.title, *chinese_sentences(said.text)):
        assert not PROMISE_ZH.search(sentence) or LIMITED_ZH.search(sentence), sentence


@each(*(card for card in ENGLISH if card.key != "no_cure"))
def test_a_card_does_not_reassure(said: Card) -> None:
    assert not REASSURING.search(f"{said.title} {said.text}")


@each(*ENGLISH, *CHINESE)
def test_no_card_repeats_what_is_not_known_or_speaks_for_a_treatment(said: Card) -> None:
    words = f"{said.title} {said.text}"
    assert not WASHING_OUT.search(words)
    assert not ADVICE_FOR_A_TREATMENT.search(words)
    assert not JARGON.search(words)
    assert not A_DISC_GOES_BACK.search(words)


@pytest.mark.parametrize(
    ("locale", "cannot"),
    [
        pytest.param("en", "It cannot push a disc back, and it cannot mend one.", id="en"),
        pytest.param("zh", "按摩不能把椎间盘推回去，也不能修好它。", id="zh"),
    ],
)
def test_the_cards_say_that_a_disc_is_not_put_back(locale: str, cannot: str) -> None:
    (card,) = [card for card in texts.cards(locale) if 87 in card.rows]
    assert cannot in card.text


@each(*ENGLISH)
def test_a_card_can_be_read_and_begins_with_what_to_do(said: Card) -> None:
    words = f"{said.title}.\n{said.text}"
    assert grade(words) <= 6, round(grade(words), 1)
    assert max(len(one.split()) for one in sentences(words)) <= 20
    assert max(map(grade, sentences(said.text))) <= 9
    assert said.text.split()[0] in {*IMPERATIVES, "Be", "Choose", "Do", "Enter", "Rub", "See"}


@each(*CHINESE)
def test_a_chinese_card_can_be_read_and_begins_with_what_to_do(said: Card) -> None:
    assert max(map(len, chinese_sentences(said.text))) <= 40
    assert said.text.startswith(OPENINGS_ZH)
    assert not re.search(r"[A-Za-z,;:?!]", said.title + said.text)
