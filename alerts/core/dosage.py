"""How many massages count, in which windows, against which limits."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Final, NamedTuple

from alerts.core.parameters import Frequency
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position, Rank
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
    fact: Fact


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted massages known at a moment, against the limits of a day."""

    day: date
    profile: Profile
    limits: Limits
    known: Sequence[Counted]  # at least those of the longest window, in walk order
    dates: Sequence[date]  # theirs, sorted

    def is_of(self, day: date, profile: Profile) -> bool:
        return self.day == day and self.profile is profile

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


def counted_massages(walk: Walk) -> list[Counted]:
    """The massages that count, in walk order."""
    timeline = walk.timeline
    return [
        Counted(
            position=massage.position,
            on=timeline.date_of(massage.started_at),
            massage=massage,
            profile=profile,
            fact=Fact(massage, "started_at", massage.started_at.isoformat()),
        )
        for massage in timeline.massages
        if _counts(massage, profile := timeline.profiles.at(massage.started_at))
    ]


def tally_of(walk: Walk, counted: Counted) -> Tally:
    """The tally of a massage: its own date and profile, the massages up to it."""
    return _tally(walk, counted.position, counted.on, counted.profile)


def tally_at(walk: Walk, look: Position) -> Tally:
    """The tally of a moment: its date and profile, the massages up to it."""
    timeline = walk.timeline
    return _tally(walk, look, timeline.date_of(look.at), timeline.profiles.at(look.at))


def _tally(walk: Walk, look: Position, day: date, profile: Profile) -> Tally:
    counted = walk.once(counted_massages)
    oldest = Position(look.at - _LONGEST_WINDOW, Rank.MASSAGE)
    place = attrgetter("position")
    known = counted[
        bisect_left(counted, oldest, key=place) : bisect_right(counted, look, key=place)
    ]
    limits = limits_on(day, profile, walk.parameters.frequency)
    return Tally(day, profile, limits, known, sorted(massage.on for massage in known))


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
