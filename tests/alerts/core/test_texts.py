"""What the texts may and must say. Each test is a promise about words that patients read."""

import re
import string

import pytest

from alerts.core import texts
from alerts.core.texts.shape import Text, by_key
from diary import consent

LEVELS = range(5)
CONSENT = consent.text(version=consent.required_version(), locale="en")
REGIONS = ("lumbar", "cervical", "both")
ALL = [texts.text(key, "en") for key in sorted(texts.keys())]
FOR_PATIENTS = [each for each in ALL if not each.for_staff]
EMERGENCIES = [each for each in ALL if each.level == 4]

OF_THE_RULES = {
    "emergency.red_flag": 4,
    "emergency.cauda_equina": 4,
    "doctor.check_today": 3,
    "emergency.cord": 4,
    "doctor.check_cord": 3,
    "doctor.progressive_weakness": 3,
    "emergency.progressive_weakness": 4,
    "prompt.function_check": 0,
    "wait.no_answer": 1,
    "hold.pain_over_24h": 2,
    "doctor.pain_over_24h": 3,
    "reduce.frequency": 1,
    "hold.frequency": 2,
    "info.frequency_limit": 0,
    "remind.followup": 0,
    "remind.followup_after_rise": 0,
    "staff.followup_missing": 2,
    "chase.patient": 3,
    "chase.backup": 3,
    "account.device_moved": 0,
}
PARAMETERS: dict[str, object] = {
    "flags": ["bladder"],
    "what": "function_lost",
    "value": 7,
    "reference": 4,
    "hours": 30,
    "count": 4,
    "days": 7,
    "limit": 2,
    "next_allowed_on": "2026-11-25",
}
REASSURING = re.compile(
    r"\b(fine|safe|safely|ok|okay|no problem|problem-free|nothing to worry|worry|harmless|normal"
    r"|common|good news|all clear|all right|alright|well done|reassur\w*|just sore|only sore)\b",
    re.IGNORECASE,
)
IMPERATIVES = set("Go Call Stop Wait Have Check Tell Open Contact".split())  # noqa: SIM905
CLINICAL = re.compile(
    r"pain|numb|weak|massage|disc|spine|back|neck|nerve|bladder|bowel|leg|hand|walk|symptom|score"
    r"|rule|R\d\d|clinic|patient|diary|alert|level|hold|red flag|sore|\d",
    re.IGNORECASE,
)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def each(*said: Text) -> pytest.MarkDecorator:
    """Run a test for each of these texts, under its key."""
    return pytest.mark.parametrize("said", [pytest.param(one, id=one.key) for one in said])


def shown(said: Text, region: str = "both") -> str:
    """Everything that a patient reads for a text."""
    advice = texts.advice(said, locale="en", region=region, emergency_number="112")
    return f"{said.title}.\n{advice}\n{texts.why(said, PARAMETERS)}"


def sentences(words: str) -> list[str]:
    found = re.split(r"(?<=[.!?:])\s+|\n+", words)
    return [each for each in found if re.search(r"\w", each)]


