"""What the tests of the texts share: the keys there must be, the codes the rules emit, measures."""

import re
import string
from collections.abc import Iterable

import pytest

from alerts.core import texts
from alerts.core.texts.shape import Card, Text

LEVELS = range(5)
REGIONS = ("lumbar", "cervical", "both")

CONTRAINDICATED = (
    *("cord_compression", "fracture", "tumour", "infection", "spinal_instability"),
    *("spondylolisthesis", "osteoporosis", "bleeding_disorder", "anticoagulant", "other_spinal"),
    *("recent_trauma", "severe", "open_hold", "skin", "reaction", "no_approval"),
)
OF_THE_RULES = {
    "emergency.cauda_equina": 4,  # R01
    "doctor.check_today": 3,
    "emergency.cord": 4,  # R02
    "doctor.check_cord": 3,
    "doctor.progressive_weakness": 3,  # R03
    "emergency.progressive_weakness": 4,
    "prompt.function_check": 0,
    "doctor.persistent_weakness": 3,  # R04
    "hold.numbness": 2,  # R05
    "doctor.progressive_numbness": 3,
    "hold.acute_worsening": 2,  # R06
    "doctor.acute_worsening": 3,
    "adjust.pain_during": 1,  # R07
    "hold.pain_during": 2,
    "hold.neuro_during": 2,
    "doctor.neuro_after": 3,
    "wait.no_answer": 1,  # R08
    "hold.pain_over_24h": 2,
    "doctor.pain_over_24h": 3,
    "info.soreness": 0,  # R09
    "hold.soreness": 2,
    "adjust.product_allergy": 1,  # R10
    **{f"hold.contraindicated.{code}": 2 for code in CONTRAINDICATED},
    "doctor.infection_fever": 3,
    "hold.acute_phase": 2,  # R11
    "hold.acute_nerve_signs": 2,
    "info.frequency_limit": 0,  # R12
    "reduce.frequency": 1,
    "hold.frequency": 2,
    "adjust.session_length": 1,  # R13
    "adjust.technique": 1,  # R14
    "hold.technique": 2,
    "info.no_exercise_today": 0,  # R15
    "adjust.timing": 1,
    "flare.advice": 1,  # R16
    "hold.flare": 2,
    "doctor.flare": 3,
    "trend.worsening": 1,  # R17
    "hold.trend_numbness": 2,
    "doctor.trend_weakness": 3,
    "reduce.worse_after_massage": 1,  # R18
    "hold.worse_after_massage": 2,
    "positive.relief": 0,  # R19
    "remind.followup": 0,  # R20
    "remind.followup_after_rise": 0,
    "staff.followup_missing": 2,
    "remind.diary": 0,  # R21
    "staff.silent_patient": 3,
    "chase.patient": 3,  # R22
    "chase.backup": 3,
}
OF_THE_SERVICE = {
    "emergency.red_flag": 4,
    "clearance.not_judged": 2,
    "clearance.not_known": 1,
    "account.device_moved": 0,
    "account.device_test": 0,
    "account.new_log_in": 0,
    "account.push_off": 0,
}

_RED_FLAGS = {
    *("bladder", "bowel", "saddle_numbness", "both_legs_pain", "both_legs_weak_or_numb"),
    *("sexual_change", "gait_unsteady", "hands_clumsy"),
}
_WEAKER = {
    *("function_lost", "function_lost_both_sides", "function_lost_with_red_flag"),
    *("weakness_jump", "weakness_rising", "weakness_high", "muscle_wasting"),
}
_NUMBNESS = {
    "what": {"numbness_jump", "numbness_high", "new_region", "both_arms", "with_weakness"},
    "regions": {
        *("left_arm", "right_arm", "left_hand", "right_hand"),
        *("left_leg", "right_leg", "left_foot", "right_foot"),
    },
}
_WORSENING = {"what": {"jump", "lasting", "with_nerve_signs"}}
_HURT = {"what": {"pain", "stopped_early"}}
_FINDINGS = {
    "findings": {
        *("shaking", "vibration", "bouncing", "over_disc", "over_disc_deep", "not_neutral"),
        *("roller_low_back", "deep", "acute_pressure", "acute_site"),
        *("manipulation", "spinal_twist", "spinal_stretch"),
    }
}
_TIMES = {"what": {"lifting", "sitting", "exercise"}}
_FLARE = {"what": {"pair", "reported", "massage", "entries", "week"}}

