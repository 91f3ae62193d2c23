"""The reason of a text: the patient's own numbers, and never an error for want of one."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.core import texts
from alerts.core.texts.shape import Text
from tests.alerts.core.test_texts import ALL, PARAMETERS, REASSURING, each, fields


@pytest.mark.parametrize(
    ("key", "parameters", "expected"),
    [
        (
            "emergency.cauda_equina",
            {"flags": ("bladder", "both_legs_pain")},
            "You told us about trouble with your bladder, pain in both legs; "
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
            "You had 3 massages in 7 days, and your limit is 2, so have none before 2026-11-25.",
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
        ("wait.no_answer", {}, "No pain entry came from the second day after your massage."),
    ],
)
def test_the_reason_uses_the_numbers_it_has(
    key: str, parameters: dict[str, object], expected: str
) -> None:
    assert texts.why(texts.text(key, "en"), parameters) == expected


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
def test_every_phrase_fits_into_its_sentence(said: Text) -> None:
    for name, phrases in said.phrases.items():
        for code in phrases:
            reason = texts.why(said, {name: code})
            assert reason not in {"", said.why_plain}
            assert len(reason.split()) <= 20
            assert not REASSURING.search(reason)


@pytest.mark.parametrize("missing", sorted(PARAMETERS))
@each(*ALL)
def test_one_missing_parameter_leaves_a_plain_reason(said: Text, missing: str) -> None:
    rest = {name: value for name, value in PARAMETERS.items() if name != missing}
    reason = texts.why(said, rest)
    assert reason == (
        said.why_plain if missing in fields(said.why) else texts.why(said, PARAMETERS)
    )
    assert reason


def test_what_a_person_wrote_never_gets_into_a_reason() -> None:
    said = texts.text("hold.pain_over_24h", "en")
    assert texts.why(said, {"value": "<b>", "reference": 4, "hours": 30}) == said.why_plain
