"""The words that patients read, with their blanks shown."""

import re
from collections.abc import Iterator

from alerts.core import texts
from alerts.core.texts import Text


def advice_of(text: Text) -> str:
    """The advice without the safety net, which stands once for all."""
    return text.advice.format(emergency_number=texts.catalogue("en").number_unknown)


def reason_of(text: Text) -> str:
    """The reason, that of single cases, and what may stand in their blanks."""
    return " ".join([_with_blanks(text.why), *_cases(text), *_choices(text)])


def _choices(text: Text) -> Iterator[str]:
    sentences = " ".join([text.why, *text.why_for.values()])
    for name, phrases in text.phrases.items():
        if f"{{{name}}}" in sentences:
            yield f"[{name}] is: {'; '.join(phrases.values())}."


def _cases(text: Text) -> Iterator[str]:
    for code, reason in text.why_for.items():
        yield f"For *{code.replace('_', ' ')}*: {_with_blanks(reason)}"


def _with_blanks(reason: str) -> str:
    return re.sub(r"\{(\w+)\}", r"[\1]", reason)
