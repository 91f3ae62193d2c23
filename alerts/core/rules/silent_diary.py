"""R21: nobody writes any more; the patient is reminded, and staff hear of an open trouble."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Final

from alerts.core.neurology import Scores, numbness, weakness
from alerts.core.parameters import SilentDiary
from alerts.core.standing import Standing, Told
from alerts.core.walk import Message, Rule, Walk

_STAFF_LEVEL: Final = 3
# Two zones lie at most this far apart; so much can a date be ahead of, or behind, the present one.
_JOURNEY: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a silent diary: once for a local date, at the patient's hour."""

    on: date
    at: datetime
    days: int  # since the date of the newest entry


def remind_of_diary(walk: Walk, after: Standing) -> Iterator[Message]:
    """R21 (rows #13, #92): the reminder of the day, and once in a silence the list of the staff."""
    due = [look for look in walk.once(looks) if look.at == walk.now]
    told = {told.event for told in after.told if due and told.rule == "R21"}
    for look in due:
        reminder = f"reminder {look.on}"
        if reminder in told:
            continue
        yield _message(walk, look, reminder)
        silence = f"silent since {look.on - timedelta(days=look.days)}"
        if silence not in told and (after.is_on_hold() or _is_any_pending(walk)):
            told.add(silence)
            yield _message(walk, look, silence, is_for_staff=True)


def due_looks(walk: Walk, _: Standing) -> Iterator[datetime]:
    """The next moment at which a reminder goes out if nobody writes."""
    return (look.at for look in walk.once(looks) if look.at > walk.now)


def looks(walk: Walk) -> list[Look]:
    """The looks of this very moment, and the next one; only those that bring a reminder."""
    found: list[Look] = []
    for look in _looks_about(walk):
        if look.at >= walk.now:
            found.append(look)
        if look.at > walk.now:
            break
    return found


def _looks_about(walk: Walk) -> Iterator[Look]:
    """The looks that bring a reminder in their order, from about now on, without end."""
    entries = walk.timeline.entries
    newest = entries[-1].moment if entries else walk.timeline.begun_at
    if newest is None:
        return
    last = walk.timeline.date_of(newest)
    least = (walk.timeline.date_of(walk.now) - _JOURNEY - last).days
    for days in _reminder_days(least, walk.parameters.silent_diary):  # pragma: no branch - endless
        on = last + timedelta(days=days)
        at = _looked_at(walk, on)
        if at is not None:
            yield Look(on, at, days)


def _reminder_days(least: int, limits: SilentDiary) -> Iterator[int]:
    """The silent days, from `least` on, that bring a reminder: 3, 4, 5, then every 7th."""
    yield from range(max(limits.first_after, least), limits.daily_until + 1)
    weeks = max(1, -((limits.daily_until - least) // limits.then_every))
    yield from count(limits.daily_until + weeks * limits.then_every, limits.then_every)


def _looked_at(walk: Walk, on: date) -> datetime | None:
    """When the patient's clock shows the hour of reminders on a date, for the first time.

    None if the hour was moved to one that was already over on that date.
    """
    days = walk.timeline.profiles.days
    moments = [(hour, days.moment_of(on, time(hour))) for hour in walk.once(_hours)]
    return min((at for hour, at in moments if hour in _hours_at(walk, at)), default=None)


def _hours(walk: Walk) -> set[int]:
    return {profile.reminder_hour for profile in walk.timeline.profiles.states}


def _hours_at(walk: Walk, moment: datetime) -> set[int]:
    """The hour of reminders; at the moment of a change the old one too, which is seen to first."""
    profiles = walk.timeline.profiles
    before = bisect_left(profiles.changed_at, moment)
    after = bisect_right(profiles.changed_at, moment)
    return {profile.reminder_hour for profile in profiles.states[before : after + 1]}


def _is_any_pending(walk: Walk) -> bool:
    """Whether the newest weakness or numbness value is raised, however old it is."""
    rise = walk.parameters.neurology.pair_rise
    return any(_is_newest_raised(walk.lasting(scores), rise) for scores in (weakness, numbness))


def _is_newest_raised(scores: Scores, rise: int) -> bool:
    return bool(scores.series) and scores.is_raised(len(scores.series) - 1, rise=rise)


def _message(walk: Walk, look: Look, said: str, *, is_for_staff: bool = False) -> Message:
    return Message(
        event="escalated" if is_for_staff else "reminder",
        level=_STAFF_LEVEL if is_for_staff else 0,
        text_key="staff.silent_patient" if is_for_staff else "remind.diary",
        evidence=(),
        told=Told("R21", None, said, walk.now),
        parameters={"days": look.days},
    )


R21: Final = Rule(id="R21", says=remind_of_diary, due=due_looks)
