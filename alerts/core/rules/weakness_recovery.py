"""When growing weakness is over: calm days, working functions, and a patient who was told."""

from datetime import date, datetime
from itertools import zip_longest

from alerts.core.episodes import Episode
from alerts.core.records import Entry, Position, Rank
from alerts.core.rules.function_checks import CANNOT, answers
from alerts.core.walk import Walk


def recovered_at(walk: Walk, episode: Episode) -> Position | None:
    """Where R03 clears by itself: the first moment with everything, the acknowledgement too."""
    acknowledged_at = _acknowledged_at(walk, episode)
    if acknowledged_at is None:
        return None
    recovery = _Recovery(walk, episode)
    entries = walk.timeline.entries
    for entry, following in zip_longest(entries, entries[1:]):
        recovery.take(entry)
        if not recovery.is_complete():
            continue
        if acknowledged_at <= entry.moment:
            return entry.position
        if following is None or acknowledged_at < following.moment:
            return Position(acknowledged_at, Rank.DUE)
    return None


def _acknowledged_at(walk: Walk, episode: Episode) -> datetime | None:
    """The patient's first acknowledgement in the episode."""
    return next(
        (
            act.at
            for act in walk.timeline.acknowledgements
            if act.rule == "R03" and act.by == "patient" and act.at >= episode.onset.at
        ),
        None,
    )


class _Recovery:
    """What the entries say so far, taken one by one in walk order."""

    def __init__(self, walk: Walk, episode: Episode) -> None:
        neurology = walk.parameters.neurology
        self._date_of = walk.timeline.date_of
        self._triggered_at = episode.newest.at
        self._triggered_on = self._date_of(episode.newest.at)
        self._calm_days = walk.parameters.weakness.calm_days
        self._highest_calm = min(
            neurology.calm_without_reference
            if trigger.reference is None
            else trigger.reference + neurology.calm_rise
            for trigger in episode.opened_by
        )
        self._worst_on: dict[date, int] = {}  # of each recorded day
        self._answers: dict[str, str] = {}
        self._is_checked = False  # since the newest trigger
        self._is_wasted: bool | None = None

    def take(self, entry: Entry) -> None:
        if entry.weakness is not None:
            day = self._date_of(entry.moment)
            self._worst_on[day] = max(entry.weakness, self._worst_on.get(day, 0))
        given = answers(entry)
        self._answers.update(given)
        if given and entry.moment > self._triggered_at:
            self._is_checked = True
        if entry.muscle_wasting is not None:
            self._is_wasted = entry.muscle_wasting

    def is_complete(self) -> bool:
        works = CANNOT not in self._answers.values() and not self._is_wasted
        return self._is_checked and works and self._is_calm()

    def _is_calm(self) -> bool:
        """The last 5 recorded days lie after the day of the newest trigger, all values calm."""
        newest = sorted(self._worst_on)[-self._calm_days :]
        return (
            len(newest) == self._calm_days
            and newest[0] > self._triggered_on
            and all(self._worst_on[day] <= self._highest_calm for day in newest)
        )
