"""What the English texts may and must say. Each test is a promise about words patients read."""

import re

import pytest

from alerts.core import texts
from alerts.core.texts.shape import Text
from diary import consent
from tests.alerts.core.wording import (
    LEVELS,
    REGIONS,
    around,
    each,
    for_patients,
    grade,
    reasons,
    said_in,
    sentences,
    shown,
)

CONSENT = consent.text(version=consent.required_version(), locale="en")
ALL = said_in("en")
FOR_PATIENTS = for_patients(ALL)
EMERGENCIES = [one for one in ALL if one.level == 4]
HOLDS = [one for one in FOR_PATIENTS if one.level == 2]
DOCTOR = [one for one in FOR_PATIENTS if one.level == 3 and one.key != "chase.patient"]
OF_R10 = [one for one in HOLDS if one.key.startswith("hold.contraindicated.")]

REASSURING = re.compile(
    r"\b(fine|safe|safely|ok|okay|no problem|problem-free|nothing to|worry|worries|harmless|normal"
    r"|normally|good news|all clear|all right|alright|well done|reassur\w*|just sore|only sore"
    r"|be patient|relax|calm down|not serious|not dangerous|no danger|no need|will pass|go away"
    r"|goes away|get better|heals?|recover\w*)\b",
    re.IGNORECASE,
)
COMMON = re.compile(r"\b(common|usual|expected|most people)\b", re.IGNORECASE)
IMPERATIVES = set(
    # The first word of every advice.
    "Ask Call Change Check Contact Go Have Keep Open Plan Rest Stop Tell Use Wait".split()  # noqa: SIM905
)
CLINICAL = re.compile(
    r"pain|numb|weak|massage|disc|spine|back|neck|nerve|bladder|bowel|leg|hand|walk|symptom|score"
    r"|rule|R\d\d|clinic|patient|diary|alert|level|hold|red flag|sore|\d",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"contraindicat|compress|cauda|spinal cord|lumbar|cervical|acute|chronic|neuro|symptom|anatom"
    r"|therapeutic|baseline|trauma|tumour|\bslope|median|flush|toxin|waste|percent|%",
    re.IGNORECASE,
)
A_DISC_GOES_BACK = re.compile(
    r"(goes|go|push\w*|put|slips?|moves?) .{0,20}back in|retract", re.IGNORECASE
)
BLAME = re.compile(
    r"should(n't| not)? have|against (our|the|your)|fault|wrong|ignor|despite|although|forbid"
    r"|not allowed|must not|even though|do not (enter|log|tell)",
    re.IGNORECASE,
)


@each(*FOR_PATIENTS)
def test_no_text_reassures(said: Text) -> None:
    assert not REASSURING.search(shown(said, "en"))


@each(*FOR_PATIENTS)
def test_only_soreness_is_called_common(said: Text) -> None:
    assert bool(COMMON.search(shown(said, "en"))) is (said.key == "info.soreness")


def test_nothing_around_the_texts_reassures() -> None:
    for words in (*around("en"), CONSENT):
        assert not REASSURING.search(words)
        assert not COMMON.search(words)


@each(*FOR_PATIENTS)
def test_every_text_below_an_emergency_carries_the_safety_net(said: Text) -> None:
    for region in REGIONS:
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
        assert max(len(one.split()) for one in sentences(net)) <= 25
        assert all(sign in net for sign in of_the_neck) is (region != "lumbar")
        assert not any(sign in net for sign in of_the_neck) or region != "lumbar"


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


@each(*HOLDS)
def test_a_hold_stops_massage_and_says_how_it_can_go_on(said: Text) -> None:
    assert said.advice.startswith("Stop massage ")
    assert re.search(r"Wait until|Ask your doctor (before you go on|if you may)", said.advice)


@each(*DOCTOR)
def test_the_doctor_is_to_be_called_today_and_until_then_there_is_no_massage(said: Text) -> None:
    assert said.advice.startswith("Call your doctor today.")
    assert "Have no massage until the doctor says so." in said.advice
    assert "go to urgent care" in said.advice


@each(*(one for one in FOR_PATIENTS if not one.key.startswith("account.")))
def test_there_is_a_way_up_from_every_text(said: Text) -> None:
    assert re.search(r"doctor|emergency|what it says", said.advice)


@each(*OF_R10)
def test_what_speaks_against_a_massage_is_said_without_blame(said: Text) -> None:
    assert "Keep entering each massage that you have." in said.advice
    assert not BLAME.search(shown(said, "en"))


@each(*FOR_PATIENTS)
def test_no_text_blames(said: Text) -> None:
    assert not BLAME.search(shown(said, "en"))


def test_relief_is_no_leave_to_go_more_often() -> None:
    advice = texts.text("positive.relief", "en").advice
    assert advice.startswith("Keep to the massage limit that you have now.")
    assert "Ask your doctor before you go more often." in advice


@each(*FOR_PATIENTS)
def test_no_text_is_in_jargon_or_claims_what_the_body_does(said: Text) -> None:
    words = shown(said, "en")
    assert not JARGON.search(words)
    assert not A_DISC_GOES_BACK.search(words)


@each(*ALL)
def test_a_sixth_grader_can_read_it(said: Text) -> None:
    nets = [texts.safety_net(locale="en", region=region) for region in REGIONS]
    for reason in reasons(said):
        own = f"{said.title}.\n{said.advice}\n{reason}"
        for words in (own, *(f"{own}\n{net}" for net in nets)):
            assert grade(words) <= 6, round(grade(words), 1)
    found = sentences("\n".join([said.advice, *reasons(said)]))
    assert max(len(one.split()) for one in found) <= 20
    # One hard sentence must not hide among easy ones.
    assert max(map(grade, found)) <= 9


@each(*ALL)
def test_the_reason_is_one_sentence(said: Text) -> None:
    for words in reasons(said):
        assert len(sentences(words.replace(": ", " "))) == 1
        assert words.endswith(".")


def test_the_consent_can_be_read_and_says_what_must_be_said() -> None:
    assert grade(CONSENT) <= 6, round(grade(CONSENT), 1)
    assert max(len(one.split()) for one in sentences(CONSENT)) <= 20
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
