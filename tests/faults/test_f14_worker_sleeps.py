"""F14: a worker is stopped between claim and send, and wakes when its lease is over."""

import os
import random
import signal
import time

from tests.faults.bench import Bench, some
from tests.faults.figures import FULL, report, seeded, size
from tests.faults.kills import children_of
from tests.faults.oracle import EMERGENCY, red_flag
from tests.faults.outcome import HURTS, check, drain
from tests.faults.phones import Phones

pytestmark = HURTS
ROUNDS, SLEEPERS = size(ci=1, full=5), size(ci=2, full=10)
SLEEP = 45.0  # seconds; longer than a lease
AWAKE = 3.0  # seconds for what they were about to do
_ROWS = """
    SELECT id, state, ended_at, lease_token, attempts FROM alerts_delivery
    WHERE patient_id = ANY(%s::uuid[]) ORDER BY id
"""


def one_round(bench: Bench, phones: Phones, rng: random.Random) -> bool:
    """Every worker sleeps over a message; whether their waking changed what others wrote."""
    oracle = phones.oracle
    for person in some(bench.people(), SLEEPERS):
        trap = bench.lay("claimed", "stop")
        phones.send(red_flag(rng, person, *EMERGENCY))
        bench.await_victim(trap)
    worker = bench.child("worker").process.pid
    with bench.paused("worker"):
        pass_the_time(bench)
        drain(bench, oracle)
        before = bench.rows(_ROWS, oracle.people)
        # Those who sleep wake first: their parent would end them for being late.
        for child in children_of(worker):
            os.kill(child, signal.SIGCONT)
        time.sleep(AWAKE)
    return before != bench.rows(_ROWS, oracle.people)


def pass_the_time(bench: Bench) -> None:
    """Longer than a lease; in CI without waiting for the clock."""
    if FULL:
        time.sleep(SLEEP)
    else:
        bench.end_leases()


def test_a_worker_that_wakes_too_late_changes_nothing(bench: Bench) -> None:
    rng, phones = seeded("F14"), bench.phones()
    bench.environ["WORKER_CONCURRENCY"] = str(SLEEPERS)
    with bench.wrapped("worker"):
        changed = sum(one_round(bench, phones, rng) for _ in range(ROUNDS))
    sleepers = ROUNDS * SLEEPERS
    found, figures = check(bench, phones.oracle, duplicates=sleepers)
    most = max(found.arrived.values())
    report("F14", f"{sleepers} sleepers", sent_at_most=most, changed_late=changed, **figures)
    assert (most <= 2, changed) == (True, 0)
