"""Realistic bodies and answers for the API document; tests hold them against it."""

from typing import Any

_ADVICE = (
    "Go to the emergency department now. Do not drive yourself. Get someone to take you, or call "
    "112. Do not wait for this app or a doctor to answer. Have no massage. Show this message when "
    "you get there."
)
_ALERT: dict[str, Any] = {
    "id": "01598bd8-9916-4795-be77-c8b7b464bb75",
    "rule": "R01",
    "rule_version": "1.0.0",
    "subject": None,
    "level": 4,
    "level_name": "emergency",
    "status": "open",
    "opened_at": "2026-11-20T07:31:02.650470Z",
    "raised_at": None,
    "cleared_at": None,
    "based_on_late_entry": False,
    "title": "Go to emergency care now",
    "advice": _ADVICE,
    "why": "You told us about numbness between your legs; nerves may be squeezed and every hour "
    "counts.",
    "text_key": "emergency.cauda_equina",
    "text_version": 1,
    "locale": "en",
    "evidence": [
        {
            "type": "entry",
            "id": "5f0c2f4e-6c1d-4b57-9a57-0f6c2f3c9d10",
            "at": "2026-11-20T07:30:00+00:00",
            "field": "red_flags.saddle_numbness",
            "value": "new_or_worse",
        }
    ],
    "parameters": {"flags": ["saddle_numbness"]},
    "acknowledged_at": None,
    "seen_by_clinic_at": None,
    "superseded_by": None,
    "feedback": {"helpful": None, "did": None},
}
_GUIDANCE: dict[str, Any] = {
    "level": 4,
    "level_name": "emergency",
    "headline": "Go to emergency care now",
    "text": _ADVICE,
    "emergency_number": "112",
    "monitored": False,
}
RED_FLAG: dict[str, Any] = {"alerts": [_ALERT], "guidance": _GUIDANCE}
NOTHING: dict[str, Any] = {"alerts": [], "guidance": None}
ALERT_WITH_TIMELINE: dict[str, Any] = {
    **_ALERT,
    "status": "acknowledged",
    "acknowledged_at": "2026-11-20T07:31:40.120000Z",
    "timeline": [
        {"at": "2026-11-20T07:31:02.650470Z", "event": "opened"},
        {"at": "2026-11-20T07:31:04.002000Z", "event": "delivered"},
        {"at": "2026-11-20T07:31:09Z", "event": "displayed"},
        {"at": "2026-11-20T07:31:40.120000Z", "event": "acknowledged"},
    ],
}
RECEIPT: dict[str, Any] = {"event": "displayed", "at": "2026-11-20T08:31:09+01:00"}
FEEDBACK: dict[str, Any] = {"helpful": True, "did": "saw_doctor"}
ACKNOWLEDGE: dict[str, Any] = {"note": "My wife is driving me to the hospital."}
BROWSER: dict[str, Any] = {
    "kind": "webpush",
    "subscription": {
        "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn3x1c",
        "keys": {  # those of RFC 8291
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
            "aOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        },
    },
    "name": "Firefox on the laptop",
    "app_version": "1.4.0",
}
PHONE: dict[str, Any] = {
    "kind": "fcm",
    "token": "d9QhW3xYRk6:APA91bFq2n7Zt5u1yXw8Vb",
    "name": "Pixel 9",
    "app_version": "1.4.0",
}
PHONE_BY_INSTALLATION: dict[str, Any] = {
    "kind": "fcm",
    "installation_id": "dIsVQ2QVRT-TW7L6VfeAMh",
    "name": "Pixel 9",
    "app_version": "2.0.0",
}
DEVICE: dict[str, Any] = {
    "id": "0d3b9c1e-7a52-4f0e-9b1c-1f7f4f6a2c55",
    "kind": "webpush",
    "endpoint_host": "updates.push.services.mozilla.com",
    "name": "Firefox on the laptop",
    "app_version": "1.4.0",
    "registered_at": "2026-11-18T19:02:11.402110Z",
    "reachable": True,
    "off_since": None,
    "off_because": None,
}
PUSH_KEY: dict[str, Any] = {"webpush": BROWSER["subscription"]["keys"]["p256dh"]}
