"""A patient's story, told to the real replay: lines in, the lines of the rules out."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.core.rules import CURRENT, RuleSet
from alerts.replay import replay

START = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
Line = dict[str, Any]


def at(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """A moment of the story, counted from its start."""
    return START + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def entry(name: str, when: datetime, *, received: datetime | None = None, **data: Any) -> Line:
    return {
        "type": "entry",
        "patient": "p",
        "received_at": (received or when).isoformat(),
        "data": {"id": name, "symptom_at": when.isoformat(), **data},
    }


def massage(
    name: str,
    ended: datetime,
    *,
    minutes: float = 30,
    received: datetime | None = None,
    **data: Any,
) -> Line:
    started = ended - timedelta(minutes=minutes)
    times = {"started_at": started.isoformat(), "ended_at": ended.isoformat()}
    return {
        "type": "massage",
        "patient": "p",
        "received_at": (received or ended).isoformat(),
        "data": {"id": name, **times, "setting": "professional", **data},
    }


def withdrawn(name: str, when: datetime) -> Line:
    return {"type": "delete", "patient": "p", "received_at": when.isoformat(), "data": {"id": name}}


def profile(when: datetime, **data: Any) -> Line:
    return {"type": "profile", "patient": "p", "at": when.isoformat(), "data": data}


def acknowledged(rule: str, when: datetime, *, by: str = "patient") -> Line:
    data = {"rule": rule, "by": by}
    return {"type": "acknowledge", "patient": "p", "at": when.isoformat(), "data": data}


def closed(rule: str, when: datetime) -> Line:
    data = {"rule": rule, "reason": "seen"}
    return {"type": "close", "patient": "p", "at": when.isoformat(), "data": data}


def clock(when: datetime) -> Line:
    return {"type": "clock", "patient": "p", "at": when.isoformat()}


def told(*lines: Line, rules: RuleSet = CURRENT) -> list[Line]:
    """What the rules say to the story; every line of it must be readable."""
    problems: list[str] = []
    raw = (json.dumps(line).encode() for line in lines)
    said = [json.loads(line) for line in replay(raw, rules=rules, report=problems.append)]
    assert problems == []
    return said


def brief(lines: Iterable[Line], *rules: str) -> list[str]:
    """The lines of the rules named (all, if none is), each as "R08 opened 2"."""
    return [
        f"{line['rule']} {line['event']} {line['level']}"
        for line in lines
        if not rules or line["rule"] in rules
    ]


def still_open(lines: Iterable[Line]) -> dict[tuple[str, str | None], int]:
    """The level of every alert that is open after the lines."""
    alerts: dict[tuple[str, str | None], int] = {}
    for line in lines:
        identity = (line["rule"], line["subject"])
        match line["event"]:
            case "opened" | "raised":
                alerts[identity] = line["level"]
            case "cleared" | "superseded":
                del alerts[identity]
    return alerts
