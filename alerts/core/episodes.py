"""From triggers, a clearing condition and a physician's closes to episodes, once for all rules."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.core.records import Close, Position, Rank
from alerts.core.verdicts import Effect, Trigger


@dataclass(slots=True, kw_only=True)
class Episode:
    """One stretch during which an identity (rule, subject) has a cause.

    It grows while its triggers are walked; afterwards nobody changes it.
    `triggers` are all that opened or renewed it; `reached` holds, for each level the episode rose
    to, those that first reached it. `ended` may lie ahead: then the episode is still open, and
    will end by time alone.
    """

    subject: str | None
    opened_by: tuple[Trigger, ...]
    reached: tuple[tuple[Trigger, ...], ...]
    newest: Position
    triggers: tuple[Trigger, ...]
    ended: Position | None = None

    @property
    def onset(self) -> Position:
        return self.opened_by[0].position

    @property
    def level(self) -> int:
        return self.reached[-1][0].level

    @property
    def reasons(self) -> tuple[Trigger, ...]:
        """The triggers that first reached the level."""
        return self.reached[-1]

    def is_open(self, now: datetime) -> bool:
        return self.ended is None or not self.ended.is_reached(now)

    def reached_at(self, level: int) -> Position | None:
        """Where it first stood at that level or above; None if it never did."""
        return next((top[0].position for top in self.reached if top[0].level >= level), None)


# Whether a trigger may open an episode after those that are over, of the same identity.
MayOpen = Callable[[Trigger, Sequence[Episode]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRule:
    """How the episodes of one rule begin and end.

    `clears` gives the first position at which the clearing condition is met if no further trigger
    comes; `closes` are those of a physician that act on the rule.
    """

    clears: Callable[[Episode], Position | None]
    closes: Sequence[Close] = ()
    may_open: MayOpen | None = None


def episodes_of(triggers: Sequence[Trigger], rule: EpisodeRule, *, now: datetime) -> list[Episode]:
    """Walk the triggers reached by `now`, identity by identity."""
    by_subject: dict[str | None, list[Trigger]] = {}
    for trigger in triggers:
        by_subject.setdefault(trigger.subject, []).append(trigger)
    episodes: list[Episode] = []
    for found in by_subject.values():
        reached = [t for t in _counted(found, rule) if t.position.is_reached(now)]
        episodes.extend(_walk(reached, rule))
    return episodes


def _walk(triggers: Iterable[Trigger], rule: EpisodeRule) -> list[Episode]:
    over: list[Episode] = []
    current: Episode | None = None
    for position, found in _events(triggers, rule.closes):
        if current is not None:
            current.ended = _end_before(position, current, rule, is_close=not found)
            if current.ended is not None:
                over.append(current)
                current = None
        if current is None:
            current = _opened(found, rule, over)
        else:
            _renew(current, found)
    if current is not None:
        current.ended = rule.clears(current)
        over.append(current)
    return over


def _end_before(
    position: Position, episode: Episode, rule: EpisodeRule, *, is_close: bool
) -> Position | None:
    """Where an episode ends before, or by, what comes next."""
    cleared = rule.clears(episode)
    # A record that triggers does not also clear.
    if cleared is not None and cleared < position:
        return cleared
    return position if is_close else None


def _events(
    triggers: Iterable[Trigger], closes: Iterable[Close]
) -> Iterable[tuple[Position, Sequence[Trigger]]]:
    """The triggers of each position together, and closes (no triggers), in walk order."""
    events: dict[Position, list[Trigger]] = {close.position: [] for close in closes}
    for trigger in triggers:
        events.setdefault(trigger.position, []).append(trigger)
    return sorted(events.items())  # no position is there twice


def _opened(found: Iterable[Trigger], rule: EpisodeRule, over: Sequence[Episode]) -> Episode | None:
    may_open = rule.may_open
    opening = [
        trigger
        for trigger in found
        if trigger.effect is Effect.OPENS and (may_open is None or may_open(trigger, over))
    ]
    return _beginning_with(opening) if opening else None


def _beginning_with(opening: Sequence[Trigger]) -> Episode:
    first = opening[0]
    return Episode(
        subject=first.subject,
        opened_by=tuple(opening),
        reached=(_highest(opening),),
        newest=first.position,
        triggers=tuple(opening),
    )


def _renew(current: Episode, found: Iterable[Trigger]) -> None:
    renewing = [trigger for trigger in found if trigger.effect is not Effect.RAISES]
    raising = [trigger for trigger in found if trigger.effect is not Effect.RENEWS]
    if renewing:
        current.newest = renewing[0].position
        current.triggers += tuple(renewing)
    top = _highest(raising)
    if top and top[0].level > current.level:
        current.reached += (top,)


def _highest(found: Sequence[Trigger]) -> tuple[Trigger, ...]:
    level = max([trigger.level for trigger in found], default=0)
    return tuple([trigger for trigger in found if trigger.level == level])


def _counted(triggers: Sequence[Trigger], rule: EpisodeRule) -> Iterator[Trigger]:
    """The triggers a close left standing, and once more those that arrived after one."""
    if not rule.closes:
        yield from triggers
        return
    for trigger in triggers:
        if not any(_answered_ahead(trigger, close) for close in rule.closes):
            yield trigger
        outlives = any(_outlives(trigger, close) for close in rule.closes)
        if outlives and not any(_answered_at_receipt(trigger, close) for close in rule.closes):
            yield from _again(trigger, rule)


def _answered_ahead(trigger: Trigger, close: Close) -> bool:
    """It had arrived before the close, although by the phone's clock it lies after it."""
    ahead = trigger.position.rank < Rank.DUE and trigger.position.at > close.at
    return ahead and trigger.received < close.arrival


def _outlives(trigger: Trigger, close: Close) -> bool:
    return trigger.position.at <= close.at and trigger.received >= close.arrival


def _answered_at_receipt(trigger: Trigger, close: Close) -> bool:
    """It would count again at its receipt, and a close came right after, at the same instant."""
    return close.at == trigger.received.at and close.arrival > trigger.received


def _again(trigger: Trigger, rule: EpisodeRule) -> Iterator[Trigger]:
    """It counts at the receipt, unless its clearing condition was met in between."""
    receipt = Position(trigger.received.at, Rank.AGAIN, trigger.position.id)
    cleared = rule.clears(_beginning_with([trigger]))
    if cleared is None or cleared > receipt:
        yield replace(trigger, position=receipt)
