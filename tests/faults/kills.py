"""Processes that die at random moments: which and when, the seed decides."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.bench import Bench

Blow = Callable[[Bench, random.Random], None]


def descendant(name: str) -> Blow:
    """One process that a program has forked; the program itself while it has none."""

    def strike(bench: Bench, rng: random.Random) -> None:
        forked = children_of(bench.child(name).process.pid)
        os.kill(rng.choice(forked) if forked else bench.child(name).process.pid, signal.SIGKILL)

    return strike


def alone(name: str) -> Blow:
    """The program's first process, not what it has forked."""

    def strike(bench: Bench, _rng: random.Random) -> None:
        os.kill(bench.child(name).process.pid, signal.SIGKILL)

    return strike


def tree(name: str) -> Blow:
    """All processes of a program at once."""

    def strike(bench: Bench, _rng: random.Random) -> None:
        os.killpg(bench.child(name).process.pid, signal.SIGKILL)

    return strike


# How often each is chosen: a tree takes seconds to come back, a child does not.
OF_WORKERS: Mapping[Blow, int] = {
    descendant("worker"): 12,
    alone("worker"): 2,
    tree("worker"): 2,
    tree("dispatcher"): 4,
}
OF_WEB: Mapping[Blow, int] = {descendant("web"): 9, tree("web"): 1}


@dataclass
class Kills:
    """What was done so far."""

    count: int = 0
    last_at: float = 0.0  # by the clock that the far ends write down
    by: list[str] = field(default_factory=list)


@contextmanager
def killing(
    bench: Bench, rng: random.Random, blows: Mapping[Blow, int], *, count: int, seconds: float
) -> Iterator[Kills]:
    """Strike so many times, at random moments of the next seconds; all are done at the end."""
    kills, began = Kills(), time.monotonic()
    moments = sorted(rng.uniform(0, seconds) for _ in range(count))
    chosen = rng.choices(list(blows), weights=list(blows.values()), k=count)
    failures: list[Exception] = []

    def strike() -> None:
        try:
            for moment, blow in zip(moments, chosen, strict=True):
                time.sleep(max(0.0, began + moment - time.monotonic()))
                _strike(bench, rng, blow)
                kills.count += 1
                kills.last_at = time.time()
        except Exception as failure:
            failures.append(failure)

    thread = threading.Thread(target=strike, name="kills", daemon=True)
    thread.start()
    try:
        yield kills
    finally:
        thread.join()
    if failures:
        raise failures[0]


def _strike(bench: Bench, rng: random.Random, blow: Blow) -> None:
    """Again until it has hit: what died a moment ago is about to be started again."""
    for _ in range(100):
        with bench.lock, suppress(ProcessLookupError):
            blow(bench, rng)
            return
        time.sleep(0.05)
    raise AssertionError("there is nobody to kill")


def children_of(pid: int) -> list[int]:
    """The processes that a process has forked."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]
