"""R17: a slow rise over two weeks, that no single day shows."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.parameters import Trend as Limits
from alerts.core.recorded_days import RecordedDays, numbness_days, pain_days, weakness_days
from alerts.core.records import Entry, Position, Rank
from alerts.core.statistics import is_rise, median, median_slope
from alerts.core.timeline import Series
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Score:
    """One of the three series that are looked at, and how serious its rise is."""

    name: str  # the field of the entry, and its series
    level: int
    text_key: str
    days: Callable[[Walk], RecordedDays]
    chance: Callable[[Limits], float]

    def series(self, walk: Walk) -> Series:
        series: Series = getattr(walk.timeline, self.name)
        return series


SCORES: Final = (
    Score("pain", 1, "trend.worsening", pain_days, attrgetter("chance_pain")),
    Score("numbness", 2, "hold.trend_numbness", numbness_days, attrgetter("chance_nerves")),
    Score("weakness", 3, "doctor.trend_weakness", weakness_days, attrgetter("chance_nerves")),
)


@dataclass(frozen=True, slots=True)
class Look:
    """A Monday morning; the window is that of the local days before its date."""

    on: date
    at: datetime

    @property
    def position(self) -> Position:
        return Position(self.at, Rank.DUE)


@dataclass(slots=True)
class Fortnight:
    """The last values of the recorded days in a window that can be judged, in order."""

    values: tuple[int, ...]
    indices: Sequence[int]  # of their entries
    series: Series
    recorded: RecordedDays

    @property
    def entries(self) -> Sequence[Entry]:
        return [self.series.entries[index] for index in self.indices]

    @property
    def days(self) -> Sequence[date]:
        return [self.recorded.dates[index] for index in self.indices]

    def rise(self) -> Fraction:
        """How much the score rises from the first recorded day to the last, in points."""
        days = tuple([day.toordinal() for day in self.days])
        return median_slope(days, self.values) * (days[-1] - days[0])


class Trends:
    """The Mondays that a diary can be judged at, and what is found at each of them."""

    def __init__(self, walk: Walk) -> None:
        self._limits = walk.parameters.trend
        self._of = {s.name: (s.series(walk), walk.lasting(s.days)) for s in SCORES}
        self._chances = {s.name: s.chance(self._limits) for s in SCORES}
        self.looks = list(_looks(walk, self._limits))
        self.rising = {look.on: self._rising_at(look) for look in self.looks}

    def _rising_at(self, look: Look) -> Mapping[str, Fortnight]:
        """The scores whose rise is both unlikely to be chance and large enough, by name."""
        found: dict[str, Fortnight] = {}
        judged: dict[RecordedDays, Sequence[int]] = {}  # scores of the same entries share it
        for name, (series, recorded) in self._of.items():
            if recorded not in judged:
                judged[recorded] = self._judged_at(look, recorded)
            indices = judged[recorded]
            values = tuple([series.values[index] for index in indices])
            if indices and is_rise(values, self._chances[name]):
                fortnight = Fortnight(values, indices, series, recorded)
                if fortnight.rise() >= self._limits.rise:
                    found[name] = fortnight
        return found

    def _judged_at(self, look: Look, recorded: RecordedDays) -> Sequence[int]:
        """The last entries of the days before a Monday; none if too few or too near."""
        limits = self._limits
        last = recorded.last_of_each(
            limits.window_days,
            until=look.on - _ONE_DAY,
            known=bisect_left(recorded.moments, look.at),
            at=look.at,
        )
        if len(last) < limits.enough_values:
            return ()
        span = recorded.dates[last[-1]] - recorded.dates[last[0]]
        return last if span.days >= limits.span_days else ()

    def fortnight(self, name: str, look: Look) -> Fortnight | None:
        """The window before a Monday, by the entries before it, if it can be judged."""
        series, recorded = self._of[name]
        indices = self._judged_at(look, recorded)
        values = tuple([series.values[index] for index in indices])
        return Fortnight(values, indices, series, recorded) if indices else None

    def is_calm(self, name: str, look: Look, start: float) -> bool:
        """Whether a score can be judged, does not rise, and is back where it started."""
        if name in self.rising[look.on]:
            return False
        fortnight = self.fortnight(name, look)
        if fortnight is None:
            return False
        newest = fortnight.values[-self._limits.calm_values :]
        return median(newest) <= start + self._limits.calm_rise


def _looks(walk: Walk, limits: Limits) -> Iterator[Look]:
    """The Mondays whose window can hold days that lie far enough apart."""
    recorded = {walk.lasting(score.days) for score in SCORES}
    days = sorted(set().union(*(each.days for each in recorded)))
    calendar, clock = walk.timeline.profiles.days, time(limits.hour)
    span, window = limits.span_days * _ONE_DAY, limits.window_days * _ONE_DAY
    on = date.min
    # From each recorded day that may be the first of a window; years without any cost nothing.
    while (first := _next_day(days, on, window)) is not None and first + span <= days[-1]:
        on = max(on, _weekday_from(first + span + _ONE_DAY, limits.weekday))
        if on - window <= first:
            yield Look(on, calendar.moment_of(on, clock))
            on += _WEEK


def _next_day(days: Sequence[date], on: date, window: timedelta) -> date | None:
    """The first recorded day in the window before a date, or after it."""
    place = 0 if on == date.min else bisect_left(days, on - window)
    return days[place] if place < len(days) else None


def _weekday_from(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % 7 * _ONE_DAY


def slow_trend(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R17 (rows #4, #74): pain, numbness or weakness that rises over two weeks."""
    trends = walk.lasting(Trends)
    for look in trends.looks:
        rising = trends.rising[look.on]
        for score in SCORES:
            if score.name in rising:
                yield _trigger(walk, score, look, rising)
    yield from _not_evaluable(walk, trends)


