"""One patient of a replay: the diary as its lines told it, and what stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from alerts.core.engine import advance, judge_red_flags, step
from alerts.core.reconciliation import NO_NEWS, News
from alerts.core.records import Entry, Massage
from alerts.core.rules import RuleSet
from alerts.core.standing import Outcome, Standing, line_order
from alerts.core.timeline import Acknowledgement, Close, ProfileChange, Timeline
from alerts.replay_lines import (
    AcknowledgeLine,
    CloseLine,
    DeleteLine,
    EntryLine,
    Line,
    MassageLine,
    ProfileLine,
    Unreadable,
)

EARLIEST = datetime.min.replace(tzinfo=UTC)


class ReplayedPatient:
    """One patient's diary and standing so far; the clock never runs backwards."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._clock = EARLIEST
        self._due_at: datetime | None = None
        self._standing = Standing()
        # Every record ever put, by id; the body is None once it is withdrawn.
        self._records: dict[str, tuple[Entry | Massage, object]] = {}
        self._profile: list[ProfileChange] = []
        self._acknowledgements: list[Acknowledgement] = []
        self._closes: list[Close] = []
        self._begun_at: datetime | None = None
        self._timeline = Timeline()

    def __getstate__(self) -> dict[str, Any]:
        """All but what is made anew when the patient wakes."""
        return {name: value for name, value in self.__dict__.items() if name not in _MADE_ANEW}

    def waken(self, rules: RuleSet) -> None:
        """Complete a state that comes back from a file."""
        self._rules = rules
        self._timeline = self._told()

    @property
    def clock(self) -> datetime:
        """The time of the last line, or EARLIEST."""
        return self._clock

    @property
    def size(self) -> int:
        """How many records, changes, acts and messages are held."""
        acts = len(self._acknowledgements) + len(self._closes) + len(self._standing.told)
        return 1 + len(self._records) + len(self._profile) + acts

    def check(self, line: Line) -> None:
        """Raise Unreadable for a record whose id belongs to one of the other type."""
        if isinstance(line, EntryLine | MassageLine) and line.data.id in self._records:
            known, _ = self._records[line.data.id]
            if isinstance(known, Entry) is not isinstance(line, EntryLine):
                raise Unreadable(f"/data/id: {line.data.id} belongs to a record of the other type")

    def take(self, line: Line, *, seq: int) -> Iterator[Outcome]:
        """What falls due up to the line, then the line itself, each at its own moment."""
        at = max(line.moment, self._clock)
        if self._due_at is not None and self._due_at <= at:
            yield self._advanced(until=at)
        self._clock = at
        if self._begun_at is None:
            self._begin(at)
        match line:
            case EntryLine() | MassageLine():
                yield from self._put(line, at, seq)
            case DeleteLine():
                yield from self._delete(line.data.id, at)
            case ProfileLine() | AcknowledgeLine() | CloseLine():
                yield from self._act(line, at, seq)

    def _begin(self, at: datetime) -> None:
        """From the first line on, whatever it is, a silent diary is noticed."""
        self._begun_at = at
        self._timeline = Timeline(begun_at=at)
        self._advanced(until=at)

    def _advanced(self, *, until: datetime) -> Outcome:
        outcome = advance(
            self._timeline, self._standing, after=self._clock, until=until, rules=self._rules
        )
        self._due_at = outcome.due_at
        return self._kept(outcome)

    def _act(
        self, line: ProfileLine | AcknowledgeLine | CloseLine, at: datetime, seq: int
    ) -> Iterator[Outcome]:
        if isinstance(line, ProfileLine):
            self._profile.append(ProfileChange(at, line.data.wire()))
            yield self._step(at)
        elif isinstance(line, CloseLine):
            self._closes.append(Close(line.data.rule, at, seq))
            yield self._step(at, News(closed=(line.data.rule,)))
        # An acknowledgement of a rule without an open alert counts for nothing.
        elif any(alert.rule == line.data.rule for alert in self._standing.alerts):
            self._acknowledgements.append(Acknowledgement(line.data.rule, line.data.by, at))
            self._standing = self._standing.acknowledged(line.data.rule, by=line.data.by, at=at)
            yield self._step(at)

    def _put(self, line: EntryLine | MassageLine, at: datetime, seq: int) -> Iterator[Outcome]:
        body = line.data.wire()
        said = {name: value for name, value in body.items() if name not in _UNJUDGED}
        record_id = line.data.id
        known, before = self._records.get(record_id, (None, None))
        if said == before:
            return
        form = Entry if isinstance(line, EntryLine) else Massage
        record = form.of(body, received_at=at, seq=seq)
        self._records[record_id] = (record, said)
        red_flags = Outcome(standing=self._standing)
        if isinstance(record, Entry):
            previous = known if isinstance(known, Entry) and before is not None else None
            red_flags = self._judged(record, previous, at)
        corrected = () if known is None else (record_id,)
        stepped = self._step(at, News(arrived=(record_id,), corrected=corrected))
        yield _together(red_flags, stepped)

    def _judged(self, entry: Entry, previous: Entry | None, at: datetime) -> Outcome:
        return self._kept(
            judge_red_flags(
                entry,
                previous=previous,
                profile=self._timeline.profiles.at(at),
                standing=self._standing,
                at=at,
                rules=self._rules,
            )
        )

    def _delete(self, record_id: str, at: datetime) -> Iterator[Outcome]:
        record, body = self._records.get(record_id, (None, None))
        if record is None or body is None:
            return
        self._records[record_id] = (record, None)
        yield self._step(at, News(corrected=(record_id,)))

    def _step(self, at: datetime, news: News = NO_NEWS) -> Outcome:
        self._timeline = self._told()
        outcome = step(self._timeline, self._standing, now=at, news=news, rules=self._rules)
        self._due_at = outcome.due_at
        return self._kept(outcome)

    def _told(self) -> Timeline:
        """The diary as it stands."""
        standing = [record for record, body in self._records.values() if body is not None]
        return Timeline(
            [record for record in standing if isinstance(record, Entry)],
            [record for record in standing if isinstance(record, Massage)],
            self._profile,
            self._acknowledgements,
            self._closes,
            begun_at=self._begun_at,
        )

    def _kept(self, outcome: Outcome) -> Outcome:
        self._standing = outcome.standing
        return outcome


_MADE_ANEW = frozenset({"_rules", "_timeline"})
# A correction of nothing else changes nothing.
_UNJUDGED = frozenset({"note", "recorded_at"})


def _together(first: Outcome, second: Outcome) -> Outcome:
    """Two parts of one step, their lines in the order of a step."""
    return Outcome(
        standing=second.standing,
        transitions=tuple(sorted(first.transitions + second.transitions, key=line_order)),
        due_at=second.due_at,
        failures=first.failures + second.failures,
    )
