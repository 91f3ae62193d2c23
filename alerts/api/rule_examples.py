"""A realistic answer about the rules, cut short; tests hold it against the API document."""

from typing import Any

from alerts.api.examples import RED_FLAG

_ALERT = RED_FLAG["alerts"][0]
RULES: dict[str, Any] = {
    "version": "1.0.0",
    "locale": "en",
    "languages": ["en", "zh-Hans"],
    "emergency_number": "112",
    "levels": [{"level": 4, "name": "emergency", "headline": "Go to emergency care now"}],
    "red_flags": {
        "questions": [
            {
                "flag": "saddle_numbness",
                "question": "Do you feel numb between your legs, or around your back passage?",
            }
        ],
        "cards": [
            {
                "level": 4,
                "rule": "R01",
                "text_key": "emergency.cauda_equina",
                "when": [{"fields": ["red_flags.saddle_numbness"], "any_of": ["new_or_worse"]}],
                "title": _ALERT["title"],
                "text": _ALERT["advice"],
                "why": _ALERT["why"],
            }
        ],
        "safety_net": "Go to the emergency department now if you lose control of your bladder or "
        "bowel. Go now if you feel numb between your legs. Go now if both legs get weak.",
    },
    "rules": [
        {
            "id": "R01",
            "name": "RED_FLAG_CES",
            "version": "1.0.0",
            "title": "Warning signs of cauda equina syndrome",
            "what": "One of the warning signs is answered with new or worse.",
            "parameters": [
                {
                    "name": "red_flags.again_after",
                    "value": 12,
                    "unit": "hours",
                    "mark": "assumption",
                    "rows": [1],
                }
            ],
            "statements": [
                {"row": 1, "where": ["S3:199"], "statement": "Bladder or bowel trouble: go now."}
            ],
            "texts": [
                {
                    "key": "emergency.cauda_equina",
                    "version": 1,
                    "level": 4,
                    "title": _ALERT["title"],
                    "advice": _ALERT["advice"],
                    "why": "You told us about a warning sign; nerves may be squeezed.",
                }
            ],
        }
    ],
    "shared": [],
    "documents": [{"id": "S3", "what": "A guide to massage"}],
    "education": [
        {"key": "plan", "version": 1, "title": "Plan", "text": "Plan your massages ahead."}
    ],
}
