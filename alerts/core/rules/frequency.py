"""R12: too many massages for the phase."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from alerts.core.dosage import Dosage
from alerts.core.episodes import Episode
from alerts.core.profile import PlanOverride, Profile
from alerts.core.records import Position, Rank
from alerts.core.standing import Standing, Told
from alerts.core.verdicts import Trigger, as_evidence
from alerts.core.walk import Message, Rule, Walk

_ONE_DAY: Final = timedelta(days=1)
_TWO_DAYS: Final = timedelta(days=2)
_TEXT_KEYS: Final = {1: "reduce.frequency", 2: "hold.frequency"}


def too_many(walk: Walk) -> Iterator[Trigger]:
    """R12 (rows #42, #47, #75, #76): a counted massage with which a window exceeds its limit."""
    hold_at = walk.parameters.frequency.hold_beyond_limit
    for (massage, profile), tally in walk.lasting(Dosage).exceeding():
        holding = tally.windows_with(hold_at) if _is_acute(profile) else []
        level = 2 if holding else 1
        windows = holding or tally.windows_with(1)
        yield Trigger(
            position=massage.position,
            level=level,
            text_key=_TEXT_KEYS[level],
            facts=tally.facts(windows),
            parameters=tally.shown(windows[0]),
        )


def _is_acute(profile: Profile) -> bool:
    return profile.phase in ("acute", "unknown")


def within_limits_again(walk: Walk, episode: Episode) -> Position | None:
    """The first local midnight, profile change or counted massage at which nothing exceeds."""
    outlook = walk.once(_Outlook)
    return outlook.first_fit_after(episode.newest)


class _Outlook:
    """Where the windows are within their limits, from each turning point to the next.

    Counts rise and limits change at turning points only: a counted massage, a change of the
    profile, the first day of an override and the day after its last. In between counts only fall,
    at midnights.
    """

    def __init__(self, walk: Walk) -> None:
        self._days = walk.timeline.profiles.days
        self._tally = cache(walk.lasting(Dosage).tally_at)
        self._points = sorted([*walk.lasting(Dosage).positions, *_limit_changes(walk)])
        self._moments = [point.at for point in self._points]
        # The first fit at or after a turning point, by its index; after all there may be none.
        self._fits: dict[int, Position | None] = {len(self._points): None}

    def first_fit_after(self, newest: Position) -> Position | None:
        index = bisect_right(self._moments, newest.at)
        return self._midnight(newest, index) or self._fit_from(index)

    def _fit_from(self, index: int) -> Position | None:
        passed = [index]
        fit = None
        while fit is None and passed[-1] not in self._fits:
            fit = self._fit_at(passed[-1])
            passed.append(passed[-1] + 1)
        fit = fit or self._fits[passed[-1]]
        self._fits.update(dict.fromkeys(passed[:-1], fit))
        return fit

    def _fit_at(self, index: int) -> Position | None:
        """At a turning point, or at a midnight before the next."""
        point = self._points[index]
        if not self._tally(point).is_exceeded():
            return point
        return self._midnight(point, index + 1)

    def _midnight(self, point: Position, following: int) -> Position | None:
        """The first midnight that fits, between a point and the turning point that follows."""
        tally = self._tally(point)
        fits_from = tally.fits_from()
        before = self._points[following].at if following < len(self._points) else None
        # Far from there by any zone: spare the calendar.
        if before is not None and before.date() + _TWO_DAYS < fits_from:
            return None
        midnight = self._days.begin_of(fits_from)
        if midnight <= point.at:
            midnight = next(self._days.midnights_after(point.at))
        return Position(midnight, Rank.DUE) if before is None or midnight < before else None


def _limit_changes(walk: Walk) -> Iterator[Position]:
    profiles = walk.timeline.profiles
    days = {day for profile in profiles.states for day in _turning_days(profile.plan_override)}
    for at in (*profiles.changed_at, *map(profiles.days.begin_of, days)):
        yield Position(at, Rank.DUE)


def _turning_days(override: PlanOverride | None) -> Iterator[date]:
    if override is not None and override.valid_from is not None:
        yield override.valid_from
    if override is not None and override.valid_to is not None:
        yield override.valid_to + _ONE_DAY


def notice_limit(walk: Walk, after: Standing) -> Iterator[Message]:
    """The notice of R12: with this massage a window is exactly full."""
    # Dose advice: nothing about the next massage while the advice is to have none.
    if after.is_on_hold() or after.alert("R12") is not None:
        return
    told = {told.subject for told in after.told if told.rule == "R12"}
    dosage = walk.lasting(Dosage)
    for index, (massage, _) in enumerate(dosage.counted):
        if massage.id not in walk.arrivals or massage.id in told:
            continue
        is_late = walk.now - massage.moment > walk.parameters.recording.stale_after
        tally = dosage.tally_of(index)
        full = tally.windows_with(0)
        if full and not is_late and not tally.is_exceeded():
            yield Message(
                event="reminder",
                level=0,
                text_key="info.frequency_limit",
                evidence=as_evidence(tally.facts(full)),
                told=Told("R12", massage.id, "notice", walk.now),
                parameters=tally.shown(full[0]),
            )


R12: Final = Rule(
    id="R12",
    finds=too_many,
    clears=within_limits_again,
    says=notice_limit,
    is_dose_advice=True,
)
