"""F06: the broker is away for a while, and comes back empty."""

import time
from collections.abc import Iterable

import redis

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded, size
from tests.faults.invariants import first_arrivals
from tests.faults.oracle import posts
from tests.faults.outcome import HURTS, RATE, check, drain, percentile
from tests.faults.phones import Phones
from tests.faults.races import wait_until

pytestmark = HURTS
AWAY = size(ci=10, full=120)  # seconds
OF_A_HUNDRED = size(ci=50, full=99)  # CI may be busy: there the median must hold
AROUND = size(ci=3, full=4)  # seconds before and after
SLOWER = size(ci=3000, full=20) / 1000  # seconds that a write may take longer then
LATE = size(ci=120, full=5)
BACK = size(ci=60, full=15)  # seconds until workers listen again


def test_without_a_broker_answers_stay_fast_and_messages_arrive(bench: Bench) -> None:
    rng, phones = seeded("F06"), bench.phones()
    written = posts(rng, bench.people(), count=int(RATE * (AWAY + 2 * AROUND)))
    with phones.sending(written, rate=RATE):
        time.sleep(AROUND)
        gone, gone_at = time.monotonic(), time.time()
        bench.kill_broker()
        time.sleep(AWAY)
        back, back_at = time.monotonic(), time.time()
        bench.start_broker()
        listens = wait_until(lambda: workers_listen(bench), seconds=2 * BACK)
    drain(bench, phones.oracle)
    found, figures = check(bench, phones.oracle, duplicates=0)
    usual, meanwhile = waited(phones, 0, gone), waited(phones, gone, back)
    sent = phones.oracle.sent_at
    inline = [s for id_, s in first_arrivals(found).items() if gone_at < sent[id_] < back_at]
    late = percentile(inline, 99)
    measured = {f"write_p{OF_A_HUNDRED}_ms": [round(1000 * s) for s in (usual, meanwhile)]}
    report("F06", f"{AWAY} s", inline_p99_s=late, listens_s=listens, **measured, **figures)
    assert meanwhile <= usual + SLOWER
    assert (late <= LATE, listens <= BACK) == (True, True)


def workers_listen(bench: Bench) -> bool:
    """Whether somebody waits at the broker for tasks."""
    with redis.Redis(unix_socket_path=str(bench.places.valkey_socket)) as broker:
        clients: Iterable[dict[str, str]] = broker.client_list()
        return any("pop" in client["cmd"] for client in clients)


def waited(phones: Phones, since: float, until: float) -> float:
    """How long the writes of a time took from when they were meant to start, in seconds."""
    return percentile((took for at, took in phones.waits if since <= at < until), OF_A_HUNDRED)
