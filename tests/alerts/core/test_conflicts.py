"""Where the documents disagree, C1 to C13: what was decided is what the rules do.

The catalogue names each of these tests beside its conflict.
"""

import re
from typing import Any

import pytest

from alerts.core import texts
from tests.alerts.core.story import Line, at, brief, entry, massage, profile, told

BEFORE = at(days=-40)
SECOND_DAY = at(hours=30)


def patient(phase: str, **data: Any) -> Line:
    """An approved patient in a phase."""
    approval = {"status": "physician_confirmed", "expires_on": None, "allow_acute": False}
    return profile(BEFORE, **{"phase": phase, "doctor_approval": approval, **data})


def after_two(phase: str, **data: Any) -> list[Line]:
    """A third massage of half an hour, so that it need not be a short one."""
    first, second = (massage(f"m{days}", at(days=days), minutes=20) for days in (-20, -10))
    return [patient(phase), first, second, massage("m", at(), **data)]


def words_of_patients() -> list[str]:
    """All that the catalogue of texts says to patients."""
    said = [texts.text(key, "en") for key in sorted(texts.keys())]
    return [" ".join([text.title, text.advice, text.why, text.why_plain]) for text in said]


def test_c1_soreness_is_a_note_and_lasting_pain_a_hold() -> None:
    sore = {"soreness": 4, "global_change": "same", "new_neuro": False}

    def says(pain: int) -> list[str]:
        lines = [patient("healing"), massage("m", at(), minutes=20, pain_before=4)]
        lines.append(entry("e", SECOND_DAY, pain=pain, after_massage=sore))
        return brief(told(*lines), "R08", "R09")

    assert says(4) == ["R09 opened 0"]
    assert says(6) == ["R08 opened 2"]


def test_c2_the_acute_phase_is_a_hold_unless_a_physician_allows_it() -> None:
    allowed = {"status": "physician_confirmed", "expires_on": None, "allow_acute": True}
    light: dict[str, Any] = {"minutes": 20, "pressure": "light", "sites": ["feet"]}

    def says(*before: Line) -> list[str]:
        return brief(told(*before, massage("m", at(), **light)), "R11")

    assert says(patient("acute")) == ["R11 opened 2"]
    assert says(patient("acute", doctor_approval=allowed)) == []
    nerves = entry("e", at(hours=-10), weakness=3)
    assert says(patient("acute", doctor_approval=allowed), nerves) == ["R11 opened 2"]


@pytest.mark.parametrize(
    ("during", "expected"),
    [
        pytest.param({"pain_during_max": 5}, [], id="one-point-is-breathed-through"),
        pytest.param({"pain_during_max": 6}, ["R07 opened 1"], id="two-points-are-not"),
        pytest.param({"neuro_during": ["tingling"]}, ["R07 opened 2"], id="nor-is-tingling"),
    ],
)
def test_c3_discomfort_is_breathed_through_and_pain_is_not(
    during: dict[str, Any], expected: list[str]
) -> None:
    lines = after_two("healing", pain_before=4, **during)
    assert brief(told(*lines), "R07") == expected


def test_c4_no_text_asks_for_patience() -> None:
    asking = re.compile(r"\bpatience\b|be patient|worse before|breathe through", re.IGNORECASE)
    assert [words for words in words_of_patients() if asking.search(words)] == []


@pytest.mark.parametrize(
    ("technique", "expected"),
    [
        pytest.param("passive_stretch", [], id="a-limb"),
        pytest.param("spinal_stretch", ["R14 opened 2"], id="the-spine"),
        pytest.param("spinal_twist", ["R14 opened 2"], id="nor-twisted"),
    ],
)
def test_c5_limbs_may_be_stretched_and_the_spine_may_not(
    technique: str, expected: list[str]
) -> None:
    assert brief(told(*after_two("healing", techniques=[technique])), "R14") == expected


def test_c6_no_text_claims_that_massage_repairs_a_disc() -> None:
    claim = re.compile(r"retract|widen|repair|mend|(push|put|press|move)\w* .*back", re.IGNORECASE)
    denial = re.compile(r"\b(cannot|can not|does not|never|no)\b", re.IGNORECASE)
    said = [*words_of_patients(), *(f"{card.title}. {card.text}" for card in texts.cards("en"))]
    sentences = [each for words in said for each in re.split(r"(?<=[.!?])\s+", words)]
    claims = [each for each in sentences if claim.search(each) and "massage" in each.lower()]
    assert [each for each in claims if not denial.search(each)] == []


def test_c7_the_first_two_massages_are_short_whatever_the_phase() -> None:
    lines = [patient("healing")]
    lines += [massage(f"m{days}", at(days=days), minutes=30) for days in (0, 8, 16)]
    said = [line for line in told(*lines) if line["rule"] == "R13" and line["event"] == "opened"]
    assert [line["subject"] for line in said] == ["m0", "m8"]


def test_c8_manipulation_is_a_hold() -> None:
    lines = after_two("chronic", techniques=["manipulation"])
    assert brief(told(*lines), "R14") == ["R14 opened 2"]


@pytest.mark.parametrize(
    ("phase", "over_disc", "expected"),
    [
        pytest.param("chronic", False, [], id="chronic-and-beside-the-disc"),
        pytest.param("healing", False, ["R14 opened 1"], id="not-while-it-heals"),
        pytest.param("chronic", True, ["R14 opened 2"], id="never-over-the-disc"),
    ],
)
def test_c9_deep_pressure_is_for_the_chronic_phase_and_never_over_the_disc(
    phase: str, *, over_disc: bool, expected: list[str]
) -> None:
    lines = after_two(phase, pressure="deep", over_disc=over_disc)
    assert brief(told(*lines), "R14") == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        pytest.param("feet", [], id="remote-places-are-free"),
        pytest.param("low_back", ["R12 opened 1"], id="the-injured-region-counts"),
    ],
)
def test_c10_self_massage_counts_on_the_injured_region_only(site: str, expected: list[str]) -> None:
    lines = [patient("chronic", region="lumbar")]
    lines += [
        massage(f"m{days}", at(days=days), minutes=20, setting="self", sites=[site])
        for days in (0, 2, 4)
    ]
    opened = [said for said in brief(told(*lines), "R12") if "opened" in said]
    assert opened == expected


def test_c11_plain_nerve_signs_forbid_massage() -> None:
    severe = [patient("healing", severity="severe"), massage("m", at(), minutes=20)]
    assert brief(told(*severe), "R10") == ["R10 opened 2"]
    lines = [patient("acute"), entry("e", at(hours=-5), limb_pain=7)]
    said = told(*lines, massage("m", at(), minutes=20))
    assert [line["text_key"] for line in said if line["rule"] == "R11"] == [
        "hold.acute_nerve_signs"
    ]


@pytest.mark.parametrize("flag", ["bladder", "bowel", "saddle_numbness", "gait_unsteady"])
def test_c12_a_warning_sign_is_an_emergency_and_no_appointment(flag: str) -> None:
    said = brief(told(entry("e", at(), red_flags={flag: "new_or_worse"})))
    assert said in (["R01 opened 4"], ["R02 opened 4"])


def test_c13_no_text_names_the_anatomy() -> None:
    anatomy = re.compile(r"spinal cord|cauda|equina|myelopathy|\bcord\b", re.IGNORECASE)
    said = [words for words in words_of_patients() if anatomy.search(words)]
    assert said == []
