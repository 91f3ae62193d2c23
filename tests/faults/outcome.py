"""The end of a fault: what is owed is done, and everything that must hold is looked at."""

import time
from collections.abc import Iterable

import pytest

from tests.faults.bench import Bench
from tests.faults.figures import FULL, size
from tests.faults.invariants import Findings, first_arrivals, violations
from tests.faults.oracle import Oracle
from tests.faults.races import wait_until

DRAIN = size(ci=240, full=60)  # seconds; the machine of CI may be busy
RATE = size(ci=20, full=40)  # entries a second
HURTS = [
    pytest.mark.fault,
    pytest.mark.slow,
    pytest.mark.xdist_group("bench"),  # one service for all of them
    pytest.mark.timeout(size(ci=600, full=7200)),
]
_OWED = """
    SELECT (SELECT count(*) FROM alerts_delivery d
            LEFT JOIN alerts_incident i ON i.id = d.incident_id
            WHERE state = 'owed' AND coalesce(d.patient_id, i.patient_id) = ANY(%s::uuid[]))
        + (SELECT count(*) FROM alerts_watch WHERE due_at <= now() AND patient_id = ANY(%s::uuid[]))
"""


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def drain(bench: Bench, oracle: Oracle, *, seconds: float = DRAIN) -> float:
    """Wait until nothing is owed to these patients; how long that took."""

    def nothing_owed() -> bool:
        time.sleep(0.2)
        return bench.rows(_OWED, oracle.people, oracle.people) == [(0,)]

    return wait_until(nothing_owed, seconds=seconds)


def settle(bench: Bench, oracle: Oracle) -> float:
    """Let the leases of the dead end, and the rest be done; in CI without waiting for the clock."""
    began = time.monotonic()
    if not FULL:
        bench.let_a_lease_pass()
    drain(bench, oracle)
    return time.monotonic() - began


def check(bench: Bench, oracle: Oracle, *, duplicates: int) -> tuple[Findings, dict[str, object]]:
    """Fail unless every invariant holds; what is worth a line in the table."""
    found = Findings(bench, oracle)
    wrong = violations(found)
    doubled = found.duplicates()
    worst = max(first_arrivals(found).values(), default=0.0)
    figures: dict[str, object] = {
        "entries": len(oracle.acknowledged),
        "alerts": sum(len(post.expected) for post in oracle.red),
        "lost": sum(len(wrong.get(name, [])) for name in ("I1", "I2", "I5", "I6")),
        "double_rows": len(wrong.get("I3", [])),
        "D": doubled,
        "worst_s": round(worst, 1),
    }
    assert wrong == {}, {name: (len(each), each[:3]) for name, each in wrong.items()}
    assert doubled <= duplicates, f"{doubled} messages arrived twice; {duplicates} may"
    return found, figures
