"""How long the rules take over one diary of 90 days: 90 entries and 30 massages, on one core.

    python bench/rules.py            a calm diary, and one in which much goes wrong
    python bench/rules.py --profile  where the time goes

Processor time, so that a busy machine does not matter. Records, not rows: what the database takes
is measured elsewhere. Building the timeline is part of the time, making the records is not.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.core.engine import step
from alerts.core.reconciliation import News
from alerts.core.records import Entry, Massage
from alerts.core.standing import Outcome, Standing
from alerts.core.timeline import ProfileChange, Timeline

START = datetime(2026, 3, 2, 18, tzinfo=UTC)
DAYS = 90
APPROVED = {
    "timezone": "Europe/Berlin",
    "region": "lumbar",
    "phase": "healing",
    "severity": "moderate",
    "doctor_approval": {"status": "physician_confirmed"},
}
NO_FLAGS = {"bladder": "no", "bowel": "no", "saddle_numbness": "no", "gait_unsteady": "no"}
BUDGET_MS = 1.0


def entries(chance: random.Random, *, pain: float, spread: float, nerves: float) -> list[Entry]:
    """One entry each evening with all scores, and an answer the day after each massage."""

    def score(mean: float, spread: float) -> int:
        return min(10, max(0, round(chance.gauss(mean, spread))))

    return [
        Entry.of(
            {
                "id": f"e{day:03}",
                "symptom_at": START + timedelta(days=day, minutes=chance.randrange(120)),
                "pain": score(pain, spread),
                "numbness": score(1, nerves),
                "weakness": score(1, nerves),
                "limb_pain": score(pain - 1, spread),
                "red_flags": NO_FLAGS,
                "numb_regions": [],
                "after_massage": _follow_up(day) if day % 3 == 1 else None,
            },
            received_at=START + timedelta(days=day, hours=3),
        )
        for day in range(DAYS)
    ]


def _follow_up(day: int) -> dict[str, object]:
    return {"soreness": day % 2, "global_change": "same", "new_neuro": False}


def massages(**more: object) -> list[Massage]:
    """One every third noon, within what the healing phase allows."""
    ends = [START + timedelta(days=day, hours=-5) for day in range(0, DAYS, 3)]
    return [
        Massage.of(
            {
                "id": f"m{number:03}",
                "started_at": end - timedelta(minutes=20),
                "ended_at": end,
                "setting": "professional",
                "provider": "physiotherapist",
                "techniques": ["effleurage"],
                "pressure": "light",
                "sites": ["shoulders"],
                "pain_before": 4,
                "pain_during_max": 4,
                "neuro_during": [],
                **more,
            },
            received_at=end,
        )
        for number, end in enumerate(ends)
    ]


def calm() -> Timeline:
    chance = random.Random(1)
    return _timeline(entries(chance, pain=4, spread=0.8, nerves=0.4), massages(), APPROVED)


def troubled() -> Timeline:
    """No approval, an acute phase, wrong techniques, and scores that jump about."""
    chance = random.Random(2)
    wrong = massages(
        techniques=["vibration", "spinal_twist"],
        pressure="deep",
        sites=["low_back"],
        pain_during_max=8,
        neuro_during=["tingling"],
    )
    return _timeline(entries(chance, pain=5, spread=2, nerves=2), wrong, {"phase": "acute"})


def _timeline(felt: list[Entry], given: list[Massage], profile: dict[str, object]) -> Timeline:
    return Timeline(felt, given, [ProfileChange(START - timedelta(days=30), profile)])


def evaluated(diary: Timeline) -> Outcome:
    """The whole diary, as a worker sees it that has just loaded it."""
    fresh = Timeline(diary.entries, diary.massages, diary.profiles.changes)
    newest = diary.entries[-1]
    return step(fresh, Standing(), now=newest.received.at, news=News(arrived=[newest.id]))


def milliseconds(run: Callable[[], object], *, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        before = process_time()
        run()
        taken.append((process_time() - before) * 1000)
    return taken


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument("--rounds", type=int, default=300)
    chosen = arguments.parse_args()
    for name, diary in (("calm", calm()), ("troubled", troubled())):
        outcome = evaluated(diary)
        if outcome.failures:
            raise SystemExit(f"{name}: a rule failed: {outcome.failures[0]}")
        taken = milliseconds(lambda diary=diary: evaluated(diary), rounds=chosen.rounds)
        rules = sorted({line.rule for line in outcome.transitions})
        print(
            f"{name:9} median {statistics.median(taken):6.2f} ms   best {min(taken):6.2f} ms   "
            f"budget {BUDGET_MS} ms   alerts: {', '.join(rules) or 'none'}"
        )
        if chosen.profile:
            profile = cProfile.Profile()
            profile.enable()
            for _ in range(50):
                evaluated(diary)
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
