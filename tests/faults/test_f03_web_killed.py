"""F03: web processes killed while phones send what they have kept."""

import random
from collections.abc import Iterator

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded, size
from tests.faults.kills import OF_WEB, killing
from tests.faults.oracle import RED, Person, Post, entry, red_flag
from tests.faults.outcome import HURTS, check, settle
from tests.faults.phones import Phones

pytestmark = HURTS
BATCH = 20  # entries that a phone has kept
RATE = size(ci=40, full=80)
LOOKED_AT_AGAIN = size(ci=100, full=2000)


def batches(rng: random.Random, people: Iterator[Person], *, count: int) -> Iterator[Post]:
    """What each phone has kept; a red flag among it in one of five."""
    for _, person in zip(range(count), people, strict=False):
        red = rng.randrange(BATCH) if rng.random() < 0.2 else -1
        for number in range(BATCH):
            if number == red:
                yield red_flag(rng, person, *rng.choice(RED))
            else:
                yield entry(rng, person, {"pain": 2}, ())


def changed(phones: Phones, post: Post) -> str:
    """What is other than the server said when it acknowledged: sent again, and read."""
    said = record_of(phones.oracle.acknowledged[post.id])
    again, read = (record_of(phones.try_once(method, post)) for method in ("PUT", "GET"))
    return "" if said == again == read else f"{said} {again} {read}"


def record_of(answer: dict[str, object]) -> dict[str, object]:
    """The stored record in an answer."""
    return {name: said for name, said in answer.items() if name not in ("alerts", "guidance")}


def test_no_kill_of_a_web_process_loses_or_doubles_an_entry(bench: Bench) -> None:
    rng = seeded("F03")
    count, blows = size(ci=15, full=2000), size(ci=4, full=100)
    phones, entries = bench.phones(), count * BATCH
    with killing(bench, rng, OF_WEB, count=blows, seconds=entries / RATE) as kills:
        phones.send_all(batches(rng, bench.people(), count=count), rate=RATE)
    settle(bench, phones.oracle)
    _, figures = check(bench, phones.oracle, duplicates=0)
    sample = rng.sample(sorted(phones.oracle.posts), LOOKED_AT_AGAIN)
    other = [each for post in sample if (each := changed(phones, phones.oracle.posts[post]))]
    report("F03", f"{kills.count} kills", changed_records=len(other), **figures)
    assert other == []
    assert set(phones.answers) <= {"200", "201", "RemoteDisconnected", *BROKEN}


# What a connection to a process that is gone says.
BROKEN = ("ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "BadStatusLine")
