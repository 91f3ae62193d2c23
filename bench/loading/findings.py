"""What a run has shown: its times and its losses, read from plan, results, sinks and database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db import connection

LEVEL_OF = {"bladder": 4, "hands_clumsy": 3}


class Row(NamedTuple):
    """A line of the table; without a budget it is only told."""

    figure: str
    measured: float
    unit: str
    budget: float | None = None

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        return "pass" if self.measured <= self.budget else "FAIL"


@dataclass(frozen=True)
class Write:
    """One entry: what was planned and what the generator saw."""

    record: str
    person: str  # as the sinks know the patient
    flag: str
    counts: bool  # after the warm-up
    meant_at: float
    sent_at: float
    answered_at: float
    status: int

    @property
    def seconds(self) -> float:
        return self.answered_at - self.meant_at


def writes(folder: Path, *, warm_up: float) -> list[Write]:
    found = []
    plan = (folder / "plan").read_text().splitlines()
    results = (folder / "results").read_text().splitlines()
    for planned, result in zip(plan, results, strict=True):
        at, patient, flag, record = planned.split()
        same, meant, sent, answered, status = result.split()
        if same != record:
            raise SystemExit("plan and results do not match")
        times = map(float, (meant, sent, answered))
        counts = float(at) >= warm_up
        found.append(Write(record, f"p{patient}", flag, counts, *times, int(status)))
    return found


class Receipt(NamedTuple):
    at: float
    channel: str
    person: str  # p7: the seventh patient; d2: a physician
    message: str


def receipts(folder: Path) -> list[Receipt]:
    """What both sinks have got, in order of time."""
    lines = [
        line.split()
        for name in ("mail", "push")
        if (folder / name).exists()
        for line in (folder / name).read_text().splitlines()
    ]
    found = [Receipt(float(at), name, who.split("@")[0], ref) for at, name, who, ref in lines]
    return sorted(found)


def first_receipts(got: Iterable[Receipt], *channels: str) -> dict[str, float]:
    """For each person, when the first message came (of these channels, or of any)."""
    found: dict[str, float] = {}
    for each in got:
        if not channels or each.channel in channels:
            found.setdefault(each.person, each.at)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)] if ordered else 0.0


def latencies(name: str, seconds: Sequence[float], budgets: dict[str, float | None]) -> list[Row]:
    """A row for each percentile that is asked for, in milliseconds."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
    return [
        Row(f"{name} {key}", percentile(seconds, shares[key]) * 1000, "ms", budget)
        for key, budget in budgets.items()
    ]


def lag(sent: Sequence[Write]) -> list[Row]:
    """How late the generator itself was: it stands in every latency."""
    late = [each.sent_at - each.meant_at for each in sent if each.counts]
    return latencies("generator late by", late, {"p50": None, "p99": None, "max": None})


@dataclass(frozen=True)
class Losses:
    """What must be nothing: each count makes the run fail."""

    errors: Counter[int]  # status -> answers that were not 200 or 201; 0: none came
    entries: int  # acknowledged and not stored
    alerts: int  # red flags without exactly one open alert of the right level
    unaccepted: int  # deliveries that have not ended as accepted
    silent: int  # patients with a red flag of whom a channel heard nothing

    @property
    def any(self) -> bool:
        return any((self.errors, self.entries, self.alerts, self.unaccepted, self.silent))

    def lines(self) -> list[str]:
        answers = ", ".join(f"{n} x {s or 'no answer'}" for s, n in sorted(self.errors.items()))
        return [
            f"answers that were errors          {answers or 0}",
            f"acknowledged entries not stored   {self.entries}",
            f"red flags without their one alert {self.alerts}",
            f"deliveries not accepted           {self.unaccepted}",
            f"red flags a channel never heard   {self.silent}",
        ]


def losses(sent: Sequence[Write], got: Sequence[Receipt]) -> Losses:
    kept = [each for each in sent if each.status in (200, 201)]
    errors = Counter(each.status for each in sent if each not in kept)
    reds = [each for each in kept if each.flag in LEVEL_OF]
    wanted = _alerts(reds)
    opened = Counter(_rows(_OPENED))
    # A write whose answer got lost may have been stored, and then has its alert.
    possible = _alerts(each for each in sent if each.flag in LEVEL_OF)
    heard = [first_receipts(got, channel) for channel in ("mail", "push")]
    return Losses(
        errors=errors,
        entries=len({each.record for each in kept} - {str(key) for (key,) in _rows(_STORED)}),
        alerts=sum((wanted - opened).values()) + sum((opened - possible).values()),
        unaccepted=unaccepted(),
        silent=sum(any(each.person not in sink for sink in heard) for each in reds),
    )


def _alerts(reds: Iterable[Write]) -> Counter[tuple[object, ...]]:
    return Counter((each.person, LEVEL_OF[each.flag]) for each in reds)


def unaccepted() -> int:
    return int(_rows(_UNACCEPTED)[0][0])


def owed() -> int:
    """Deliveries and evaluations that are due and not done."""
    return int(_rows(_OWED)[0][0])


def duplicates(got: Sequence[Receipt]) -> int:
    """Messages that came more than once under the same id."""
    seen = Counter((each.channel, each.message) for each in got)
    return sum(seen.values()) - len(seen)


def inversions(reds: Iterable[Write], heard: dict[str, float]) -> float:
    """Share of pairs (level 4, level 3) in which the 3 went out first, though the 4 was stored."""
    by_level: dict[int, list[Write]] = {3: [], 4: []}
    for each in reds:
        by_level[LEVEL_OF[each.flag]].append(each)
    wrong = sum(
        urgent.answered_at <= heard[other.person] < heard[urgent.person]
        for urgent in by_level[4]
        for other in by_level[3]
        if urgent.person in heard and other.person in heard
    )
    return wrong / max(1, len(by_level[3]) * len(by_level[4]))


def table(rows: Iterable[Row]) -> list[str]:
    lines = [f"{'figure':40}{'measured':>14}{'budget':>14}   verdict"]
    for row in rows:
        budget = "" if row.budget is None else f"{row.budget:,} {row.unit}"
        measured = f"{row.measured:,.1f} {row.unit}"
        lines.append(f"{row.figure:40}{measured:>14}{budget:>14}   {row.verdict}".rstrip())
    return lines


def _rows(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


_STORED = "SELECT record_id FROM diary_entry WHERE note = 'After a walk.'"
_OPENED = """
    SELECT split_part(email, '@', 1), level FROM alerts_alert alert
    JOIN diary_patient patient ON patient.id = alert.patient_id
    JOIN diary_user person ON person.id = patient.user_id
    WHERE rule IN ('R01', 'R02')
"""
_OWED = """
    SELECT (SELECT count(*) FROM alerts_watch WHERE due_at <= now())
        + (SELECT count(*) FROM alerts_delivery
            WHERE state = 'owed' AND due_at <= now() + interval '10 min')
"""
_UNACCEPTED = "SELECT count(*) FROM alerts_delivery WHERE level >= 3 AND state <> 'accepted'"
