"""R12: too many massages for the phase."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from heapq import merge
from operator import attrgetter
from typing import Final, NamedTuple

from alerts.core.episodes import Episode
from alerts.core.parameters import Frequency
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position, Rank
from alerts.core.standing import Standing, Told
from alerts.core.verdicts import Fact, Trigger, as_evidence
from alerts.core.walk import Message, Rule, Walk

_WEEK: Final = 7
_MONTH: Final = 30
_TEXT_KEYS: Final = {1: "reduce.frequency", 2: "hold.frequency"}
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


def counted_massages(walk: Walk) -> list[Counted]:
    """The massages that count, in walk order."""
    timeline = walk.timeline
    return [
        Counted(massage.position, timeline.date_of(massage.started_at), massage, profile)
        for massage in timeline.massages
        if _counts(massage, profile := timeline.profiles.at(massage.started_at))
    ]


def _counts(massage: Massage, profile: Profile) -> bool:
    """A professional's always; by hand or device, on the injured region or on sites unknown."""
    injured = _INJURED[profile.region]
    return massage.setting == "professional" or not massage.sites or bool(massage.sites & injured)


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


class Tally(NamedTuple):
    """The counted massages in each window that ends on a day, and the limits of that day."""

    day: date
    limits: Limits
    windows: Mapping[int, Sequence[Counted]]

    def windows_from(self, excess: int) -> list[int]:
        """The windows (in days) that hold at least `excess` more than their limit."""
        return [days for days, limit in self.limits.items() if self.count(days) >= limit + excess]

    def count(self, days: int) -> int:
        return len(self.windows[days])

    def facts(self, windows: Sequence[int]) -> tuple[Fact, ...]:
        return tuple(
            Fact(counted.massage, "started_at", counted.massage.started_at.isoformat())
            for days in windows
            for counted in self.windows[days]
        )

    def shown(self) -> dict[str, object]:
        """Limits and counts by window in days, and the next day that is within all limits."""
        allowed_on = self.next_allowed_on()
        return {
            "limits": {str(days): limit for days, limit in self.limits.items()},
            "counts": {str(days): self.count(days) for days in self.limits},
            "next_allowed_on": allowed_on and allowed_on.isoformat(),
        }

    def next_allowed_on(self) -> date | None:
        """The first day on which one more keeps every window within its limit; None if never."""
        allowed_on = self.day
        for days, limit in self.limits.items():
            if limit == 0:
                return None
            newest = sorted((counted.on for counted in self.windows[days]), reverse=True)
            if len(newest) >= limit:
                allowed_on = max(allowed_on, newest[limit - 1] + timedelta(days=days))
        return allowed_on


def tally(counted: Sequence[Counted], day: date, profile: Profile, frequency: Frequency) -> Tally:
    """Count the massages of a day's windows."""
    limits = limits_on(day, profile, frequency)
    windows = {
        days: [c for c in counted if timedelta(0) <= day - c.on < timedelta(days=days)]
        for days in limits
    }
    return Tally(day, limits, windows)


def tallies(walk: Walk) -> list[tuple[Counted, Tally]]:
    """Each counted massage with the tally of its own day, as of that massage."""
    counted = walk.once(counted_massages)
    return [
        (massage, tally(counted[:end], massage.on, massage.profile, walk.parameters.frequency))
        for end, massage in enumerate(counted, start=1)
    ]


def too_many(walk: Walk) -> Iterator[Trigger]:
    """R12 (rows #42, #75, #76): a counted massage with which a window exceeds its limit."""
    hold_at = walk.parameters.frequency.hold_beyond_limit
    for massage, found in walk.once(tallies):
        exceeded = found.windows_from(1)
        if not exceeded:
            continue
        holding = found.windows_from(hold_at) if _is_acute(massage.profile) else []
        level = 2 if holding else 1
        yield Trigger(
            position=massage.position,
            level=level,
            text_key=_TEXT_KEYS[level],
            facts=found.facts(holding or exceeded),
            parameters=found.shown(),
        )


def _is_acute(profile: Profile) -> bool:
    return profile.phase in ("acute", "unknown")


def within_limits_again(walk: Walk, episode: Episode) -> Position | None:
    """The first local midnight, profile change or counted massage at which nothing exceeds."""
    timeline, since = walk.timeline, episode.newest.at
    counted = walk.once(counted_massages)
    midnights = timeline.profiles.days.midnights_after(since)
    looks = merge(
        (Position(at, Rank.DUE) for at in midnights),
        (Position(at, Rank.DUE) for at in timeline.profiles.changed_at if at > since),
        (massage.position for massage in counted if massage.position.at > since),
    )
    # Without a further massage every window is empty after 30 days, so this ends.
    return next(look for look in looks if not _exceeds(walk, counted, look))


def _exceeds(walk: Walk, counted: Sequence[Counted], look: Position) -> bool:
    known = counted[: bisect_right(counted, look, key=attrgetter("position"))]
    day = walk.timeline.date_of(look.at)
    profile = walk.timeline.profiles.at(look.at)
    return bool(tally(known, day, profile, walk.parameters.frequency).windows_from(1))


def notice_limit(walk: Walk, after: Standing) -> Iterator[Message]:
    """The notice of R12: with this massage a window is exactly full."""
    # Dose advice: nothing about the next massage while the advice is to have none.
    if after.is_on_hold() or after.alert("R12") is not None:
        return
    told = {told.subject for told in after.told if told.rule == "R12"}
    for counted, found in walk.once(tallies):
        massage = counted.massage
        if massage.id not in walk.arrivals or massage.id in told:
            continue
        is_late = walk.now - massage.moment > walk.parameters.recording.stale_after
        full = found.windows_from(0)
        if full and not is_late and not found.windows_from(1):
            yield Message(
                event="reminder",
                level=0,
                text_key="info.frequency_limit",
                evidence=as_evidence(found.facts(full)),
                told=Told("R12", massage.id, "notice", walk.now),
                parameters=found.shown(),
            )


R12: Final = Rule(
    id="R12",
    finds=too_many,
    clears=within_limits_again,
    says=notice_limit,
    is_dose_advice=True,
)
