"""What a write of an entry costs beside the least that Django can do for it.

    python bench/entry_write.py [--connections 4] [--seconds 10] [--rounds 3]

The least is a bare view: it looks up a token, and does one insert and one upsert in one
transaction. Both run in a gunicorn with the same flags, on the same PostgreSQL (durable), in turns;
each connection sends its next request when it has the answer (a closed loop). No worker and no
dispatcher run, so that processors are spent on the web process alone; the nudge for the worker is
part of the write. Budget: 0.6 of the throughput of the bare view.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
import uuid
from collections.abc import Coroutine, Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.loading.generator import Phones, Planned, request
from bench.loading.stack import Stack, await_web, cpu_seconds, free_ports, services
from config.local import commands
from config.local.commands import Door
from config.local.processes import Program

BUDGET = 0.6
PATIENTS, DAYS = 200, 90
WARM_UP = 2.0


async def throughput(port: int, tokens: list[str], *, connections: int, seconds: float) -> float:
    """Writes a second of so many phones, each of which waits for its answer; all must succeed."""
    phones = Phones(port)
    end = time.monotonic() + seconds
    done = 0

    async def write_on(number: int) -> None:
        nonlocal done
        while time.monotonic() < end:
            done += 1
            writer = (number + done) % len(tokens)
            planned = Planned(0, writer, "-", str(uuid.uuid4()))
            status = await phones.answer(request(planned, tokens[writer], port))
            if status != 201:
                raise SystemExit(f"A write was answered with {status or 'nothing'}.")

    began = time.monotonic()
    await asyncio.gather(*(write_on(number) for number in range(connections)))
    return done / (time.monotonic() - began)


def bare(made: Stack) -> Door:
    """The same gunicorn in front of the bare view."""
    door = Door("127.0.0.1", free_ports(1)[0])
    program = commands.web(door, made.environ)
    argv = ["bench.loading.bare:application" if x == "config.wsgi" else x for x in program.argv]
    made.start("bare", Program("bare", argv))
    return door


def measured(options: argparse.Namespace, made: Stack) -> list[str]:
    os.environ.update(made.environ, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from bench.loading import seed

    tokens = seed.seed(seed.Size(PATIENTS, DAYS), push_port=made.push_port)
    seed.bare_tables(tokens)
    made.start("web", commands.web(made.door, made.environ))

    def through(door: Door, seconds: float) -> Coroutine[None, None, float]:
        return throughput(door.port, tokens, connections=options.connections, seconds=seconds)

    doors = {"web": made.door, "bare": bare(made)}
    for door in doors.values():
        await_web(made, door)
        asyncio.run(through(door, WARM_UP))
    rates: dict[str, list[float]] = {name: [] for name in doors}
    cost = dict.fromkeys(doors, 0.0)
    for _ in range(options.rounds):
        for name, door in doors.items():
            before = cpu_seconds(made.pids)[name]
            rates[name].append(asyncio.run(through(door, options.seconds)))
            used = cpu_seconds(made.pids)[name] - before
            cost[name] += used / (rates[name][-1] * options.seconds)
    return list(_lines(rates, {name: each / options.rounds for name, each in cost.items()}))


def _lines(rates: dict[str, list[float]], cost: dict[str, float]) -> Iterator[str]:
    for name, title in (("bare", "bare view"), ("web", "write of an entry")):
        each = ", ".join(f"{rate:.0f}" for rate in rates[name])
        middle = statistics.median(rates[name])
        yield f"{title:20}{middle:7.0f}/s   ({each}), {cost[name] * 1000:.1f} ms of processor each"
    ratio = statistics.median(w / b for w, b in zip(rates["web"], rates["bare"], strict=True))
    verdict = "pass" if ratio >= BUDGET else "FAIL"
    yield f"{'ratio':20}{ratio:7.2f}     budget {BUDGET}: {verdict}"
    yield f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with services() as made:
        lines = measured(options, made)
    print("\n".join(lines))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
