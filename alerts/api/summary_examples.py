"""Realistic answers about the last days; tests hold them against the API document."""

from typing import Any

from alerts.api.examples import RED_FLAG
from diary.api.examples import STORED_MASSAGE

SUMMARY: dict[str, Any] = {
    "days": [
        {"date": "2026-11-19", "pain": None, "numbness": None, "weakness": None, "limb_pain": None},
        {"date": "2026-11-20", "pain": 4, "numbness": 2, "weakness": None, "limb_pain": 5},
    ],
    "massages": [STORED_MASSAGE],
    "alerts": RED_FLAG["alerts"],
    "completeness": 0.5,
}
