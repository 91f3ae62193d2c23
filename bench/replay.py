"""How fast `manage.py replay` is, and how much memory it takes: the same for 10 times the lines?

    python bench/replay.py                      10,000 and 100,000 lines
    python bench/replay.py --lines 1000000      other sizes
    python bench/replay.py --compare DRAFT      two versions: the current one and a file's
    python bench/replay.py --write 10000        the lines alone, on standard output

Memory grows until it holds as many records as it may (20,000), and no further. The lines are those
of many patients who record at the same time, so they come mixed, each for some weeks; now and then
all are followed by new ones, and nothing says so. The command runs as a process of its own; the
peak is that of its resident memory.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.core.parameters import CURRENT

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 3, 2, 18, tzinfo=UTC)
TOGETHER = 1000  # patients who record at the same time
EACH = 50  # lines of a patient
SIGN_OF_LIFE = 50_000  # lines written


def diary_lines(number: int, *, seed: int = 1) -> Iterator[str]:
    """So many lines, wave after wave of patients, in order of time within a wave."""
    chance = random.Random(seed)
    for index in range(number):
        wave, within = divmod(index, TOGETHER * EACH)
        turn, patient = divmod(within, TOGETHER)
        at = START + timedelta(days=40 * wave, hours=18 * turn, seconds=patient)
        yield json.dumps(line(chance, f"p{wave * TOGETHER + patient:07}", turn, at))


def line(chance: random.Random, patient: str, turn: int, at: datetime) -> dict[str, object]:
    """A profile first, then a massage after every third entry."""
    if turn == 0:
        phase = chance.choice(["acute", "healing", "chronic"])
        profile = {"timezone": "Europe/Berlin", "phase": phase, "severity": "moderate"}
        return {"type": "profile", "patient": patient, "at": at.isoformat(), "data": profile}
    kind, data = ("massage", massage(at)) if turn % 4 == 0 else ("entry", entry(chance, at))
    named = {"id": f"{kind}{turn}", **data}
    return {"type": kind, "patient": patient, "received_at": at.isoformat(), "data": named}


def entry(chance: random.Random, at: datetime) -> dict[str, object]:
    def score(mean: float) -> int:
        return min(10, max(0, round(chance.gauss(mean, 1.2))))

    return {
        "symptom_at": at.isoformat(),
        "pain": score(4),
        "numbness": score(1),
        "weakness": score(1),
        "limb_pain": score(3),
        "red_flags": {"bladder": "no", "bowel": "no", "saddle_numbness": "no"},
        "after_massage": {"soreness": chance.randrange(3), "new_neuro": False},
    }


def massage(at: datetime) -> dict[str, object]:
    return {
        "started_at": (at - timedelta(minutes=20)).isoformat(),
        "ended_at": at.isoformat(),
        "setting": "professional",
        "pressure": "light",
        "sites": ["shoulders"],
        "pain_before": 4,
    }


def measured(number: int, arguments: list[str]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as diary:
        for written, text in enumerate(diary_lines(number), start=1):
            diary.write(text + "\n")
            if sys.stderr.isatty() and written % SIGN_OF_LIFE == 0:
                print(f"{written:,} lines written", file=sys.stderr)
        diary.flush()
        before, used = perf_counter(), processor_seconds()
        command = [sys.executable, "manage.py", "replay", "--from", diary.name, *arguments]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        taken, used = perf_counter() - before, processor_seconds() - used
    # Of all children so far: sizes are measured in ascending order.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    waves, rest = divmod(number, TOGETHER * EACH)
    patients = waves * TOGETHER + min(rest, TOGETHER)
    print(
        f"{number:>10,} lines of {patients:>6,} patients: {taken:8.1f} s, {used:8.1f} s of a "
        f"processor, {number / used:6,.0f} lines/s of it, peak {peak:6.1f} MiB",
        flush=True,
    )


def processor_seconds() -> float:
    """Of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--compare", metavar="DRAFT", type=Path)
    parser.add_argument("--write", metavar="LINES", type=int)
    chosen = parser.parse_args()
    if chosen.write:
        sys.stdout.writelines(f"{text}\n" for text in diary_lines(chosen.write))
        return
    draft = chosen.compare
    for number in sorted(chosen.lines):
        measured(number, ["--compare", CURRENT.version, str(draft.resolve())] if draft else [])


if __name__ == "__main__":
    main()
