"""Bodies that the contract accepts: the least and the most of each kind of record."""

from typing import Any, get_args
from uuid import uuid4

from diary import vocabulary as words

ENTRY: dict[str, Any] = {"symptom_at": "2026-11-20T08:30:00+01:00", "pain": 4}
MASSAGE: dict[str, Any] = {
    "started_at": "2026-11-19T17:00:00+01:00",
    "ended_at": "2026-11-19T17:30:00+01:00",
    "setting": "self",
}
FULL_ENTRY: dict[str, Any] = {
    "symptom_at": "2026-11-20T08:30:00.123456+05:45",
    "recorded_at": "2026-11-20T02:46:00Z",
    "pain": 0,
    "numbness": 10,
    "weakness": 1,
    "limb_pain": 9,
    "numb_regions": list(get_args(words.BodyRegion)),
    "weak_regions": [],
    "red_flags": dict.fromkeys(words.RED_FLAGS, "unchanged_longstanding"),
    "function_checks": dict.fromkeys(words.FUNCTION_CHECKS, "unknown"),
    "muscle_wasting": True,
    "flare_today": False,
    "activities_limited": True,
    "fall_or_injury": False,
    "fever_unwell": False,
    "skin_problem_sites": list(get_args(words.Site)),
    "after_massage": {
        "massage": str(uuid4()),
        "soreness": 10,
        "global_change": "worse",
        "new_neuro": False,
    },
    "note": "\u202eno\u200bte\u2029 \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301",
}
FULL_MASSAGE: dict[str, Any] = {
    "started_at": "2026-11-19T17:00:00-03:30",
    "ended_at": "2026-11-19T20:30:01Z",
    "setting": "professional",
    "provider": "spa",
    "techniques": list(get_args(words.Technique)),
    "pressure": "deep",
    "sites": list(get_args(words.Site)),
    "over_disc": True,
    "neutral_position": False,
    "stopped_early": True,
    "exercise_same_day": False,
    "product": "oil " * 50,
    "pain_before": 10,
    "pain_during_max": 0,
    "neuro_during": list(get_args(words.NeuroSymptom)),
    "heavy_lifting_ended_at": "2026-11-19T16:00:00+14:00",
    "sitting_minutes": 10080,
    "sitting_ended_at": "2026-11-19T16:00:00Z",
    "note": "",
}
KINDS = {"entries": ENTRY, "massages": MASSAGE}


def new_id() -> str:
    """An id as an app makes it."""
    return str(uuid4())
