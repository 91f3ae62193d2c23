"""Realistic bodies and answers for the API document; tests hold them against it."""

from typing import Any

from diary.consent import required_version

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
# The same morning with a warning sign, as it is stored.
STORED_ENTRY: dict[str, Any] = {
    **ENTRY,
    "recorded_at": None,
    "weakness": None,
    "weak_regions": None,
    "red_flags": {"bladder": "no", "saddle_numbness": "new_or_worse"},
    "muscle_wasting": None,
    "activities_limited": None,
    "fall_or_injury": None,
    "fever_unwell": None,
    "skin_problem_sites": None,
    "after_massage": None,
    "received_at": "2026-11-20T07:31:02.650470Z",
    "clock_suspect": False,
    "version": 1,
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
STORED_MASSAGE: dict[str, Any] = {
    **MASSAGE,
    "note": None,
    "neutral_position": None,
    "stopped_early": None,
    "exercise_same_day": None,
    "product": None,
    "pain_during_max": None,
    "neuro_during": None,
    "heavy_lifting_ended_at": None,
    "sitting_minutes": None,
    "sitting_ended_at": None,
    "received_at": "2026-11-19T16:40:11.004210Z",
    "clock_suspect": False,
    "version": 1,
}
PROFILE: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "locale": "en",
    "region": "lumbar",
    "reminder_hour": 19,
    "quiet_hours": "21:00-08:00",
    "notifications": {"push": True, "email": False},
    "onset_on": "2026-09-01",
    "contraindications": ["osteoporosis"],
    "doctor_approval": {"status": "patient_reported"},
}
SYNC: dict[str, Any] = {
    "since": None,
    "changes": [
        {"type": "entry", "op": "put", "id": ENTRY["id"], "data": ENTRY},
        {"type": "massage", "op": "put", "id": MASSAGE["id"], "data": MASSAGE, "if_version": 0},
        {"type": "entry", "op": "delete", "id": "9d2c6a60-93c0-4d52-8f1a-7a0b8f4e3c55"},
    ],
}
_OF_ITEM: dict[str, Any] = {"errors": [], "alerts": [], "version": 1}
SYNCED: dict[str, Any] = {
    "results": [
        {"type": "entry", "id": ENTRY["id"], "status": "created", **_OF_ITEM},
        {"type": "massage", "id": MASSAGE["id"], "status": "unchanged", **_OF_ITEM},
        {
            "type": "entry",
            "id": "9d2c6a60-93c0-4d52-8f1a-7a0b8f4e3c55",
            "status": "deleted",
            **_OF_ITEM,
            "version": 2,
        },
    ],
    "changes": [
        {
            "type": "massage",
            "op": "put",
            "id": STORED_MASSAGE["id"],
            "changed_at": STORED_MASSAGE["received_at"],
            "data": STORED_MASSAGE,
        },
        {
            "type": "entry",
            "op": "delete",
            "id": "2b8d1f1e-5d5c-4a7e-9f58-0f6f6f0a1c77",
            "changed_at": "2026-11-20T07:31:02.650470Z",
        },
    ],
    "cursor": "NDI:1vLx2a:8pNq0rJt3mYf5kS1uWcZ7bXe9oHgQdLiTnRvKjAyE4M",
    "has_more": False,
}
CONSENT: dict[str, Any] = {"version": required_version()}
ACCESS: dict[str, Any] = {
    "at": "2026-11-20T09:12:40.118020Z",
    "by": "Dr. Ada Example",
    "role": "physician",
    "what": "alert",
}
PROFILE_ANSWER: dict[str, Any] = {
    **PROFILE,
    "allergies": [],
    "trauma_on": None,
    "doctor_approval": {"status": "patient_reported", "expires_on": None, "allow_acute": None},
    "phase": "healing",
    "severity": "unknown",
    "plan_override": None,
    "longstanding_flags": [],
    "physicians": [{"name": "Dr. Ada Example", "role": "primary"}],
}
GIVEN_CONSENT: dict[str, Any] = {
    "version": required_version(),
    "given_at": "2026-11-20T07:12:40.118020Z",
    "withdrawn_at": None,
}
CONSENTS: dict[str, Any] = {
    "required": {"version": required_version(), "text": "What is kept about you, and why: ..."},
    "results": [GIVEN_CONSENT],
}
ENTRY_VERSION: dict[str, Any] = {
    "version": 1,
    "op": "put",
    "at": "2026-11-20T07:31:02.650470Z",
    "by": "patient",
    "data": ENTRY,
}
MASSAGE_VERSION: dict[str, Any] = {
    "version": 1,
    "op": "put",
    "at": "2026-11-19T16:40:11.004210Z",
    "by": "patient",
    "data": MASSAGE,
}
ERASURE: dict[str, Any] = {
    "id": "a3f3c1de-3a7b-4a35-8d0e-7d2f5b1f9c3a",
    "at": "2026-11-20T07:31:02.650470Z",
}
