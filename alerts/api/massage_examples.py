"""Realistic bodies and answers about one massage; tests hold them against the API document."""

from typing import Any

_NO_ENTRY: dict[str, Any] = {"change": None, "verdict": "not enough entries"}
_AS_BEFORE: dict[str, Any] = {"change": 0, "verdict": "not raised"}
RESPONSE: dict[str, Any] = {
    "reference": 4,
    "windows": [
        {"hours": "0-24", "pain": _NO_ENTRY, "numbness": _NO_ENTRY, "weakness": _NO_ENTRY},
        {
            "hours": "24-48",
            "pain": {"change": 3, "verdict": "raised"},
            "numbness": _AS_BEFORE,
            "weakness": _AS_BEFORE,
        },
        {"hours": "48-72", "pain": _NO_ENTRY, "numbness": _NO_ENTRY, "weakness": _NO_ENTRY},
    ],
}
PLAN: dict[str, Any] = {
    "started_at": "2026-11-24T17:00:00+01:00",
    "ended_at": "2026-11-24T17:30:00+01:00",
    "setting": "professional",
    "techniques": ["effleurage", "kneading"],
    "pressure": "light",
    "sites": ["low_back"],
}
CLEARANCE: dict[str, Any] = {
    "answer": "not_today",
    "reasons": [
        {
            "rule": "R12",
            "text": "Wait with the next massage. You have had as many as your limit allows. Ask "
            "your doctor before you plan more.\n\nYou had 3 massages in 7 days, and your limit is "
            "3, so have none before 25 November 2026.",
        }
    ],
    "next_allowed_on": "2026-11-25",
    "limits": {
        "phase": "healing",
        "max_minutes": 60,
        "per_7_days": 3,
        "used_7_days": 3,
        "per_30_days": None,
        "used_30_days": 9,
        "avoid_techniques": ["spinal_stretch", "spinal_twist", "manipulation", "shaking"],
        "avoid_sites": [],
    },
    "safety_net": "Go to the emergency department now if you lose control of your bladder or "
    "bowel. Go now if you feel numb between your legs. Go now if both legs get weak.",
}
