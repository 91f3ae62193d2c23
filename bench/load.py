"""The service under load: real processes, real sinks, entries at fixed times (an open loop).

    python bench/load.py l1      entries one by one, 60/s: how long a write takes
    python bench/load.py l3      30/s, one in five with a red flag: until a channel has accepted it
    python bench/load.py l4      1,000 red flags in one second

    --rate 60 --seconds 60 --patients 1000 --days 365 --warm-up 5 --seed 1
    --full                       10,000 patients; l1 for 30 minutes, l3 for 20
    --logs FOLDER                keep the logs of every process there

PostgreSQL is durable. A latency counts from the time at which the request was meant to be sent.
Exit status 1 when an answer was an error or anything was lost; a missed budget is only printed.
Short of cores, mind who else was at work: the table says it.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.loading import findings
from bench.loading.findings import Receipt, Row, Write, first_receipts, inversions, latencies
from bench.loading.stack import Stack, application, cpu_seconds, services

FULL_SECONDS = {"l1": 1800, "l3": 1200}
RATES = {"l1": 60.0, "l3": 30.0}
RED_SHARE = 0.2
STORM = 1000  # red flags
SETTLING = 180.0  # seconds for what is owed at the end

Plan = list[tuple[float, int, str, str]]  # seconds, patient, flag, id


def chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", choices=["l1", "l3", "l4"])
    parser.add_argument("--rate", type=float, help="entries a second")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--patients", type=int)
    parser.add_argument("--days", type=int, default=365, help="of diary before the measurement")
    parser.add_argument("--warm-up", type=float, default=5.0, help="seconds that do not count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--logs", type=Path)
    options = parser.parse_args()
    options.rate = options.rate or RATES.get(options.scenario, STORM)
    full = FULL_SECONDS.get(options.scenario, 1) if options.full else 60
    options.seconds = 1 if options.scenario == "l4" else options.seconds or full
    storm = 1200 if options.scenario == "l4" else 1000
    options.patients = options.patients or (10_000 if options.full else storm)
    return options


def plan(options: argparse.Namespace) -> Plan:
    """Evenly spaced; each red flag comes from a patient who writes nothing else."""
    chance = random.Random(options.seed)
    share = {"l1": 0.0, "l3": RED_SHARE, "l4": 1.0}[options.scenario]
    number = round(options.rate * options.seconds)
    red = {index for index in range(number) if chance.random() < share}
    people = list(range(options.patients))
    chance.shuffle(people)
    if len(red) >= len(people):
        raise SystemExit(f"{len(red)} red flags need more than as many --patients.")
    flagged, calm = people[: len(red)], people[len(red) :]
    warm_rate = 10.0 if options.scenario == "l4" else options.rate
    warm = round(warm_rate * options.warm_up)
    lines = [(index / warm_rate, "-") for index in range(warm)]
    # The storm is of both levels, in turn; otherwise one red flag is like another.
    flags = ("bladder", "hands_clumsy") if options.scenario == "l4" else ("bladder",)
    for index in range(number):
        flag = flags[index % len(flags)] if index in red else "-"
        lines.append((options.warm_up + index / options.rate, flag))
    writers = iter(flagged)
    return [
        (at, next(writers) if flag != "-" else chance.choice(calm), flag, str(uuid.uuid4()))
        for at, flag in lines
    ]


def measured(options: argparse.Namespace, made: Stack) -> bool:
    """Seed, send, wait until all is delivered, tell; whether anything went wrong."""
    os.environ.update(made.environ, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from bench.loading import seed

    tokens = seed.seed(seed.Size(options.patients, options.days), push_port=made.push_port)
    (made.folder / "tokens").write_text("\n".join(tokens))
    lines = (f"{at:.4f} {who} {flag} {key}\n" for at, who, flag, key in plan(options))
    (made.folder / "plan").write_text("".join(lines))
    application(made)
    cost = Cost.before(made)
    send(made)
    settled = settle(made, findings.owed)
    sent, got = (
        findings.writes(made.folder, warm_up=options.warm_up),
        findings.receipts(made.folder),
    )
    lost = findings.losses(sent, got)
    say(
        f"\n{options.scenario.upper()}: {options.rate:.0f}/s for {options.seconds:.0f} s, "
        f"{options.patients:,} patients with {options.days} days; {len(sent):,} entries sent",
        *findings.table([*ROWS[options.scenario](sent, got), *findings.lag(sent)]),
        "",
        *lost.lines(),
        f"messages doubled                  {findings.duplicates(got)}",
        "" if settled else f"Something was still owed {SETTLING:.0f} s after the end.",
        *cost.lines(made),
    )
    return lost.any


def send(made: Stack) -> None:
    """Let the generator work through the plan, while everything else lives."""
    program = made.script("generator", str(made.door.port), str(made.folder))
    generator = made.start("generator", program)
    del made.children["generator"]  # it may end
    while not generator.ended:
        time.sleep(0.2)
        made.check_alive()
    if generator.process.returncode:
        raise SystemExit(generator.obituary())


def settle(made: Stack, owed: Callable[[], int]) -> bool:
    """Wait until nothing is owed that is due."""
    end = time.monotonic() + SETTLING
    while owed() and time.monotonic() < end:
        time.sleep(0.25)
        made.check_alive()
    return not owed()


def writes_of_l1(sent: Sequence[Write], _: Sequence[Receipt]) -> list[Row]:
    """How long a single entry takes."""
    budgets = {"p50": 15, "p95": 40, "p99": 80, "p99.9": 250, "max": None}
    return latencies("write", [each.seconds for each in sent if each.counts], budgets)


def red_flags_of_l3(sent: Sequence[Write], got: Sequence[Receipt]) -> list[Row]:
    """From the time a red flag was meant to be sent to the first sink's receipt."""
    heard = first_receipts(got)
    reds = [each for each in sent if each.counts and each.flag != "-" and each.person in heard]
    took = [heard[each.person] - each.meant_at for each in reds]
    budgets = {"p50": 150, "p99": 1_000, "p99.9": 3_000, "max": 10_000}
    return [
        *latencies(f"red flag ({len(reds)}) to first channel", took, budgets),
        *latencies("write", [e.seconds for e in sent if e.counts], {"p50": None, "p99": None}),
    ]


