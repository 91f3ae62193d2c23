"""A patient who has one of everything that a path can name."""

from copy import deepcopy

from alerts.api import examples as of_alerts
from diary.api import examples as of_diary
from tests.phones import Phone

RED_FLAG = {**of_diary.ENTRY, "red_flags": of_diary.STORED_ENTRY["red_flags"]}
DEVICE = "c2e7b6a0-54a2-4f0b-8a49-5d6d7c0f9f11"
Ids = dict[str, dict[str, str]]


def one_of_everything(phone: Phone) -> Ids:
    """Make it all; the ids stand under the path's first word and the parameter's name."""
    (alert,) = phone.post("entries/", {**RED_FLAG, "id": None}).json()["alerts"]
    assert phone.post("entries/", of_diary.ENTRY).status_code == 201
    assert phone.post("massages/", of_diary.MASSAGE).status_code == 201
    browser = deepcopy(of_alerts.BROWSER)
    browser["subscription"]["endpoint"] += "-of-another-browser"
    assert phone.put(f"devices/{DEVICE}/", browser).status_code == 201
    return {
        "entries": {"record_id": of_diary.ENTRY["id"]},
        "massages": {"record_id": of_diary.MASSAGE["id"]},
        "alerts": {"alert_id": alert["id"]},
        "devices": {"device_id": DEVICE},
    }
