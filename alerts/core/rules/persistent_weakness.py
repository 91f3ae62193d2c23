"""R04: weakness on most days of a week, that no physician has looked at lately."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.recorded_days import last_value, weakness_days
from alerts.core.records import Close, Entry, Position
from alerts.core.statistics import median
from alerts.core.verdicts import Fact, Trigger
from alerts.core.walk import Rule, Walk

_REVIEWED: Final = frozenset({"R03", "R04"})


def persistent_weakness(walk: Walk) -> Iterator[Trigger]:
    """R04 (rows #4, #5): weakness of 3 or more on 5 of 7 local days, recorded over 6 days."""
    reviews = _Reviews(walk)
    for index in _possible(walk):
        week = _week_of(walk, index)
        if _is_persistent(walk, week) and not reviews.answer(index, week):
            yield _trigger(walk, week)


def _possible(walk: Walk) -> Iterator[int]:
    """The entries with enough weak ones in about the week before: cheap, and mostly none."""
    limits, series = walk.parameters.persistent_weakness, walk.timeline.weakness
    enough, about_a_week = limits.days_at_least, timedelta(days=limits.window_days + 2)
    weak = [index for index, value in enumerate(series.values) if value >= limits.at_least]
    for index in range(weak[enough - 1] if len(weak) >= enough else len(series), len(series)):
        needed = weak[bisect_right(weak, index) - enough]
        if series.moments[index] - series.moments[needed] <= about_a_week:
            yield index


def _week_of(walk: Walk, index: int) -> Sequence[int]:
    """The last entries of the recorded days, in the 7 local days that end with an entry."""
    recorded = walk.lasting(weakness_days)
    return _week(walk, until=recorded.dates[index], known=index + 1, at=recorded.moments[index])


def _week(walk: Walk, *, until: date, known: int, at: datetime) -> Sequence[int]:
    days = walk.parameters.persistent_weakness.window_days
    return walk.lasting(weakness_days).last_of_each(days, until=until, known=known, at=at)


def _is_persistent(walk: Walk, week: Sequence[int]) -> bool:
    limits = walk.parameters.persistent_weakness
    recorded = walk.lasting(weakness_days)
    span = recorded.dates[week[-1]] - recorded.dates[week[0]]
    return span.days >= limits.span_days and len(_weak(walk, week)) >= limits.days_at_least


def _weak(walk: Walk, week: Sequence[int]) -> list[int]:
    values, least = walk.timeline.weakness.values, walk.parameters.persistent_weakness.at_least
    return [index for index in week if values[index] >= least]


class _Reviews:
    """A physician's closes of R03 or R04: each answers the weakness there is, for 30 days."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._limits = walk.parameters.persistent_weakness
        self._closes = [close for close in walk.timeline.closes if close.rule in _REVIEWED]

    def answer(self, index: int, week: Sequence[int]) -> bool:
        """Whether the last review before an entry has answered the week that ends there."""
        entry = self._walk.timeline.weakness.entries[index]
        review = self._last_before(entry)
        if review is None or entry.moment - review.at >= self._limits.quiet_after_review:
            return False
        seen = self._week_as_of(review)
        return bool(seen) and self._rise(seen, week) < self._limits.rise_since_review

    def _last_before(self, entry: Entry) -> Close | None:
        place = bisect_left(self._closes, entry.position, key=attrgetter("position"))
        return self._closes[place - 1] if place else None

    def _week_as_of(self, review: Close) -> Sequence[int]:
        timeline = self._walk.timeline
        return _week(
            self._walk,
            until=timeline.date_of(review.at),
            known=timeline.weakness.first_after(review.at),
            at=review.at,
        )

    def _rise(self, seen: Sequence[int], week: Sequence[int]) -> float:
        values = self._walk.timeline.weakness.values
        return median([values[i] for i in week]) - median([values[i] for i in seen])


def _trigger(walk: Walk, week: Sequence[int]) -> Trigger:
    series = walk.timeline.weakness
    weak = _weak(walk, week)
    # The first and the last recorded day span the week, whatever their values.
    rests_on = sorted({week[0], *weak, week[-1]})
    return Trigger(
        position=series.entries[week[-1]].position,
        level=3,
        text_key="doctor.persistent_weakness",
        facts=tuple(Fact(series.entries[i], "weakness", series.values[i]) for i in rests_on),
        parameters={
            "days": len(weak),
            "recorded_days": len(week),
            "median": median([series.values[i] for i in week]),
        },
    )


def weak_no_longer(walk: Walk, episode: Episode) -> Position | None:
    """Where R04 clears: the last 5 recorded days, all after the newest trigger, end below 3."""
    day = walk.timeline.date_of(episode.newest.at)
    index = walk.lasting(weakness_days).calm_after(walk.once(_calm_runs), episode.newest, day)
    return None if index is None else walk.timeline.weakness.entries[index].position


def _calm_runs(walk: Walk) -> list[tuple[int, date]]:
    limits, values = walk.parameters.persistent_weakness, walk.timeline.weakness.values
    highest = limits.at_least - 1
    recorded = walk.lasting(weakness_days)
    return recorded.calm_runs(limits.calm_days, values, highest=highest, merge=last_value)


R04: Final = Rule(
    id="R04",
    finds=persistent_weakness,
    clears=weak_no_longer,
    closed_by=frozenset({"R03"}),
)