def storm_of_l4(sent: Sequence[Write], got: Sequence[Receipt]) -> list[Row]:
    """From the first red flag of the storm to the last row, the last acceptance."""
    reds = [each for each in sent if each.flag != "-"]
    began, people = min(each.meant_at for each in reds), {each.person for each in reds}
    mails, pushes = first_receipts(got, "mail"), first_receipts(got, "push")
    both = [max(mails.get(p, 0), pushes.get(p, 0)) for p in people]
    heard = first_receipts(got)
    return [
        Row("all alerts stored after", max(each.answered_at for each in reds) - began, "s", 10),
        Row("each heard on a channel after", max(heard.get(p, 0) for p in people) - began, "s", 60),
        Row("each heard on both channels after", max(both) - began, "s", 60),
        Row("a 3 before a waiting 4, of all pairs", inversions(reds, heard) * 100, "%", 5),
    ]


ROWS = {"l1": writes_of_l1, "l3": red_flags_of_l3, "l4": storm_of_l4}


@dataclass(frozen=True)
class Cost:
    """Processor time of every process from one moment on, and of the machine."""

    at: float
    used: dict[str, float]
    load: tuple[float, float, float]

    @classmethod
    def before(cls, made: Stack) -> "Cost":
        return cls(time.monotonic(), cpu_seconds(made.pids), os.getloadavg())

    def lines(self, made: Stack) -> Iterator[str]:
        """Who used how many cores, up to now; `other programs` are none of this measurement."""
        now, seconds = cpu_seconds(made.pids), time.monotonic() - self.at
        used = {name: now[name] - before for name, before in self.used.items()}
        used["generator"] = json.loads((made.folder / "generator").read_text())["cpu"]
        machine = used.pop("machine")
        used["other programs"] = max(0.0, machine - sum(used.values()))
        load = f"load {self.load[0]:.1f} before, {os.getloadavg()[0]:.1f} after"
        yield f"{os.cpu_count()} cores, {load}; in use over {seconds:.0f} s, with the wait for"
        yield f"what was owed: {machine / seconds:.2f} cores"
        for name, cpu in used.items():
            yield f"  {name:14}{cpu / seconds:6.2f}"


def say(*lines: str) -> None:
    print("\n".join(lines), flush=True)


def main() -> None:
    options = chosen()
    # TERM like Ctrl-C: the way out stops every process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    with services() as made:
        try:
            failed = measured(options, made)
        finally:
            if options.logs:
                shutil.copytree(made.logs, options.logs, dirs_exist_ok=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
