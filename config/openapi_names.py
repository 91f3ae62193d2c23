"""What the operations are called: generated clients name their methods so."""

# Where the rule below would read badly. A name, once out, stays.
_NAMES = {
    ("GET", "me/"): "getProfile",
    ("PATCH", "me/"): "changeProfile",
    ("DELETE", "me/"): "eraseAccount",
    ("GET", "me/consents/"): "getConsents",
    ("POST", "me/consents/"): "giveConsent",
    ("DELETE", "me/consents/"): "withdrawConsent",
    ("POST", "entries/"): "createEntry",
    ("POST", "massages/"): "createMassage",
    ("POST", "clearance/"): "askClearance",
    ("POST", "alerts/{alert_id}/acknowledge/"): "acknowledgeAlert",
    ("POST", "devices/{device_id}/test/"): "testDevice",
    ("POST", "sync/"): "sync",
    ("GET", "rules/"): "getRules",
}
_VERBS = {"GET": "get", "PUT": "put", "POST": "create", "PATCH": "change", "DELETE": "delete"}


def operation_id(method: str, path: str, *, is_list: bool) -> str:
    """`putEntry` for a PUT of `/api/v1/entries/{record_id}/`, and so on."""
    place = path.removeprefix("/api/v1/")
    verb = "list" if is_list and method == "GET" else _VERBS[method]
    return _NAMES.get((method, place)) or verb + "".join(_nouns(place))


def _nouns(place: str) -> list[str]:
    """The parts of a path; what an id picks one of is in the singular."""
    found: list[str] = []
    for part in place.strip("/").split("/"):
        if part.startswith("{"):
            found[-1] = _singular(found[-1])
        elif part != "me":
            found.append(part.title().replace("-", ""))
    return found


def _singular(noun: str) -> str:
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")
