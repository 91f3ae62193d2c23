"""What is sent where, so that who may ask does get something done."""

from typing import Any

from diary.api import examples as of_diary
from diary.consent import required_version

_API = "api/v1/"
_ACCOUNT = "_allauth/app/v1/"
DEVICE = {"kind": "fcm", "token": "a-token-of-nobodys-phone"}
_ENTRY = {name: value for name, value in of_diary.ENTRY.items() if name != "id"}
_MASSAGE = {name: value for name, value in of_diary.MASSAGE.items() if name != "id"}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", _API + "entries/"): _ENTRY,
    ("PUT", _API + "entries/<id:record_id>/"): _ENTRY,
    ("POST", _API + "massages/"): _MASSAGE,
    ("PUT", _API + "massages/<id:record_id>/"): _MASSAGE,
    ("POST", _API + "sync/"): {"since": None, "changes": []},
    ("PATCH", _API + "me/"): {"reminder_hour": 7},
    ("POST", _API + "me/consents/"): {"version": required_version()},
    ("POST", _API + "alerts/<id:alert_id>/receipt/"): {"event": "displayed"},
    ("POST", _API + "alerts/<id:alert_id>/feedback/"): {"helpful": True},
    ("POST", _API + "clearance/"): {"setting": "self"},
    ("PUT", _API + "devices/<id:device_id>/"): DEVICE,
}
