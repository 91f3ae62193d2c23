"""How much is done, from which seed, and what came out: one line for each test."""

import os
import random
from pathlib import Path

FULL = os.environ.get("FAULT_SCALE") == "full"
SEED = int(os.environ.get("FAULT_SEED") or 20260302)


def size(*, ci: int, full: int) -> int:
    """How much of something is done: a little in CI, all of it with FAULT_SCALE=full."""
    return full if FULL else ci


def seeded(number: str) -> random.Random:
    """The chances of one test: the same for the same FAULT_SEED, whatever ran before."""
    return random.Random(f"{SEED} {number}")


def report(number: str, what: str, **figures: object) -> None:
    """Print the line of one test, and append it to the file that FAULT_REPORT names."""
    said = ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in figures.items())
    line = f"{number} | {what} | seed {SEED} | {said}"
    print(line)
    if path := os.environ.get("FAULT_REPORT"):
        with Path(path).open("a", encoding="utf-8") as table:
            table.write(f"{line}\n")


def _plain(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
