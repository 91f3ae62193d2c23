"""How values are worded on a page: as text and never as HTML, a time always with its zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

NOT_ANSWERED = "not answered"
_CLOCK = "%Y-%m-%d %H:%M"


def said(text: object) -> SafeString:
    """What a person typed, escaped, and kept from turning the direction of the text around it."""
    return format_html('<bdi class="said">{}</bdi>', text)


def local(at: datetime | None, zone: str) -> str:
    """A moment on the patient's clock, with the zone."""
    return f"{at.astimezone(ZoneInfo(zone)).strftime(_CLOCK)} {zone}" if at else "-"


def utc(at: datetime | None) -> str:
    """A moment in UTC."""
    return f"{at.astimezone(UTC).strftime(_CLOCK)} UTC" if at else "-"


def lasting(span: timedelta) -> str:
    """A span in its two largest units: "2 days 3 hours"."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return _joined((days, "day"), (hours, "hour"))
    return _joined((hours, "hour"), (minutes % 60, "minute")) or "under a minute"


def _joined(*parts: tuple[int, str]) -> str:
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)


def spaced(code: str) -> str:
    """A name or a word of the vocabulary as it is read."""
    return code.replace("_", " ")


def worded(value: Any, zone: str) -> str:
    """A stored value, not a patient's own words, as it is read."""
    if isinstance(value, Mapping):
        return "; ".join(f"{spaced(name)}: {worded(part, zone)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(worded(member, zone) for member in value) or "none"
    return _single(value, zone)


def _single(value: Any, zone: str) -> str:
    match value:
        case None | "":
            return NOT_ANSWERED
        case bool():
            return "yes" if value else "no"
        case datetime():
            return local(value, zone)
        case str():
            return _text(value, zone)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _text(value: str, zone: str) -> str:
    """JSON holds times as text; a word of the vocabulary has underscores."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return spaced(value)
    return local(at, zone) if at.tzinfo else value
