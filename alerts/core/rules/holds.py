"""When a patient was to have no massage: the alerts of level >= 2, by the walk or by themselves."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from alerts.core.episodes import Episode
from alerts.core.records import Position, Rank
from alerts.core.walk import Walk

_HOLD: Final = 2
# Not R10 and R11 of earlier massages: each massage is judged on its own.
_LASTING: Final = (
    *("R03", "R04", "R05", "R06", "R07", "R08", "R09"),
    *("R12", "R14", "R16", "R17", "R18"),
)
_ON_ONE_MASSAGE: Final = ("R10", "R11")
RULES_THAT_HOLD: Final = frozenset(_LASTING)
ALL_RULES_THAT_HOLD: Final = frozenset((*_LASTING, *_ON_ONE_MASSAGE))


class Hold(NamedTuple):
    """A stretch at level >= 2; `until` is None while no end is in sight."""

    since: datetime
    until: Position | None


def holds_at(walk: Walk, moment: datetime) -> list[Hold]:
    """The holds that a massage which starts at a moment ignores."""
    is_recent = moment >= walk.once(_holds_known_since)
    found = walk.once(_recent_holds if is_recent else _holds)
    if not found:
        return found
    begun = found[: bisect_right(found, moment, key=attrgetter("since"))]
    return [hold for hold in begun if hold.until is None or hold.until.at >= moment]


def has_hold_ended(walk: Walk, after: datetime, until: datetime) -> bool:
    """Whether any hold ended in the half-open window (after, until]."""
    is_recent = after >= walk.once(_ends_known_since)
    ends = walk.once(_recent_ends if is_recent else _ends)
    return bisect_right(ends, after) < bisect_right(ends, until)


def _holds(walk: Walk) -> list[Hold]:
    """By their beginnings."""
    return _in_order(_of_episodes(walk.episodes, _LASTING), _of_alerts(walk))


def _recent_holds(walk: Walk) -> list[Hold]:
    return _in_order(_of_episodes(walk.recent_episodes, _LASTING), _of_alerts(walk))


def _holds_known_since(walk: Walk) -> datetime:
    return walk.known_since(_LASTING)


def _ends_known_since(walk: Walk) -> datetime:
    return walk.known_since(ALL_RULES_THAT_HOLD)


def _in_order(*holds: Iterable[Hold]) -> list[Hold]:
    return sorted(chain(*holds), key=attrgetter("since"))


def _ends(walk: Walk) -> list[datetime]:
    """Where holds ended, R10 and R11 included, in order."""
    return _ends_of(walk.once(_holds), _of_episodes(walk.episodes, _ON_ONE_MASSAGE))


def _recent_ends(walk: Walk) -> list[datetime]:
    recent = _of_episodes(walk.recent_episodes, _ON_ONE_MASSAGE)
    return _ends_of(walk.once(_recent_holds), recent)


def _ends_of(*holds: Iterable[Hold]) -> list[datetime]:
    return sorted(hold.until.at for hold in chain(*holds) if hold.until is not None)


def _of_episodes(
    episodes_of: Callable[[str], Iterable[Episode]], rules: Iterable[str]
) -> Iterator[Hold]:
    for rule in rules:
        for episode in episodes_of(rule):
            since = episode.reached_at(_HOLD)
            if since is not None:
                yield Hold(since.at, episode.ended)


def _of_alerts(walk: Walk) -> Iterator[Hold]:
    """R01 and R02, and R03 where a correction took its cause away: no episode stands for them."""
    for alert in walk.standing.alerts:
        if alert.rule in ("R01", "R02") or alert.kept:
            yield Hold(alert.onset, None)
    for ended in walk.standing.ended:
        yield Hold(ended.onset, Position(ended.ended_at, Rank.DUE))
