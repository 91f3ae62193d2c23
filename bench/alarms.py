"""False alarms and missed flares of the rules, on simulated patients.

    python bench/alarms.py [--patients 400] [--seed 1]

Prints, beside the bounds this product promises: how often a rule speaks to stable patients, how
many flares R16 finds, and what R08 makes of massages that hurt, with the clean baseline and with
one that includes the hours after massages. See simulation.py for the model and its limits.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.simulation import (
    CONTAMINATED,
    CURRENT,
    Noise,
    after_massages,
    burden,
    false_alarms,
    flare_power,
)

NOISES = (
    ("sd 0.8, phi 0", Noise(sd=0.8, phi=0)),
    ("sd 1.2, phi 0", Noise(sd=1.2, phi=0)),
    ("sd 1.2, phi 0.3", Noise()),
    ("sd 1.2, phi 0.5", Noise(phi=0.5)),
    ("sd 1.6, phi 0.3", Noise(sd=1.6)),
    ("sd 1.2, phi 0.3, 60 % recorded", Noise(recorded=0.6)),
)
# What is promised at sd 1.2, phi 0.3.
FLARES_PER_WEEK, POWER_AT_4 = 0.08, 0.85


def lines(patients: int, seed: int) -> Iterator[str]:
    yield from _stable(patients, seed)
    yield from _flares(patients, seed)
    yield from _massages(patients // 2, seed)
    yield from _burden(patients // 2, seed)


def _stable(patients: int, seed: int) -> Iterator[str]:
    yield f"Stable patients, no massages ({patients} patients, 12 weeks)"
    yield f"  {'':32}{'R16 a week':>12}{'in 28 days':>12}{'R17 a week':>12}{'R06 a week':>12}"
    for name, noise in NOISES:
        found = [
            false_alarms(rule, noise, patients=patients, weeks=12, seed=seed)
            for rule in ("R16", "R17", "R06")
        ]
        flares, trends, jumps = found
        bound = f"   (bound {FLARES_PER_WEEK})" if noise == Noise() else ""
        yield (
            f"  {name:32}{flares.per_week:12.3f}{flares.any_in_28_days:12.2f}"
            f"{trends.per_week:12.3f}{jumps.per_week:12.3f}{bound}"
        )


def _flares(patients: int, seed: int) -> Iterator[str]:
    yield ""
    yield f"Flares of 5 days: share that R16 finds, mean delay in days ({patients} patients)"
    yield f"  {'':32}{'+2':>14}{'+3':>14}{'+4':>14}"
    for name, noise in NOISES:
        found = [flare_power(noise, rise=rise, patients=patients, seed=seed) for rise in (2, 3, 4)]
        cells = "".join(f"{share:8.2f} ({delay:.1f})" for share, delay in found)
        bound = f"   (+4: at least {POWER_AT_4})" if noise == Noise() else ""
        yield f"  {name:32}{cells}{bound}"


def _massages(patients: int, seed: int) -> Iterator[str]:
    yield ""
    yield f"A massage every 4 or 5 days ({patients} patients): share with R08 at 2-3 / at 3"
    yield f"  {'':32}{'no effect':>14}{'worse by 2':>14}{'worse by 3':>14}"
    for name, parameters in (
        ("clean baseline", CURRENT),
        ("baseline with those hours", CONTAMINATED),
    ):
        for sd in (0.8, 1.2):
            found = [
                after_massages(
                    replace(Noise(), sd=sd),
                    rise=rise,
                    patients=patients,
                    seed=seed,
                    parameters=parameters,
                )
                for rise in (0, 2, 3)
            ]
            cells = "".join(f"{each.held:8.2f} /{each.confirmed:4.2f}" for each in found)
            yield f"  {f'{name}, sd {sd}':32}{cells}"


def _burden(patients: int, seed: int) -> Iterator[str]:
    yield ""
    yield f"Stable patients with such massages, all rules ({patients} patients, 12 weeks)"
    for sd, nerves in ((0.8, 0.5), (1.2, 0.5), (1.2, 0.8)):
        found = burden(replace(Noise(), sd=sd), nerves=nerves, patients=patients, seed=seed)
        rates = ", ".join(f"{rule} {rate:.3f}" for rule, rate in found.per_week.items())
        yield (
            f"  pain sd {sd}, nerves sd {nerves}: weeks with an alert {found.any_week:.2f}, "
            f"with one for the doctor {found.doctor_week:.3f}"
        )
        yield f"    a week: {rates}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--patients", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    for line in lines(chosen.patients, chosen.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
