"""Realistic bodies for the API document; tests post every one of them."""

from typing import Any

ENTRY: dict[str, Any] = {
    "id": "5f0c2f4e-6c1d-4b57-9a57-0f6c2f3c9d10",
    "symptom_at": "2026-11-20T08:30:00+01:00",
    "pain": 4,
    "numbness": 2,
    "limb_pain": 5,
    "numb_regions": ["left_foot"],
    "red_flags": {"bladder": "no", "saddle_numbness": "no"},
    "function_checks": {"heel_walk_left": "can", "toe_walk_left": "can"},
    "flare_today": False,
    "note": "Worse after sitting at the desk.",
}
MASSAGE: dict[str, Any] = {
    "id": "b1a5a8f4-3a2e-4c05-8a5e-5b1f3b7c2a11",
    "started_at": "2026-11-19T17:00:00+01:00",
    "ended_at": "2026-11-19T17:30:00+01:00",
    "setting": "professional",
    "provider": "physiotherapist",
    "techniques": ["effleurage", "kneading"],
    "pressure": "light",
    "sites": ["low_back"],
    "over_disc": False,
    "pain_before": 4,
}
