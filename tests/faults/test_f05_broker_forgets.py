"""F05: the broker forgets everything it holds, while much is waiting."""

import time

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded, size
from tests.faults.invariants import first_arrivals
from tests.faults.oracle import posts
from tests.faults.outcome import HURTS, RATE, check, drain, percentile

pytestmark = HURTS
BACKLOG = 3.0  # seconds for which nobody listens before
APART = size(ci=5, full=10)
LATE = size(ci=120, full=7)  # seconds, of a hundred the slowest but one; CI may be busy


def test_a_broker_that_forgets_costs_time_and_nothing_else(bench: Bench) -> None:
    rng, phones = seeded("F05"), bench.phones()
    entries, times = size(ci=240, full=5000), size(ci=2, full=12)
    written = posts(rng, bench.people(), count=entries)
    with phones.sending(written, rate=RATE):
        for _ in range(times):
            time.sleep(APART - BACKLOG)
            with bench.paused("worker"):
                time.sleep(BACKLOG)
                bench.flush_broker()
    drain(bench, phones.oracle)
    found, figures = check(bench, phones.oracle, duplicates=2)
    late = percentile(first_arrivals(found).values(), 99)
    report("F05", f"{times} times", p99_s=late, **figures)
    assert late <= LATE
