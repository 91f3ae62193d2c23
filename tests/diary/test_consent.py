"""The consent text, in the same language as every other text."""

import pytest

from alerts.core import texts
from diary import consent
from diary.models import Patient
from tests.phones import Phone

VERSION = consent.required_version()
LOCALES = [
    *("en", "en-GB", "EN_us", "zh", "zh-CN", "zh-Hans", "zh_Hans_CN", "zh-Hans-HK", "cmn"),
    *("zh-TW", "zh-Hant", "zh-HK", "zh-yue", "cmn-Hant", "de", "fr-CA", "", "../../secrets"),
]


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_in_the_language_of_all_other_texts(locale: str) -> None:
    assert consent.language(locale) == texts.language(locale)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_there_is_one_in_every_language_of_its_own(language: str) -> None:
    found = {each: consent.text(version=VERSION, locale=each) for each in texts.LANGUAGES}
    assert len(set(found.values())) == len(texts.LANGUAGES)
    paragraphs = found[language].split("\n\n")
    assert len(paragraphs) == len(found["en"].split("\n\n"))


@pytest.mark.parametrize(
    ("locale", "begins"), [("en-GB", "What this is."), ("zh-CN", "这是什么。"), ("de", "What this")]
)
def test_the_patient_reads_it_in_the_profiles_language(
    phone: Phone, patient: Patient, locale: str, begins: str
) -> None:
    phone.patch("me/", {"locale": locale})
    required = phone.get("me/consents/").json()["required"]
    assert required["version"] == VERSION
    assert required["text"].startswith(begins)
