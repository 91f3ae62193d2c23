"""F01: workers and dispatchers killed at random while patients write."""

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded, size
from tests.faults.kills import OF_WORKERS, killing
from tests.faults.oracle import posts
from tests.faults.outcome import DRAIN, HURTS, RATE, check, settle

pytestmark = HURTS


def test_no_kill_of_a_worker_or_dispatcher_loses_or_doubles_an_alert(bench: Bench) -> None:
    rng = seeded("F01")
    entries, blows = size(ci=400, full=10_000), size(ci=10, full=200)
    phones = bench.phones()
    with killing(bench, rng, OF_WORKERS, count=blows, seconds=entries / RATE) as kills:
        phones.send_all(posts(rng, bench.people(), count=entries), rate=RATE)
    settle(bench, phones.oracle)
    ended = max(line["at"] for line in bench.far_ends.accepted())
    _, figures = check(bench, phones.oracle, duplicates=max(2, blows // 10))
    after = round(ended - kills.last_at, 1)
    report("F01", f"{kills.count} kills", all_accepted_s_after_the_last=after, **figures)
    assert (kills.count, after <= DRAIN) == (blows, True)
