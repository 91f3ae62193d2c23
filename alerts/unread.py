"""What can be read of an item that could not become a record: what it says of red flags."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_args

from alerts.core import fallback
from diary import vocabulary as words
from diary.signals import UnreadItem
from diary.wire import Invalid, read_moment

_ANSWERS: Final = frozenset(get_args(words.RedFlagAnswer))
_REGIONS: Final = frozenset(get_args(words.BodyRegion))


class Readable(NamedTuple):
    """The wire fields of an entry that can be judged; `is_odd`: a flag nobody knows is positive."""

    fields: dict[str, Any]
    is_odd: bool


def readable(item: UnreadItem) -> Readable:
    """What of an item can be judged as if the rest had not been said; withdrawing says nothing."""
    data = item.content.get("data", item.content)
    if item.content.get("op") == "delete" or not isinstance(data, Mapping):
        data = {}
    flags = data.get("red_flags")
    told = {n: a for n, a in flags.items() if _is_answer(a)} if isinstance(flags, Mapping) else {}
    known = {name: answer for name, answer in told.items() if name in words.RED_FLAGS}
    odd = {name: answer for name, answer in told.items() if name not in words.RED_FLAGS}
    fields = {
        "id": str(item.id),
        "symptom_at": _moment(data.get("symptom_at"), item),
        "red_flags": known,
        "numb_regions": _regions(data.get("numb_regions")),
        "weak_regions": _regions(data.get("weak_regions")),
    }
    return Readable(fields, fallback.has_positive_red_flag({"red_flags": odd}))


def _is_answer(answer: object) -> bool:
    return isinstance(answer, str) and answer in _ANSWERS


def _regions(named: object) -> list[str]:
    return [
        region
        for region in (named if isinstance(named, list) else ())
        if isinstance(region, str) and region in _REGIONS
    ]


def _moment(text: object, item: UnreadItem) -> Any:
    """When it was felt; where that cannot be read, now."""
    try:
        return read_moment(text, pointer="") if isinstance(text, str) else item.at
    except Invalid:
        return item.at
