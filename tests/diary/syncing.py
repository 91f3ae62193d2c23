"""What an app that works offline sends and keeps."""

from typing import Any

from tests.diary.bodies import ENTRY, MASSAGE, new_id
from tests.phones import Answer, Phone

Item = dict[str, Any]


def put(
    record_id: str = "", *, of: str = "entry", if_version: int | None = None, **data: Any
) -> Item:
    """An item that puts a record, as small as it may be, with some fields of its own."""
    least = ENTRY if of == "entry" else MASSAGE
    item = {"type": of, "op": "put", "id": record_id or new_id(), "data": {**least, **data}}
    return item if if_version is None else {**item, "if_version": if_version}


def delete(record_id: str, *, of: str = "entry", **more: Any) -> Item:
    """An item that withdraws a record."""
    return {"type": of, "op": "delete", "id": record_id, **more}


def post(phone: Phone, *items: Item, since: str | None = None, key: str | None = None) -> Answer:
    """Send a sync."""
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"since": since, "changes": list(items)}
    return phone.send("POST", "sync/", body, headers=headers)


def synced(phone: Phone, *items: Item, since: str | None = None) -> dict[str, Any]:
    """The answer to a sync that is taken."""
    answer = post(phone, *items, since=since)
    assert answer.status_code == 200, answer.content[:500]
    said: dict[str, Any] = answer.json()
    return said


def statuses(said: dict[str, Any]) -> list[str]:
    return [result["status"] for result in said["results"]]


class App:
    """An app that keeps what it hears: the newest state of each record and alert, by its id."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.cursor: str | None = None
        self.kept: dict[str, Item] = {}
        self.pages = 0

    def pull(self, *items: Item) -> dict[str, Any]:
        """Send items, then ask until there is no more; the first answer comes back."""
        first = said = self._exchange(*items)
        while said["has_more"]:
            said = self._exchange()
        return first

    def _exchange(self, *items: Item) -> dict[str, Any]:
        said = synced(self.phone, *items, since=self.cursor)
        for item, result in zip(items, said["results"], strict=True):
            if result["status"] not in ("invalid", "conflict"):
                self._keep(item)
        for change in said["changes"]:
            self._keep(change)
        self.cursor = said["cursor"]
        self.pages += 1
        return said

    def _keep(self, change: Item) -> None:
        if change["op"] == "delete":
            self.kept.pop(change["id"], None)
        else:
            self.kept[change["id"]] = change

    @property
    def diary(self) -> dict[str, Any]:
        """The notes of the records that it keeps, by id."""
        records = {i: change for i, change in self.kept.items() if change["type"] != "alert"}
        return {i: change["data"].get("note") for i, change in records.items()}


def diary_of(phone: Phone) -> dict[str, Any]:
    """The notes of the records that stand on the server, by id."""
    found: dict[str, Any] = {}
    for kind in ("entries", "massages"):
        address = f"{kind}/?limit=500"
        while address:
            page = phone.get(address).json()
            found |= {row["id"]: row["note"] for row in page["results"]}
            address = (page["next"] or "").partition("/api/v1/")[2]
    return found