# Every code that a rule gives to a text: parameter by parameter.
CODES: dict[str, dict[str, set[str]]] = {
    "emergency.cauda_equina": {"flags": _RED_FLAGS},
    "doctor.check_today": {"flags": _RED_FLAGS},
    "emergency.cord": {"flags": _RED_FLAGS},
    "doctor.check_cord": {"flags": _RED_FLAGS},
    "emergency.progressive_weakness": {"what": _WEAKER},
    "doctor.progressive_weakness": {"what": _WEAKER},
    "hold.numbness": _NUMBNESS,
    "doctor.progressive_numbness": _NUMBNESS,
    "hold.acute_worsening": _WORSENING,
    "doctor.acute_worsening": _WORSENING,
    "adjust.pain_during": _HURT,
    "hold.pain_during": _HURT,
    "hold.neuro_during": {"signs": {"numbness", "tingling", "radiating_pain"}},
    **{f"hold.contraindicated.{code}": {"codes": set(CONTRAINDICATED)} for code in CONTRAINDICATED},
    "hold.acute_nerve_signs": {"signs": {"weakness", "numbness", "limb_pain"}},
    "adjust.session_length": {"what": {"phase", "first", "plan"}},
    "adjust.technique": _FINDINGS,
    "hold.technique": _FINDINGS,
    "info.no_exercise_today": _TIMES,
    "adjust.timing": _TIMES,
    "flare.advice": _FLARE,
    "hold.flare": _FLARE,
    "doctor.flare": _FLARE,
    "staff.followup_missing": {"what": {"early_rise", "open_alert"}},
    "clearance.not_known": {"what": {"R07", "R10", "R11", "R14", "R15"}},
}
NUMBERS: dict[str, object] = {
    "value": 7,
    "reference": 4,
    "hours": 30,
    "count": 4,
    "days": 7,
    "limit": 2,
    "minutes": 45,
    "rise": 2.5,
    "worse": 2,
    "of": 3,
    "next_allowed_on": "2026-11-25",
}


def said_in(locale: str) -> list[Text]:
    """Every text of a language."""
    return [texts.text(key, locale) for key in sorted(texts.keys())]


def for_patients(said: Iterable[Text]) -> list[Text]:
    return [each for each in said if not each.for_staff]


def each(*said: Text | Card) -> pytest.MarkDecorator:
    """Run a test for each of these texts, under its key."""
    return pytest.mark.parametrize("said", [pytest.param(one, id=one.key) for one in said])


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def parameters_for(said: Text) -> list[dict[str, object]]:
    """What a rule may give to a text: each of its codes once, and the same numbers always."""
    first = {name: next(iter(codes)) for name, codes in said.phrases.items()}
    codes = [{name: code} for name, codes in said.phrases.items() for code in codes] or [{}]
    return [{**NUMBERS, **first, **one} for one in codes]


def reasons(said: Text) -> list[str]:
    """Every reason that a text may give, the one without parameters among them."""
    return [texts.why(said, each) for each in (*parameters_for(said), {})]


def shown(said: Text, locale: str, region: str = "both") -> str:
    """Everything that is read for a text, with every reason it may give."""
    advice = texts.advice(said, locale=locale, region=region, emergency_number="112")
    return "\n".join([said.title, advice, *reasons(said)])


def around(locale: str) -> list[str]:
    """What is said around the texts: headlines, push lines, mails."""
    words: list[str] = []
    for level in LEVELS:
        mail = texts.mail(level, locale, emergency_number="112")
        words += [texts.headline(level, locale), texts.push_line(level, locale)]
        words += [mail.subject, mail.body]
    return words


def sentences(words: str) -> list[str]:
    found = re.split(r"(?<=[.!?:])\s+|\n+", words)
    return [each for each in found if re.search(r"\w", each)]


def chinese_sentences(words: str) -> list[str]:
    return [each for each in re.split(r"[。！？；\n]+", words) if each]


def grade(words: str) -> float:
    """Flesch-Kincaid grade level."""
    found = re.findall(r"[A-Za-z0-9'-]+", words)
    spoken = sum(_syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences(words)) + 11.8 * spoken / len(found) - 15.59


def _syllables(word: str) -> int:
    """A count that is good enough: groups of vowels, without a silent e at the end."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    bare = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeioudt])ed$|(?<=[^aeiouscxz])es$", "", bare)
    return max(1, len(re.findall(r"[aeiouy]+", bare)))
