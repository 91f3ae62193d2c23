"""Two versions of the rules and one patient: which alerts of the one are those of the other.

An alert lasts from its `opened` to its `cleared` or `superseded`, and has the highest level it was
raised to. Two alerts match if they have the same patient, rule and subject and were open at the
same time, or opened at the same moment; each matches at most one, the earliest first. A message (a
`reminder` or an `escalated`) matches one that says the same at the same moment.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple, cast

from alerts.core.standing import Identity, Transition


@dataclass(slots=True)
class Said:
    """An alert of one version from its opening on, or a message, which is over at once."""

    what: str  # alert, reminder or escalated
    rule: str
    subject: str | None
    level: int
    text_key: str
    begun_at: datetime
    reached_at: datetime  # when its level was reached
    ended_at: datetime | None = None

    def ends_before(self, other: "Said") -> bool:
        """Whether it is over when the other begins; what begins together has met."""
        if self.ended_at is None or self.begun_at == other.begun_at:
            return False
        return self.ended_at <= other.begun_at


class Match(NamedTuple):
    """What the first version said and what the second said of the same; None: nothing."""

    first: Said | None
    second: Said | None

    @property
    def said(self) -> Said:
        """What the second version said, or the first if it alone did."""
        return cast("Said", self.second or self.first)

    @property
    def change(self) -> str | None:
        """new, lost, or what differs first: level, text, time (of its level), end."""
        if self.first is None or self.second is None:
            return "new" if self.first is None else "lost"
        for name, fields in _DIFFERENCES.items():
            if any(getattr(self.first, each) != getattr(self.second, each) for each in fields):
                return name
        return None


_DIFFERENCES = {
    "level": ("level",),
    "text": ("text_key",),
    "time": ("begun_at", "reached_at"),
    "end": ("ended_at",),
}
CHANGED = tuple(_DIFFERENCES)
CHANGES = ("new", "lost", *CHANGED)


@dataclass(slots=True)
class Pending:
    """The alerts of an identity in both versions that may still find their match, or go on."""

    first: list[Said] = field(default_factory=list)
    second: list[Said] = field(default_factory=list)

    def settled(self, *, at_end: bool) -> Iterator[Match]:
        """Take out, in order, what no later line can change; at the end, everything."""
        while (match := self._next()) is not None:
            if not at_end and any(said and said.ended_at is None for said in match):
                return
            for side, said in zip((self.first, self.second), match, strict=True):
                if said:
                    side.pop(0)
            yield match

    def _next(self) -> Match | None:
        first, second = next(iter(self.first), None), next(iter(self.second), None)
        if first is None and second is None:
            return None
        if first is not None and second is not None:
            if first.ends_before(second):
                second = None
            elif second.ends_before(first):
                first = None
        return Match(first, second)


class Matches:
    """The matches of one patient, found as the two versions go on line by line."""

    def __init__(self) -> None:
        self._pending: dict[Identity, Pending] = {}

    def found(self, first: Sequence[Transition], second: Sequence[Transition]) -> Iterator[Match]:
        """What is settled once both versions have taken a line, and said this."""
        if first or second:
            yield from _of_messages(first, second)
            self._take(first, attrgetter("first"))
            self._take(second, attrgetter("second"))
            yield from self._settled(at_end=False)

    def rest(self) -> Iterator[Match]:
        """What is left after the last line."""
        yield from self._settled(at_end=True)

    def _take(self, lines: Iterable[Transition], version: Callable[[Pending], list[Said]]) -> None:
        for line in lines:
            if line.event in _MESSAGES:
                continue
            alerts = version(self._pending.setdefault(_identity(line), Pending()))
            match line.event:
                case "opened":
                    alerts.append(_said(line, "alert"))
                case "raised":
                    alerts[-1].level, alerts[-1].text_key = line.level, line.text_key
                    alerts[-1].reached_at = line.at
                case _:
                    alerts[-1].ended_at = line.at

    def _settled(self, *, at_end: bool) -> Iterator[Match]:
        for identity, pending in list(self._pending.items()):
            yield from pending.settled(at_end=at_end)
            if not pending.first and not pending.second:
                del self._pending[identity]


def _identity(line: Transition) -> Identity:
    return Identity(line.rule, line.subject)


def _said(line: Transition, what: str) -> Said:
    over = None if what == "alert" else line.at
    return Said(what, line.rule, line.subject, line.level, line.text_key, line.at, line.at, over)


def _of_messages(first: Iterable[Transition], second: Iterable[Transition]) -> Iterator[Match]:
    """The messages of a line, each with the one that says the same at the same moment."""
    unmatched = [line for line in second if line.event in _MESSAGES]
    for line in first:
        if line.event not in _MESSAGES:
            continue
        said = _said(line, line.event)
        same = next((other for other in unmatched if _is_same(line, other)), None)
        if same is not None:
            unmatched.remove(same)
        yield Match(said, said if same is not None else None)
    yield from (Match(None, _said(line, line.event)) for line in unmatched)


_MESSAGES = ("reminder", "escalated")
_is_same_by = attrgetter("at", "event", "rule", "subject", "level", "text_key", "chased")


def _is_same(line: Transition, other: Transition) -> bool:
    return bool(_is_same_by(line) == _is_same_by(other))
