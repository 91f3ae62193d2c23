"""Simulated patients: how pain scatters from day to day, what a flare and a massage add to it.

The model: latent pain = mean + e + effect, the mean uniform in 2..6, e an autoregression of the
first order with standard deviation `sd` and correlation `phi` from one day to the next. A score is
that, rounded and cut to 0..10. Each evening is recorded with a probability of its own. The figures
in the literature come from one cohort of daily scores; this is a model, no validation.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import sqrt

from alerts.core.episodes import Episode
from alerts.core.parameters import CURRENT, Parameters
from alerts.core.records import Entry, Massage
from alerts.core.rules import rules_with
from alerts.core.standing import Standing
from alerts.core.timeline import ProfileChange, Timeline
from alerts.core.walk import Walk

START = datetime(2026, 3, 2, 18, tzinfo=UTC)  # a Monday evening
DAY = timedelta(days=1)
PROFILE = {
    "timezone": "UTC",
    "phase": "healing",
    "severity": "moderate",
    "doctor_approval": {"status": "physician_confirmed"},
}

Effect = Callable[[int], float]  # what is added to the pain of a day (0, 1, ...)


@dataclass(frozen=True)
class Noise:
    """Day-to-day scatter in points, its correlation, and how many evenings are recorded."""

    sd: float = 1.2
    phi: float = 0.3
    recorded: float = 0.85


def no_effect(_day: int) -> float:
    return 0


def scores(
    chance: random.Random, noise: Noise, *, days: int, effect: Effect = no_effect
) -> list[int]:
    """The pain of each day, 0-10, recorded or not."""
    mean = chance.uniform(2, 6)
    found, scatter = [], chance.gauss(0, noise.sd)
    for day in range(days):
        found.append(min(10, max(0, round(mean + scatter + effect(day)))))
        scatter = noise.phi * scatter + sqrt(1 - noise.phi**2) * chance.gauss(0, noise.sd)
    return found


def evenings(chance: random.Random, pains: Sequence[int], noise: Noise) -> list[Entry]:
    """The evenings that were recorded; pain and nothing else."""
    return [
        _entry(day, {"pain": pain})
        for day, pain in enumerate(pains)
        if chance.random() < noise.recorded
    ]


def _entry(day: int, answers: dict[str, object]) -> Entry:
    at = START + day * DAY
    return Entry.of({"id": f"e{day:04}", "symptom_at": at, **answers}, received_at=at)


def massage(day: int, *, pain_before: int) -> Massage:
    """One at noon, six hours before the evening of its day."""
    end = START + day * DAY - timedelta(hours=6)
    times = {"started_at": end - timedelta(minutes=20), "ended_at": end}
    return Massage.of(
        {"id": f"m{day:04}", "setting": "professional", "pain_before": pain_before, **times},
        received_at=end,
    )


def walked(
    entries: Sequence[Entry],
    massages: Sequence[Massage] = (),
    *,
    days: int,
    parameters: Parameters = CURRENT,
) -> Walk:
    """What the rules find in the whole diary: without late records, an episode is an alert."""
    diary = Timeline(entries, massages, [ProfileChange(START - 30 * DAY, PROFILE)])
    walk = Walk(diary, Standing(), now=START + days * DAY, parameters=parameters)
    walk.follow_all(rules_with(parameters).walked)
    if walk.failures:
        raise walk.failures[0].error
    return walk


@dataclass(frozen=True)
class Rates:
    """How often a rule spoke to stable patients: per patient-week, and in any 28 days at all."""

    per_week: float
    any_in_28_days: float


def false_alarms(rule: str, noise: Noise, *, patients: int, weeks: int, seed: int) -> Rates:
    """Alerts of a rule for patients whose pain only scatters (no massages)."""
    chance = random.Random(f"{seed}/{rule}/{noise}")
    alerts = with_any = months = 0
    for _ in range(patients):
        days = 7 * weeks
        diary = evenings(chance, scores(chance, noise, days=days), noise)
        onsets = [_day_of(each) for each in walked(diary, days=days).episodes(rule)]
        alerts += len(onsets)
        for month in range(0, days - 27, 28):
            months += 1
            with_any += any(month <= day < month + 28 for day in onsets)
    return Rates(alerts / (patients * weeks), with_any / months)


def _day_of(episode: Episode) -> int:
    return (episode.onset.at - START) // DAY


def flare_power(noise: Noise, *, rise: float, patients: int, seed: int) -> tuple[float, float]:
    """Share of flares of `rise` points over 5 days that R16 finds, and the mean delay in days.

    Found: an alert is open on one of the days of the flare. It comes after 28 days without.
    """
    quiet, lasts = 28, 5
    chance = random.Random(f"{seed}/power/{rise}/{noise}")
    delays = []
    for _ in range(patients):
        pains = scores(
            chance,
            noise,
            days=quiet + lasts,
            effect=lambda day: rise if day >= quiet else 0,
        )
        walk = walked(evenings(chance, pains, noise), days=quiet + lasts)
        delays.extend(_delay(walk, quiet))
    return len(delays) / patients, sum(delays) / max(1, len(delays))


def _delay(walk: Walk, quiet: int) -> list[int]:
    """Days from the beginning of the flare to the alert; none if it was missed."""
    begins = START + quiet * DAY
    for episode in walk.episodes("R16"):
        if episode.ended is None or episode.ended.at >= begins:
            return [max(0, _day_of(episode) - quiet)]
    return []


@dataclass(frozen=True)
class AfterMassages:
    """Share of massages with R08 at level 2 or 3, and with level 3."""

    held: float
    confirmed: float


# The blind baseline: what this product must never have.
CONTAMINATED = replace(
    CURRENT, baseline=replace(CURRENT.baseline, unclean_after_massage=timedelta(0))
)


def after_massages(  # noqa: PLR0913 - a simulation has many knobs, and each has its name
    noise: Noise,
    *,
    rise: int,
    patients: int,
    seed: int,
    parameters: Parameters = CURRENT,
    weeks: int = 12,
    answered: float = 0.75,
) -> AfterMassages:
    """R08 for patients with a massage every 4 or 5 days, each worse by `rise` for three days."""
    chance = random.Random(f"{seed}/after/{rise}/{noise}")
    given = held = confirmed = 0
    days = 7 * weeks
    for _ in range(patients):
        dates = list(_dates(chance, days))
        lasting = {date + later for date in dates for later in range(3)}
        calm = scores(chance, noise, days=days)
        pains = [min(10, pain + rise * (day in lasting)) for day, pain in enumerate(calm)]
        diary = evenings(chance, pains, replace(noise, recorded=answered))
        massages = [massage(date, pain_before=calm[date]) for date in dates]
        walk = walked(diary, massages, days=days, parameters=parameters)
        levels = {each.subject: each.level for each in walk.episodes("R08") if each.level > 1}
        given += len(dates)
        held += len(levels)
        confirmed += sum(level > 2 for level in levels.values())
    return AfterMassages(held / given, confirmed / given)


def _dates(chance: random.Random, days: int) -> Iterator[int]:
    """A massage every 4 or 5 days, after two weeks without."""
    day = 14
    while day + 3 < days:
        yield day
        day += chance.choice((4, 5))


@dataclass(frozen=True)
class Burden:
    """What all rules together say to stable patients who have massages."""

    per_week: dict[str, float]  # alerts of level 1 and above a patient-week, by rule
    any_week: float  # share of weeks in which one of them begins
    doctor_week: float  # share of weeks in which one of level 3 begins


def burden(noise: Noise, *, nerves: float, patients: int, seed: int, weeks: int = 12) -> Burden:
    """A massage every 4 or 5 days that changes nothing; `nerves` is the scatter of both scores."""
    chance = random.Random(f"{seed}/burden/{noise}/{nerves}")
    counts: Counter[str] = Counter()
    any_weeks = doctor_weeks = 0
    for _ in range(patients):
        walk = _stable_with_massages(chance, noise, nerves, days=7 * weeks)
        begun = [
            (rule.id, top[0].position.at, top[0].level)
            for rule in rules_with(CURRENT).walked
            for episode in walk.episodes(rule.id)
            for top in episode.reached
            if top[0].level >= 1
        ]
        counts.update(rule for rule, *_ in begun)
        any_weeks += len({(at - START) // (7 * DAY) for _, at, _ in begun})
        doctor_weeks += len({(at - START) // (7 * DAY) for _, at, level in begun if level >= 3})
    total = patients * weeks
    rates = {rule: count / total for rule, count in sorted(counts.items())}
    return Burden(rates, any_weeks / total, doctor_weeks / total)


def _stable_with_massages(chance: random.Random, noise: Noise, nerves: float, *, days: int) -> Walk:
    calm = scores(chance, noise, days=days)
    level = chance.uniform(0, 3)
    entries = [
        _entry(
            day,
            {
                "pain": pain,
                "weakness": min(10, max(0, round(chance.gauss(level, nerves)))),
                "numbness": min(10, max(0, round(chance.gauss(level, nerves)))),
            },
        )
        for day, pain in enumerate(calm)
        if chance.random() < noise.recorded
    ]
    massages = [massage(date, pain_before=calm[date]) for date in _dates(chance, days)]
    return walked(entries, massages, days=days)