def _trigger(walk: Walk, score: Score, look: Look, rising: Mapping[str, Fortnight]) -> Trigger:
    fortnight = rising[score.name]
    start = median(fortnight.values[: walk.parameters.trend.calm_values])
    return Trigger(
        position=look.position,
        level=score.level,
        text_key=score.text_key,
        facts=tuple(
            Fact(entry, score.name, value)
            for entry, value in zip(fortnight.entries, fortnight.values, strict=True)
        ),
        reference=start,
        parameters={
            "rise": round(float(fortnight.rise()), 1),
            "days": len(fortnight.days),
            "series": list(rising),
            "start": start,
            "window": [fortnight.days[0].isoformat(), fortnight.days[-1].isoformat()],
            "looked_on": look.on.isoformat(),
        },
    )


def _not_evaluable(walk: Walk, trends: Trends) -> Iterator[NotEvaluable]:
    """What could not be judged at the newest Monday."""
    reached = [look for look in trends.looks if look.at <= walk.now]
    for look in reached[-1:]:
        for score in SCORES:
            if trends.fortnight(score.name, look) is None:
                because = f"too few days with {score.name}, or too near to one another"
                yield NotEvaluable(because=because, position=look.position)


def is_refreshed(walk: Walk, trigger: Trigger, over: Sequence[Episode]) -> bool:
    """No new episode within 14 days after the Monday that opened one as high or higher."""
    looked_on = _looked_on(trigger)
    refractory = walk.parameters.trend.refractory
    return not any(
        timedelta(0) < looked_on - _looked_on(episode.opened_by[0]) < refractory
        for episode in over
        if episode.level >= trigger.level
    )


def _looked_on(trigger: Trigger) -> date:
    """The Monday of a trigger; it stays the same if it counts again after a close."""
    return date.fromisoformat(str(trigger.parameters["looked_on"]))


def trend_over(walk: Walk, episode: Episode) -> Position | None:
    """Where R17 clears: at the first later Monday at which all that rose is calm."""
    trends = walk.lasting(Trends)
    starts = _starts(episode)
    first = bisect_right(trends.looks, episode.newest, key=attrgetter("position"))
    for look in trends.looks[first:]:
        if all(trends.is_calm(name, look, start) for name, start in starts.items()):
            return look.position
    return None


def _starts(episode: Episode) -> Mapping[str, float]:
    """Where each score that rose in an episode started, the first time it did."""
    starts: dict[str, float] = {}
    for trigger in episode.triggers:
        if trigger.reference is not None:
            starts.setdefault(trigger.facts[0].field, trigger.reference)
    return starts


R17: Final = Rule(id="R17", finds=slow_trend, clears=trend_over, may_open=is_refreshed)
