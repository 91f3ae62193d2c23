"""One catalogue a language: complete, the same in what it stands for, and found by its tags."""

import re
import string
from dataclasses import fields as parts_of
from pathlib import Path

import pytest

import alerts.core.rules
from alerts.core import texts
from alerts.core.rules.red_flags import CAUDA_EQUINA, CORD
from alerts.core.texts.shape import UNREVIEWED, Catalogue, Text, by_key
from diary.vocabulary import BodyRegion, Contraindication
from tests.alerts.core.wording import (
    CODES,
    CONTRAINDICATED,
    LEVELS,
    NUMBERS,
    OF_THE_RULES,
    OF_THE_SERVICE,
    REGIONS,
    each,
    fields,
    said_in,
)

KINDS = "emergency|doctor|hold|adjust|reduce|wait|info|prompt|remind|staff|chase|flare|trend"
every_language = pytest.mark.parametrize("locale", texts.LANGUAGES)
EVERY_TEXT = [said for locale in texts.LANGUAGES for said in said_in(locale)]
every_key = pytest.mark.parametrize("key", sorted({**OF_THE_RULES, **OF_THE_SERVICE}))


def members(words: object) -> set[str]:
    """The values of a Literal."""
    return set(vars(words)["__args__"])


def test_these_are_the_languages() -> None:
    assert texts.LANGUAGES == ("en", "zh-Hans")


@every_language
def test_there_is_a_text_for_every_key_of_the_rules_and_no_other(locale: str) -> None:
    found = texts.catalogue(locale).texts
    assert {key: said.level for key, said in found.items()} == {**OF_THE_RULES, **OF_THE_SERVICE}
    assert all(key == said.key for key, said in found.items())


def test_the_keys_that_the_rules_name_have_texts() -> None:
    (folder,) = alerts.core.rules.__path__
    written = "\n".join(path.read_text() for path in Path(folder).rglob("*.py"))
    named = set(re.findall(rf'"((?:{KINDS}|positive)\.[a-z_.0-9]+)"', written))
    assert len(named) > 10
    assert named <= texts.keys()


@every_key
def test_a_text_stands_for_the_same_in_every_language(key: str) -> None:
    own, english = (texts.catalogue(locale).texts[key] for locale in texts.LANGUAGES)
    assert (own.language, english.language) == texts.LANGUAGES
    assert (own.level, own.version) == (english.level, english.version)
    assert own.for_staff is english.for_staff
    assert fields(own.advice) == fields(english.advice)
    assert fields(own.why) == fields(english.why)
    assert {code: fields(why) for code, why in own.why_for.items()} == {
        code: fields(why) for code, why in english.why_for.items()
    }


@each(*EVERY_TEXT)
def test_a_text_is_complete_and_versioned(said: Text) -> None:
    assert said.version >= 1
    assert said.reviewer == UNREVIEWED
    assert all(words.strip() for words in (said.title, said.advice, said.why))
    assert fields(said.advice) <= {"emergency_number"}
    assert fields(said.title) == fields(said.why_plain) == set()
    assert bool(said.why_plain) is bool(fields(said.why))
    used = fields(said.why).union(*map(fields, said.why_for.values()))
    assert used <= NUMBERS.keys() | said.phrases.keys()
    assert said.why_for.keys() <= said.phrases.get("what", {}).keys()


@every_language
def test_every_code_of_the_rules_is_worded_and_no_other(locale: str) -> None:
    worded = {
        said.key: {name: set(codes) for name, codes in said.phrases.items()}
        for said in said_in(locale)
        if said.phrases
    }
    assert worded == CODES


def test_the_codes_are_those_of_the_diary() -> None:
    assert CODES["doctor.check_today"]["flags"] == {*CAUDA_EQUINA.flags, *CORD.flags}
    assert CODES["hold.numbness"]["regions"] == members(BodyRegion) - {"saddle"}
    assert members(Contraindication) < set(CONTRAINDICATED)


@every_language
def test_nothing_of_a_catalogue_is_missing_or_left_in_english(locale: str) -> None:
    words, english = texts.catalogue(locale), texts.catalogue("en")
    for level in LEVELS:
        assert all(vars(words.mails[level]).values())
        assert words.headlines[level]
        assert words.push_lines[level]
    for part in parts_of(Catalogue):
        own = getattr(words, part.name)
        assert own or part.name in {"script", "other_script"}
        assert (own == getattr(english, part.name)) is (locale == "en")


@every_language
def test_a_number_stands_wherever_english_has_one(locale: str) -> None:
    for level in LEVELS:
        own = texts.mail(level, locale, emergency_number="1199").body
        english = texts.mail(level, "en", emergency_number="1199").body
        assert own.count("1199") == english.count("1199")
    unknown = texts.mail(4, locale, emergency_number="").body
    assert texts.catalogue(locale).number_unknown in unknown
    assert not list(filter(None, (name for _, name, _, _ in string.Formatter().parse(unknown))))


@every_language
@pytest.mark.parametrize("level", LEVELS)
def test_a_push_line_is_short_and_a_subject_is_one_line(level: int, locale: str) -> None:
    assert len(texts.push_line(level, locale).encode()) <= 120
    subject = texts.mail(level, locale, emergency_number="112").subject
    assert 0 < len(subject) <= 78
    assert "\n" not in subject


@every_language
@pytest.mark.parametrize("region", REGIONS)
def test_staff_are_not_told_the_safety_net(region: str, locale: str) -> None:
    for key in ("staff.followup_missing", "staff.silent_patient", "chase.backup"):
        said = texts.text(key, locale)
        assert said.for_staff
        words = texts.advice(said, locale=locale, region=region, emergency_number="")
        assert words == said.advice


@pytest.mark.parametrize(
    "locale",
    [
        *("en", "en-GB", "en_US", "EN", "pl", "de-CN", "", "-", "e", "hans", "english"),
        # Traditional characters: who reads them is not given Simplified ones.
        *("zh-Hant", "zh-TW", "zh-HK", "zh-MO", "zh_TW", "ZH-tw", "zh-Hant-CN", "zh-Hant-TW"),
        *("zh-yue", "zh-cmn-Hant", "cmn-Hant", "cmn-TW", "yue", "yue-Hans"),
    ],
)
def test_what_there_is_no_catalogue_for_is_answered_in_english(locale: str) -> None:
    assert texts.language(locale) == "en"
    assert texts.text("hold.frequency", locale).title == "Stop massage for now"


@pytest.mark.parametrize(
    "locale",
    [
        *("zh", "ZH", "zh-CN", "zh-SG", "zh-MY", "zh_CN", "zh-Hans", "zh-hans", "zh-Hans-CN"),
        *("zh_Hans_CN", "zh-Hans-SG", "zh-Hans-HK", "zh-Hans-TW", "zh-cmn-Hans", "cmn", "cmn-CN"),
    ],
)
def test_simplified_chinese_is_known_by_all_its_tags(locale: str) -> None:
    assert texts.language(locale) == "zh-Hans"
    assert texts.text("hold.frequency", locale).title == "暂停按摩"


def test_an_unknown_key_is_an_error() -> None:
    for locale in texts.LANGUAGES:
        with pytest.raises(KeyError):
            texts.text("hold.nothing", locale)


def test_a_key_that_comes_twice_is_an_error() -> None:
    said = texts.text("hold.frequency", "en")
    with pytest.raises(ValueError, match="twice"):
        by_key(said, said)
