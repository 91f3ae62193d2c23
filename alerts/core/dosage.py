"""How many massages count, in which windows, against which limits."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from alerts.core.parameters import Frequency
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk

_WEEK: Final = 7
_MONTH: Final = 30
# What a window by dates may be longer in time: a massage lasts up to 8 hours, and who crosses the
# date line has up to 26 hours more.
_JOURNEY: Final = timedelta(days=2)
_LONGEST_WINDOW: Final = timedelta(days=_MONTH) + _JOURNEY
_INJURED: Final = {
    "lumbar": frozenset({"low_back", "buttocks"}),
    "cervical": frozenset({"neck", "upper_back"}),
    "both": frozenset({"low_back", "buttocks", "neck", "upper_back"}),
}

Limits = Mapping[int, int]  # the most massages in a window of so many days


class Counted(NamedTuple):
    """A massage that counts, and the profile valid at its start."""

    massage: Massage
    profile: Profile


@dataclass(frozen=True)
class Tally:
    """The counted massages known at a moment, against the limits of a day."""

    day: date
    limits: Limits
    known: Sequence[tuple[date, Massage]]  # at least those of the longest window, by local date

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """How many fall in each of the windows that have a limit."""
        return {days: self.count(days) for days in self.limits}

    def count(self, days: int) -> int:
        """How many fall in the window of so many days that ends on the day."""
        return len(self._within(days))

    def _within(self, days: int) -> list[Massage]:
        oldest = self.day - timedelta(days=days - 1)
        return [massage for on, massage in self.known if oldest <= on <= self.day]

    def windows_with(self, excess: int) -> list[int]:
        """The windows (in days) that hold at least `excess` more than their limit."""
        limits = self.limits
        return [days for days, count in self.counts.items() if count >= limits[days] + excess]

    def facts(self, windows: Sequence[int]) -> tuple[Fact, ...]:
        """The massages in any of the windows (at least one)."""
        return tuple(
            Fact(massage, "started_at", massage.started_at)
            for massage in self._within(max(windows))
        )

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
        dates = sorted([on for on, _ in self.known])
        for days, limit in self.limits.items():
            # This many of the newest may stay in the window; the next older one must be out.
            stay = limit - more
            if len(dates) > stay:
                day = max(day, dates[-1 - stay] + timedelta(days=days))
        return day

    def shown(self, days: int) -> dict[str, object]:
        """The count and limit of one window in days, those of all, and the next allowed day."""
        allowed_on = self.next_allowed_on()
        return {
            "days": days,
            "count": self.counts[days],
            "limit": self.limits[days],
            "limits": {str(window): limit for window, limit in self.limits.items()},
            "counts": {str(window): count for window, count in self.counts.items()},
            "next_allowed_on": allowed_on and allowed_on.isoformat(),
        }


class Dosage:
    """The counted massages of a diary in walk order, and the tally of any moment."""

    def __init__(self, walk: Walk) -> None:
        self._timeline = walk.timeline
        self._frequency = walk.parameters.frequency
        self.counted = _counted(walk.timeline)
        self._ends = [counted.massage.ended_at for counted in self.counted]

    @cached_property
    def positions(self) -> list[Position]:
        return [counted.massage.position for counted in self.counted]

    @cached_property
    def _dates(self) -> list[date]:
        """The local dates of their starts."""
        return [self._timeline.date_of(counted.massage.started_at) for counted in self.counted]

    def exceeding(self) -> Iterator[tuple[Counted, Tally]]:
        """The massages with which a window exceeds its limit, each with its tally."""
        for index, counted in enumerate(self.counted):
            if self._may_exceed(index, counted.profile):
                tally = self.tally_of(index)
                if tally.is_exceeded():
                    yield counted, tally

    def _may_exceed(self, index: int, profile: Profile) -> bool:
        """A quick look without a calendar: is the one with which it would be too many near?"""
        if profile.plan_override is not None:
            return True
        return any(
            limit <= index and self._ends[index] - self._ends[index - limit] < span
            for limit, span in self._near[profile.phase]
        )

    @cached_property
    def _near(self) -> Mapping[str, Sequence[tuple[int, timedelta]]]:
        """By phase: with so many before it in less than this time, a massage may be too many."""
        return {
            phase: [
                (limit, timedelta(days=days) + _JOURNEY)
                for days, limit in _limits_of(phase, self._frequency).items()
            ]
            for phase in {counted.profile.phase for counted in self.counted}
        }

    def tally_of(self, index: int) -> Tally:
        """The tally of a counted massage: its own date and profile, the massages up to it."""
        day, profile = self._dates[index], self.counted[index].profile
        return self._tally(self._ends[index], index + 1, day, profile)

    def tally_at(self, look: Position) -> Tally:
        """The tally of a moment: its date and profile, the massages up to it."""
        day, profile = self._timeline.date_of(look.at), self._timeline.profiles.at(look.at)
        return self._tally(look.at, bisect_right(self.positions, look), day, profile)

    def _tally(self, at: datetime, last: int, day: date, profile: Profile) -> Tally:
        first = bisect_left(self._ends, at - _LONGEST_WINDOW)
        massages = [counted.massage for counted in self.counted[first:last]]
        known = list(zip(self._dates[first:last], massages, strict=True))
        return Tally(day, limits_on(day, profile, self._frequency), known)


def _counted(timeline: Timeline) -> list[Counted]:
    return [
        Counted(massage, profile)
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
    return _limits_of(profile.phase, frequency)


def _limits_of(phase: str, frequency: Frequency) -> Limits:
    match phase:
        case "chronic":
            return {_MONTH: frequency.chronic_per_30_days}
        case "healing":
            return {_WEEK: frequency.healing_per_7_days}
        case _:
            return {_WEEK: frequency.acute_per_7_days}


def _counts(massage: Massage, profile: Profile) -> bool:
    """A professional's always; by hand or device, on the injured region or on sites unknown."""
    if massage.setting == "professional" or not massage.sites:
        return True
    return not massage.sites.isdisjoint(_INJURED[profile.region])
