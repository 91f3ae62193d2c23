"""F04: the database stops at once, as if its machine had lost power, and comes back."""

import time

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded, size
from tests.faults.oracle import posts
from tests.faults.outcome import HURTS, RATE, check, settle
from tests.faults.phones import Phones
from tests.faults.races import wait_until

pytestmark = HURTS
APART = size(ci=4, full=6)  # seconds between two stops
RECOVERY = size(ci=60, full=10)  # seconds; the machine of CI may be busy


def outage(bench: Bench, phones: Phones, *, seconds: float) -> float:
    """One stop; seconds from the start until an entry is stored and a message accepted."""
    bench.stop_postgres()
    time.sleep(seconds)
    bench.start_postgres()
    up_at, stored = time.time(), len(phones.oracle.acknowledged)
    taken = len(bench.far_ends.accepted())
    wait_until(lambda: len(phones.oracle.acknowledged) > stored, seconds=RECOVERY)
    wait_until(lambda: len(bench.far_ends.accepted()) > taken, seconds=RECOVERY)
    return time.time() - up_at


def test_a_database_that_stops_costs_no_acknowledged_entry(bench: Bench) -> None:
    rng, phones, stops = seeded("F04"), bench.phones(), size(ci=2, full=20)
    before = [child.process.pid for child in bench.stack.children.values()]
    written = posts(rng, bench.people(), count=int(RATE * APART * (stops + 1)))
    took = []
    with phones.sending(written, rate=RATE):
        for _ in range(stops):
            time.sleep(rng.uniform(0.2, 0.5) * APART)
            took.append(outage(bench, phones, seconds=rng.uniform(0.5, 2)))
    after = [child.process.pid for child in bench.stack.children.values()]
    settle(bench, phones.oracle)
    _, figures = check(bench, phones.oracle, duplicates=stops)
    answers = dict(phones.answers)
    report("F04", f"{stops} stops", recovery_s=max(took), answers=answers, **figures)
    assert set(answers) <= {"200", "201", "503"}
    assert "503" in answers
    assert before == after
