"""Who the proofs are about: a patient with a phase and a doctor's yes, and a diary in order."""

from datetime import datetime, timedelta
from typing import Any, Final

from tests.alerts.core.proofs.shape import Diary
from tests.alerts.core.story import Line, at, profile

Answers = dict[str, Any]  # fields of an entry, a massage or a profile
SECOND: Final = timedelta(seconds=1)
YES: Final[Answers] = {"status": "physician_confirmed", "allow_acute": True}


def patient(phase: str = "chronic", *, days: float = -1, **more: Any) -> Line:
    """What is known of a patient in whom nothing speaks against massage."""
    return profile(at(days=days), phase=phase, **{"doctor_approval": YES, **more})


def story(*lines: Line) -> Diary:
    """The lines in the order of their arrival."""
    return lambda: sorted(lines, key=_arrived_at)


def _arrived_at(line: Line) -> datetime:
    return datetime.fromisoformat(line.get("received_at") or line["at"])


def answered(massage: str | None = None, **answers: Any) -> Answers:
    """The answer to the follow-up question, on a massage if one is named."""
    named = {} if massage is None else {"massage": massage}
    return {"after_massage": {**named, **answers}}
