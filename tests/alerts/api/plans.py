"""Asking before a massage: a plan, the clock of the question, and what was answered."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from tests.alerts.diaries import at
from tests.phones import Answer

PATH = "clearance/"


def clock_at(moment: datetime) -> Any:
    """Ask as of another moment."""
    return patch("alerts.api.massage_views.database_now", return_value=moment)


def planned(**data: Any) -> dict[str, Any]:
    """A plan that begins now, in which all that a rule asks for is said."""
    return {
        "started_at": at().isoformat(),
        "ended_at": (at() + timedelta(minutes=20)).isoformat(),
        "setting": "professional",
        "techniques": ["effleurage"],
        "pressure": "light",
        "sites": ["thighs"],
        **data,
    }


def told(answer: Answer) -> tuple[str, list[str]]:
    """The answer and the rules that it names."""
    assert answer.status_code == 200, answer.content
    said = answer.json()
    return said["answer"], [reason["rule"] for reason in said["reasons"]]