def syllables(word: str) -> int:
    """A count that is good enough: groups of vowels, without a silent e at the end."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    bare = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeioudt])ed$|(?<=[^aeiouscxz])es$", "", bare)
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def grade(words: str) -> float:
    """Flesch-Kincaid grade level."""
    found = re.findall(r"[A-Za-z0-9'-]+", words)
    spoken = sum(syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences(words)) + 11.8 * spoken / len(found) - 15.59


def test_every_text_of_the_rules_is_there_with_its_level() -> None:
    assert {each.key: each.level for each in ALL} == OF_THE_RULES


@pytest.mark.parametrize("locale", texts.LANGUAGES)
def test_a_language_has_every_text_with_the_same_level_and_parameters(locale: str) -> None:
    for key in OF_THE_RULES:
        own, english = texts.catalogue(locale).texts[key], texts.text(key, "en")
        assert (own.key, own.level, own.for_staff) == (key, english.level, english.for_staff)
        assert fields(own.why) <= fields(english.why)


@each(*ALL)
def test_a_text_is_complete_and_versioned(said: Text) -> None:
    assert said.version >= 1
    assert all([said.title, said.advice, said.why, said.reviewer])
    assert fields(said.advice) <= {"emergency_number"}
    assert fields(said.title) == set()


@each(*FOR_PATIENTS)
def test_no_text_reassures(said: Text) -> None:
    assert not REASSURING.search(f"{shown(said)} {said.why_plain}")


def test_nothing_around_the_texts_reassures() -> None:
    for level in LEVELS:
        mail = texts.mail(level, "en", emergency_number="112")
        for words in (texts.headline(level, "en"), texts.push_line(level, "en"), *vars_of(mail)):
            assert not REASSURING.search(words)
    assert not REASSURING.search(CONSENT)


def vars_of(mail: texts.Mail) -> tuple[str, str]:
    return mail.subject, mail.body


@pytest.mark.parametrize("region", REGIONS)
@each(*FOR_PATIENTS)
def test_every_text_below_an_emergency_carries_the_safety_net(said: Text, region: str) -> None:
    advice = texts.advice(said, locale="en", region=region, emergency_number="112")
    net = texts.safety_net(locale="en", region=region)
    assert advice.endswith(net) is (said.level <= 3)
    assert advice.count("bladder or bowel") == (said.level <= 3)


def test_the_safety_net_names_the_signs_of_the_region() -> None:
    signs = {"emergency department", "bladder or bowel", "numb between your legs", "both legs"}
    of_the_neck = {"unsteady", "hands get clumsy"}
    for region in (*REGIONS, "", "unknown"):
        net = texts.safety_net(locale="en", region=region)
        assert all(sign in net for sign in signs)
        assert all(sign in net for sign in of_the_neck) is (region != "lumbar")
        assert not any(sign in net for sign in of_the_neck) or region != "lumbar"


def test_staff_are_not_told_the_safety_net() -> None:
    said = texts.text("staff.followup_missing", "en")
    assert texts.advice(said, locale="en", region="both", emergency_number="") == said.advice


@each(*ALL)
def test_the_first_word_is_something_to_do(said: Text) -> None:
    assert said.advice.split()[0] in IMPERATIVES


@each(*EMERGENCIES)
def test_an_emergency_says_what_to_do_and_what_not(said: Text) -> None:
    advice = texts.advice(said, locale="en", region="both", emergency_number="999")
    assert sentences(advice)[0] == "Go to the emergency department now."
    for words in ("Do not drive yourself", "call 999", "Do not wait for this app", "no massage"):
        assert words in advice


@each(*EMERGENCIES)
def test_an_emergency_without_a_configured_number_is_still_said(said: Text) -> None:
    advice = texts.advice(said, locale="en", region="both", emergency_number="")
    assert "call your local emergency number" in advice


@each(*(one for one in FOR_PATIENTS if one.level in {2, 3} and one.key != "chase.patient"))
def test_from_hold_on_massage_stops(said: Text) -> None:
    assert re.search(r"Stop massage|Have no massage", said.advice)


@each(*(one for one in FOR_PATIENTS if not one.key.startswith("account.")))
def test_there_is_a_way_up_from_every_text(said: Text) -> None:
    assert re.search(r"doctor|emergency|what it says", said.advice)


@pytest.mark.parametrize("region", REGIONS)
@each(*ALL)
def test_a_sixth_grader_can_read_it(said: Text, region: str) -> None:
    words = shown(said, region)
    assert grade(words) <= 6, round(grade(words), 1)
    assert max(len(each.split()) for each in sentences(words)) <= 20
    assert "%" not in words


@each(*ALL)
def test_the_reason_is_one_sentence(said: Text) -> None:
    for words in (texts.why(said, PARAMETERS), texts.why(said, {})):
        assert len(sentences(words)) == 1
        assert words.endswith(".")
        assert len(words.split()) <= 20


def test_the_consent_can_be_read_and_says_what_must_be_said() -> None:
    assert grade(CONSENT) <= 6, round(grade(CONSENT), 1)
    assert max(len(each.split()) for each in sentences(CONSENT)) <= 20
    for words in (
        "not an emergency service",
        "call your emergency number",
        "Nobody watches it day and night",
        "not a certified medical device",
        "We store",
        "Who reads it",
        "withdraw",
    ):
        assert words in CONSENT


@pytest.mark.parametrize("level", LEVELS)
def test_what_leaves_the_app_names_nothing_of_the_illness(level: int) -> None:
    mail = texts.mail(level, "en", emergency_number="ZZZ")
    for words in (texts.push_line(level, "en"), mail.subject, mail.body):
        assert not CLINICAL.search(words)
    assert mail.subject.isascii()
    assert "\n" not in mail.subject
    assert len(texts.push_line(level, "en").encode()) <= 120


def test_mail_says_what_to_do_when_the_app_does_not_open() -> None:
    bodies = [texts.mail(level, "en", emergency_number="112").body for level in LEVELS]
    assert all(body.startswith("Open the app") for body in bodies)
    assert all("Nobody reads answers to this address." in body for body in bodies)
    assert ["call your doctor today" in body for body in bodies] == [False] * 3 + [True, False]
    assert ["call 112 now" in body for body in bodies] == [False] * 4 + [True]
    unknown = texts.mail(4, "en", emergency_number="").body
    assert "call your local emergency number now" in unknown


def test_the_words_by_level() -> None:
    assert texts.push_line(4, "en") == "Important health message. Open now."
    assert [texts.headline(level, "en") for level in (2, 3, 4)] == [
        "Stop massage for now",
        "Call your doctor today",
        "Go to emergency care now",
    ]
    assert texts.headline(9, "en") == texts.headline(4, "en")
    assert texts.push_line(-1, "en") == texts.push_line(0, "en")


def test_a_late_record_is_spoken_of_with_if_this_is_still_so() -> None:
    said = texts.text("emergency.cauda_equina", "en")
    late = texts.advice(said, locale="en", region="both", emergency_number="112", late=True)
    assert late.startswith("If this is still so:\nGo to the emergency department now.")
    # The net holds whatever the age of the record.
    said = texts.text("doctor.check_today", "en")
    late = texts.advice(said, locale="en", region="lumbar", emergency_number="112", late=True)
    assert late.endswith("\n\n" + texts.safety_net(locale="en", region="lumbar"))


@pytest.mark.parametrize("locale", ["en", "en-GB", "en_US", "EN", "pl", "zh-Hans-CN", "", "-", "e"])
def test_an_unknown_language_is_answered_in_english(locale: str) -> None:
    assert texts.language(locale) == "en"
    assert texts.text("hold.frequency", locale).title == "Stop massage for now"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.text("hold.nothing", "en")


def test_a_key_that_comes_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        by_key(ALL[0], ALL[0])
