"""How many massages count, in which windows, against which limits."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import le
from typing import Final, NamedTuple

from alerts.core.parameters import Frequency
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position, Rank
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk

_WEEK: Final = 7
_MONTH: Final = 30
# A window by dates, in time: a massage may last 8 hours and the patient cross the date line.
_LONGEST_WINDOW: Final = timedelta(days=_MONTH + 3)
_INJURED: Final = {
    "lumbar": frozenset({"low_back", "buttocks"}),
    "cervical": frozenset({"neck", "upper_back"}),
    "both": frozenset({"low_back", "buttocks", "neck", "upper_back"}),
}

Limits = Mapping[int, int]  # the most massages in a window of so many days


class Counted(NamedTuple):
    """A massage that counts, on the local date of its start."""

    position: Position
    on: date
    massage: Massage
    profile: Profile  # valid at its start

    @property
    def fact(self) -> Fact:
        return Fact(self.massage, "started_at", self.massage.started_at.isoformat())


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted massages known at a moment, against the limits of a day."""

    day: date
    limits: Limits
    known: Sequence[Counted]  # at least those of the longest window, in walk order
    dates: Sequence[date]  # theirs, sorted

    def count(self, days: int) -> int:
        """How many fall in the window of so many days that ends on the day."""
        oldest = self.day - timedelta(days=days - 1)
        return bisect_right(self.dates, self.day) - bisect_left(self.dates, oldest)

    def windows_with(self, excess: int) -> list[int]:
        """The windows (in days) that hold at least `excess` more than their limit."""
        return [days for days, limit in self.limits.items() if self.count(days) >= limit + excess]

    def facts(self, windows: Sequence[int]) -> tuple[Fact, ...]:
        """The massages in any of the windows (at least one)."""
        oldest = self.day - timedelta(days=max(windows) - 1)
        return tuple(counted.fact for counted in self.known if oldest <= counted.on <= self.day)

    def is_exceeded(self) -> bool:
        return bool(self.windows_with(1))

    def fits_from(self) -> date:
        """The first later day on which no window exceeds its limit, if none is added."""
        return self._room_for(0)

    def next_allowed_on(self) -> date | None:
        """The first day on which one more keeps every window within its limit; None if never."""
        if 0 in self.limits.values():
            return None
        return self._room_for(1)

    def _room_for(self, more: int) -> date:
        day = self.day
        for days, limit in self.limits.items():
            # This many of the newest may stay in the window; the next older one must be out.
            stay = limit - more
            if len(self.dates) > stay:
                day = max(day, self.dates[-1 - stay] + timedelta(days=days))
        return day

    def shown(self, days: int) -> dict[str, object]:
        """The count and limit of one window in days, those of all, and the next allowed day."""
        allowed_on = self.next_allowed_on()
        return {
            "days": days,
            "count": self.count(days),
            "limit": self.limits[days],
            "limits": {str(window): limit for window, limit in self.limits.items()},
            "counts": {str(window): self.count(window) for window in self.limits},
            "next_allowed_on": allowed_on and allowed_on.isoformat(),
        }


class Dosage:
    """The counted massages of a diary in walk order, and the tally of any moment."""

    def __init__(self, walk: Walk) -> None:
        self._timeline = walk.timeline
        self._frequency = walk.parameters.frequency
        self.counted = _counted(walk.timeline)
        self._positions = [counted.position for counted in self.counted]
        self._dates = [counted.on for counted in self.counted]
        # Not so after a journey across the date line.
        self._is_in_order = all(map(le, self._dates, self._dates[1:]))
        self._full: list[tuple[Counted, Tally]] | None = None

    def full(self) -> list[tuple[Counted, Tally]]:
        """The massages with which a window is full or more than full, each with its tally."""
        if self._full is None:
            self._full = [
                (counted, tally)
                for index, counted in enumerate(self.counted)
                if self._may_be_full(index, counted)
                and (tally := self.tally_of(counted)).windows_with(0)
            ]
        return self._full

    def _may_be_full(self, index: int, counted: Counted) -> bool:
        """A quick look: is the one that fills the window, counted back from this one, in it?"""
        if not self._is_in_order:
            return True
        for days, limit in limits_on(counted.on, counted.profile, self._frequency).items():
            first = index - limit + 1
            if first > index or (first >= 0 and (counted.on - self._dates[first]).days < days):
                return True
        return False

    def tally_of(self, counted: Counted) -> Tally:
        """The tally of a massage: its own date and profile, the massages up to it."""
        return self._tally(counted.position, counted.on, counted.profile)

    def tally_at(self, look: Position) -> Tally:
        """The tally of a moment: its date and profile, the massages up to it."""
        timeline = self._timeline
        return self._tally(look, timeline.date_of(look.at), timeline.profiles.at(look.at))

    def _tally(self, look: Position, day: date, profile: Profile) -> Tally:
        oldest = Position(look.at - _LONGEST_WINDOW, Rank.MASSAGE)
        first, last = bisect_left(self._positions, oldest), bisect_right(self._positions, look)
        limits = limits_on(day, profile, self._frequency)
        return Tally(day, limits, self.counted[first:last], sorted(self._dates[first:last]))


def _counted(timeline: Timeline) -> list[Counted]:
    return [
        Counted(
            position=massage.position,
            on=timeline.date_of(massage.started_at),
            massage=massage,
            profile=profile,
        )
        for massage in timeline.massages
        if _counts(massage, profile := timeline.profiles.at(massage.started_at))
    ]


def limits_on(day: date, profile: Profile, frequency: Frequency) -> Limits:
    """The limits of a valid override, else those of the phase; unknown counts as acute."""
    override = profile.plan_override
    if override is not None and override.is_valid_on(day):
        named = {_WEEK: override.max_per_7_days, _MONTH: override.max_per_30_days}
        limits = {days: limit for days, limit in named.items() if limit is not None}
        if limits:
            return limits
    match profile.phase:
        case "chronic":
            return {_MONTH: frequency.chronic_per_30_days}
        case "healing":
            return {_WEEK: frequency.healing_per_7_days}
        case _:
            return {_WEEK: frequency.acute_per_7_days}


def _counts(massage: Massage, profile: Profile) -> bool:
    """A professional's always; by hand or device, on the injured region or on sites unknown."""
    injured = _INJURED[profile.region]
    return massage.setting == "professional" or not massage.sites or bool(massage.sites & injured)
