"""R19: massage after massage makes it better, and nothing speaks against saying so."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.flares import pain_history
from alerts.core.parameters import Relief as Limits
from alerts.core.records import Position, Rank
from alerts.core.response import Response, responses
from alerts.core.rules.function_checks import CANNOT, answers
from alerts.core.standing import OpenAlert
from alerts.core.statistics import median
from alerts.core.verdicts import Effect, Fact, Trigger
from alerts.core.walk import Rule, Walk

_ADJUST: Final = 1
_HOLD: Final = 2
_ONE_DAY: Final = timedelta(days=1)
# Every rule with triggers of its own; those of R01 and R02 are known by their alerts.
_OTHERS: Final = (
    *("R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11"),
    *("R12", "R13", "R14", "R15", "R16", "R17", "R18"),
)


def sustained_relief(walk: Walk) -> Iterator[Trigger]:
    """R19 (rows #73, #78): after each of the last three massages pain was clearly lower."""
    limits = walk.parameters.relief
    if not any(entry.function_checks for entry in walk.timeline.entries):
        return  # they have to speak for it too
    for relieving in _in_a_row(walk, limits):
        newest = relieving[-1]
        at = newest.after(newest.limits.window_3)
        if relieving[0].massage.ended_at < at - limits.within:
            continue
        if _is_quiet(walk, at) and _is_complete(walk, at) and _functions_work(walk, at):
            yield _trigger(relieving, at)


def _in_a_row(walk: Walk, limits: Limits) -> Iterator[Sequence[Response]]:
    """Each three massages in a row with relief after all of them, in walk order."""
    observed = [r for r in walk.once(responses).values() if r.late_observations]
    first = 0
    while first + limits.massages <= len(observed):
        row = observed[first : first + limits.massages]
        # The newest one without relief rules out every row that it is in.
        without = next((n for n in _backwards(row) if not _relieves(row[n], limits)), None)
        if without is None:
            yield row
        first += 1 if without is None else without + 1


def _backwards(row: Sequence[Response]) -> Iterable[int]:
    return range(len(row) - 1, -1, -1)


def _relieves(response: Response, limits: Limits) -> bool:
    """Whether pain on the second and third day was lower than before, by points and by share."""
    pain = _pain_after(response)
    baseline = response.reference.baseline
    if baseline is None:
        return False
    return pain <= baseline - limits.drop and pain * 100 <= baseline * limits.drop_to


def _pain_after(response: Response) -> float:
    return median([entry.pain for entry in response.late_observations if entry.pain is not None])


def _trigger(relieving: Sequence[Response], at: datetime) -> Trigger:
    newest = relieving[-1]
    return Trigger(
        position=Position(at, Rank.DUE, newest.massage.id),
        level=0,
        text_key="positive.relief",
        facts=tuple(fact for response in relieving for fact in _facts(response)),
        parameters={"reference": newest.reference.baseline, "value": _pain_after(newest)},
    )


def _facts(response: Response) -> Iterator[Fact]:
    massage = response.massage
    yield Fact(massage, "ended_at", massage.ended_at)
    for entry in response.late_observations:
        yield Fact(entry, "pain", entry.pain)


def _is_quiet(walk: Walk, at: datetime) -> bool:
    """No hold and no flare in the 28 days up to a moment, and nothing else open at it."""
    since = at - walk.parameters.relief.quiet_for
    if _was_alert(walk, since, at) or _was_flare(walk, since, at):
        return False
    return not any(
        _was_held(episode, since, at) or _is_standing(episode, at)
        for rule in _OTHERS
        for episode in walk.episodes(rule)
    )


def _was_alert(walk: Walk, since: datetime, at: datetime) -> bool:
    is_open = any(alert.onset <= at for alert in _open_alerts(walk))
    return is_open or any(a.onset <= at and a.ended_at >= since for a in walk.standing.ended)


def _open_alerts(walk: Walk) -> Iterator[OpenAlert]:
    """The open alerts that no episode of the walk stands for."""
    return (a for a in walk.standing.alerts if a.rule in ("R01", "R02") or a.kept)


def _was_flare(walk: Walk, since: datetime, at: datetime) -> bool:
    moments = walk.timeline.pain.moments
    return any(
        moments[flare.confirmed] <= at and (flare.ends is None or moments[flare.ends] >= since)
        for flare in walk.lasting(pain_history).flares
    )


def _was_held(episode: Episode, since: datetime, at: datetime) -> bool:
    held = episode.reached_at(_HOLD)
    if held is None or held.at > at:
        return False
    return episode.ended is None or episode.ended.at >= since


def _is_standing(episode: Episode, at: datetime) -> bool:
    """Whether it is open at a moment, at level 1 or above, shown or not."""
    reached = episode.reached_at(_ADJUST)
    if reached is None or reached.at > at:
        return False
    return episode.ended is None or episode.ended.at > at


def _is_complete(walk: Walk, at: datetime) -> bool:
    """Whether enough of the 28 local days before have an entry, from the first entry's day on."""
    timeline, limits = walk.timeline, walk.parameters.relief
    today = timeline.date_of(at)
    oldest = today - limits.diary_days * _ONE_DAY
    first = max(oldest, timeline.date_of(timeline.entries[0].moment))
    days = (today - first).days
    if days < limits.least_days:
        return False
    # By whatever zone, what is older by two days more lies on an earlier date.
    begin = at - (limits.diary_days + 2) * _ONE_DAY
    dates = {timeline.date_of(entry.moment) for entry in timeline.entries_within(begin, at)}
    recorded = sum(first <= date < today for date in dates)
    return recorded * 100 >= days * limits.completeness


def _functions_work(walk: Walk, at: datetime) -> bool:
    """Whether a function check was answered lately, and the last answer to none is `cannot`."""
    timeline = walk.timeline
    last: dict[str, str] = {}
    answered_at: datetime | None = None
    for entry in timeline.entries[: bisect_right(timeline.moments, at)]:
        given = answers(entry)
        if given:
            answered_at = entry.moment
            last.update(given)
    since = at - walk.parameters.relief.checked_within
    return answered_at is not None and answered_at >= since and CANNOT not in last.values()


def withdrawn(walk: Walk, episode: Episode) -> Position:
    """Where R19 ends: with the next trigger of level 1 or above of any rule, or after 28 days."""
    onset = episode.onset
    over = Position(onset.at + walk.parameters.relief.lasts, Rank.DUE)
    return min((p for p in _setbacks(walk) if onset < p < over), default=over)


def _setbacks(walk: Walk) -> Iterator[Position]:
    for rule in _OTHERS:
        for trigger in walk.triggers(rule):
            if trigger.level >= _ADJUST and trigger.effect is not Effect.RAISES:
                yield trigger.position
    onsets = [alert.onset for alert in _open_alerts(walk)]
    onsets.extend(alert.onset for alert in walk.standing.ended)
    yield from (Position(onset, Rank.ENTRY) for onset in onsets)


def _may_open(walk: Walk, trigger: Trigger, over: Sequence[Episode]) -> bool:
    """At most once in 28 days."""
    lasts = walk.parameters.relief.lasts
    return all(trigger.position.at - episode.onset.at >= lasts for episode in over)


R19: Final = Rule(
    id="R19",
    finds=sustained_relief,
    clears=withdrawn,
    may_open=_may_open,
    reads=frozenset(_OTHERS),
    is_dose_advice=True,
)
