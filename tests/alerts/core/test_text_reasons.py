"""The reason of a text: the patient's own numbers, and never an error for want of one."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.core import texts
from alerts.core.texts.shape import Text
from tests.alerts.core.wording import NUMBERS, each, fields, parameters_for, said_in

ALL = [said for locale in texts.LANGUAGES for said in said_in(locale)]
PARAMETERS = {**NUMBERS, "flags": 0, "what": 0, "codes": 0, "signs": 0, "regions": 0}


@pytest.mark.parametrize(
    ("key", "parameters", "expected"),
    [
        (
            "emergency.cauda_equina",
            {"flags": ("bladder", "both_legs_pain")},
            "You told us about trouble with your bladder and pain in both legs; "
            "nerves may be squeezed and every hour counts.",
        ),
        (
            "hold.pain_over_24h",
            {"value": 6, "reference": 4.5, "hours": Fraction(61, 2)},
            "Your pain was 6 out of 10 at 30.5 hours after the massage, and 4.5 before.",
        ),
        (
            "reduce.frequency",
            {"count": 3, "days": 7, "limit": 2, "next_allowed_on": date(2026, 11, 25)},
            "You had 3 massages in 7 days, and your limit is 2, "
            "so have none before 25 November 2026.",
        ),
        (
            "doctor.progressive_weakness",
            {"what": "muscle_wasting"},
            "You told us that a muscle has become thin.",
        ),
        (
            "doctor.progressive_weakness",
            {"what": "new"},
            "You told us that you are getting weaker.",
        ),
        (
            "doctor.check_today",
            {"flags": []},
            "You told us about a sign that a doctor should hear of.",
        ),
        (
            "hold.pain_over_24h",
            {"value": 6, "reference": None, "hours": 30},
            "You felt worse more than 24 hours after the massage.",
        ),
        (
            "hold.pain_over_24h",
            {"value": True, "reference": 4, "hours": 30},
            "You felt worse more than 24 hours after the massage.",
        ),
        (
            "hold.pain_over_24h",
            {"value": 6, "reference": float("inf"), "hours": 30},
            "You felt worse more than 24 hours after the massage.",
        ),
        (
            "hold.contraindicated.fracture",
            {"codes": ["fracture", "osteoporosis", "no_approval"]},
            "For this massage, your record shows a broken bone in the spine, weak bones "
            "and no go-ahead from a doctor.",
        ),
        (
            "hold.numbness",
            {"what": "numbness_jump", "value": 6, "reference": 3, "regions": []},
            "Your numbness was 6 out of 10, and it was 3 before.",
        ),
        (  # the number is missing: the code is said all the same
            "hold.numbness",
            {"what": "numbness_jump", "value": 6, "reference": None, "regions": []},
            "You told us that your numbness went up fast.",
        ),
        (
            "hold.numbness",
            {"what": "new_region", "value": None, "reference": None, "regions": ["left_arm"]},
            "You told us that you now feel numb in the left arm.",
        ),
        (
            "doctor.progressive_numbness",
            {"what": "both_arms", "value": 6, "reference": 3, "regions": ["left_arm"]},
            "You told us that both arms or hands are numb.",
        ),
        (
            "hold.numbness",
            {"what": ["new_region"], "regions": 4},
            "You told us that a new part of your body is numb.",
        ),
        ("wait.no_answer", {}, "No pain entry came from the second day after your massage."),
    ],
)
def test_the_reason_uses_the_numbers_it_has(
    key: str, parameters: dict[str, object], expected: str
) -> None:
    assert texts.why(texts.text(key, "en"), parameters) == expected


@pytest.mark.parametrize(
    ("key", "parameters", "expected"),
    [
        (
            "emergency.cauda_equina",
            {"flags": ("bladder", "both_legs_pain", "bowel")},
            "您告诉我们：小便有问题、两条腿都疼、大便有问题；神经可能被压住，早一小时都很重要。",
        ),
        (
            "hold.pain_over_24h",
            {"value": 6, "reference": 4.5, "hours": Fraction(61, 2)},
            "按摩后30.5小时，您的疼痛是6分（满分10分），之前是4.5分。",
        ),
        (
            "reduce.frequency",
            {"count": 3, "days": 7, "limit": 2, "next_allowed_on": "2026-11-05"},
            "您在7天内做了3次按摩，上限是2次，所以2026年11月5日之前不要再做。",
        ),
        (
            "hold.numbness",
            {"what": "numbness_jump", "value": 6, "reference": None, "regions": []},
            "您告诉我们：麻木很快加重。",
        ),
        ("doctor.check_today", {"flags": []}, "您告诉我们的情况，应当让医生知道。"),
    ],
)
def test_the_reason_is_put_together_as_chinese_is(
    key: str, parameters: dict[str, object], expected: str
) -> None:
    assert texts.why(texts.text(key, "zh-CN"), parameters) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_a_date_is_written_out(month: int) -> None:
    numbers = {**NUMBERS, "next_allowed_on": date(2026, month, 9)}
    english = texts.why(texts.text("hold.frequency", "en"), numbers)
    assert english.endswith(f"before {date(2026, month, 9):9 %B %Y}.")
    chinese = texts.why(texts.text("hold.frequency", "zh"), numbers)
    assert f"所以2026年{month}月9日之前" in chinese


odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["", "x", "{value}", "bladder", "function_lost", "2026-13-01"]),
    st.lists(st.sampled_from(["bladder", "bowel", "x", 1, None, ["bladder"]]), max_size=3),
)


@given(
    said=st.sampled_from(ALL),
    given_values=st.dictionaries(st.sampled_from(sorted(PARAMETERS)), odd_values),
)
def test_no_parameter_can_take_the_reason_away(said: Text, given_values: dict[str, object]) -> None:
    reason = texts.why(said, given_values)
    assert reason
    assert "{" not in reason


@each(*(one for one in ALL if one.phrases))
def test_every_code_has_words_of_its_own_and_they_are_said(said: Text) -> None:
    for name, phrases in said.phrases.items():
        assert len(set(phrases.values())) == len(phrases)
        named_in = [each for each in (said.why, *said.why_for.values()) if name in fields(each)]
        assert named_in
        for sentence, code in product(named_in, phrases):
            only = replace(said, why=sentence, why_for={}, why_plain="")
            assert phrases[code] in texts.why(only, {**NUMBERS, name: code})


@each(*(one for one in ALL if one.phrases))
def test_two_codes_at_once_can_still_be_read(said: Text) -> None:
    for name, phrases in said.phrases.items():
        if name == "what" and said.key not in {"adjust.timing", "info.no_exercise_today"}:
            continue  # one code at a time
        for two in permutations(phrases, 2):
            words = texts.why(said, {**parameters_for(said)[0], name: two})
            assert len(words.split()) <= 25


@each(*ALL)
def test_a_missing_parameter_takes_only_its_own_sentence_away(said: Text) -> None:
    for whole in parameters_for(said):
        for missing in whole:
            rest = {name: value for name, value in whole.items() if name != missing}
            own = said.why_for.get(str(rest.get("what")), said.why)
            left = next((one for one in (own, said.why) if fields(one) <= rest.keys()), None)
            only = replace(said, why=left or said.why_plain, why_for={})
            assert texts.why(said, rest) == texts.why(only, rest) != ""


def test_what_a_person_wrote_never_gets_into_a_reason() -> None:
    said = texts.text("hold.pain_over_24h", "en")
    assert texts.why(said, {"value": "<b>", "reference": 4, "hours": 30}) == said.why_plain
