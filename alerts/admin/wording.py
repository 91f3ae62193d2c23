"""How an alert is worded for a physician: the texts its patient reads, in the clinic's language."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from alerts.core import texts
from alerts.models import Alert, AlertEvent, Level

# A colour only repeats what the word says.
_COLOUR = {
    Level.EMERGENCY: "danger",
    Level.DOCTOR: "warning",
    Level.HOLD: "info",
    Level.ADJUST: "primary",
    Level.INFO: "default",
}


def level_word(level: int) -> str:
    """The level as a word and its number: "Emergency 4"."""
    return f"{Level(level).label} {level}"


def level_label(level: int, *, count: int | None = None) -> SafeString:
    """The level in a coloured frame."""
    text = level_word(level) if count is None else f"{count} {Level(level).label}"
    return render_to_string(
        "unfold/helpers/label.html", {"text": text, "type": _COLOUR[Level(level)]}
    )


def text_of(row: Alert | AlertEvent) -> texts.Text | None:
    """The text of an alert or event; None when this version no longer has it."""
    try:
        return texts.text(row.text_key, settings.LANGUAGE_CODE)
    except KeyError:
        return None


def title(row: Alert | AlertEvent) -> str:
    """What the alert says first; its key when the text is gone."""
    found = text_of(row)
    return found.title if found else row.text_key or row.rule


def why(row: Alert | AlertEvent) -> str:
    """Why there is this alert, with the patient's numbers where they are known."""
    found = text_of(row)
    parameters: dict[str, Any] = getattr(row, "parameters", {})
    return texts.why(found, parameters) if found else ""


def advice(row: Alert) -> str:
    """What the patient is told to do."""
    found = text_of(row)
    if found is None:
        return ""
    return texts.advice(
        found,
        locale=settings.LANGUAGE_CODE,
        region=row.patient.region,
        emergency_number=settings.EMERGENCY_NUMBER,
        late=row.based_on_late_entry,
    )
