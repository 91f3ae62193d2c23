"""Diaries that hypothesis makes up: every field of an entry, a massage and a profile, some days."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.alerts.core.story import START, Line, at, entry, massage, profile

HALF_DAYS = 60
END = at(days=HALF_DAYS / 2 + 2)

_SCORES = st.none() | st.integers(0, 10)
_TRUTHS = st.none() | st.booleans()
_SITES = ["neck", "low_back", "shoulders"]
_TECHNIQUES = ["effleurage", "shaking", "spinal_twist", "roller_or_ball"]
_CODES = ["fracture", "infection", "anticoagulant"]


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _some(*codes: str) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(codes), unique=True, max_size=2)


_ENTRIES = st.builds(
    _said,
    pain=st.integers(0, 10),
    weakness=_SCORES,
    numbness=_SCORES,
    limb_pain=_SCORES,
    function_checks=st.none()
    | st.dictionaries(
        st.sampled_from(["grip_left", "grip_right"]),
        st.sampled_from(["can", "cannot", "unknown"]),
        max_size=2,
    ),
    muscle_wasting=_TRUTHS,
    flare_today=_TRUTHS,
    activities_limited=_TRUTHS,
    fever_unwell=_TRUTHS,
    numb_regions=_some("left_foot", "right_hand", "left_hand"),
    skin_problem_sites=_some(*_SITES),
    after_massage=st.none()
    | st.builds(
        _said,
        soreness=_SCORES,
        global_change=st.sampled_from(["better", "same", "worse"]),
        new_neuro=_TRUTHS,
    ),
)
_MASSAGES = st.builds(
    _said,
    pain_before=_SCORES,
    pain_during_max=_SCORES,
    neuro_during=_some("numbness", "tingling"),
    techniques=_some(*_TECHNIQUES),
    sites=_some(*_SITES),
    pressure=st.sampled_from([None, "light", "deep"]),
    over_disc=_TRUTHS,
    stopped_early=_TRUTHS,
    exercise_same_day=_TRUTHS,
    product=st.sampled_from([None, "arnica oil"]),
    minutes=st.sampled_from([20, 30, 61]),
)
PROFILES = st.builds(
    _said,
    phase=st.sampled_from(["acute", "healing", "chronic", None]),
    region=st.sampled_from(["lumbar", "cervical", None]),
    severity=st.sampled_from(["mild", "severe", None]),
    contraindications=_some(*_CODES),
    allergies=st.sampled_from([None, ["Arnica"]]),
    doctor_approval=st.sampled_from(
        [
            None,
            {"status": "physician_confirmed"},
            {"status": "physician_confirmed", "allow_acute": True},
        ]
    ),
    timezone=st.sampled_from([None, "Europe/Berlin", "Pacific/Kiritimati"]),
)
_WHEN = st.integers(0, HALF_DAYS)


def _lines(
    known: dict[str, Any],
    felt: list[tuple[int, dict[str, Any]]],
    given: list[tuple[int, dict[str, Any]]],
) -> list[Line]:
    """The profile first, then every record as it happened, received at once."""
    records = [
        massage(f"m{n}", at(hours=12 * when), **data) for n, (when, data) in enumerate(given)
    ]
    records += [
        entry(f"e{n:02}", at(hours=12 * when), **data) for n, (when, data) in enumerate(felt)
    ]
    records.sort(key=lambda line: line["received_at"])
    return [profile(START - timedelta(days=1), **known), *records]


# Records come at noon and midnight, so that many lie exactly 24, 48 or 72 hours apart.
DIARIES = st.builds(
    _lines,
    PROFILES,
    st.lists(st.tuples(_WHEN, _ENTRIES), max_size=14),
    st.lists(st.tuples(_WHEN, _MASSAGES), max_size=5),
)
