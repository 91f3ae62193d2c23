"""One walk over a timeline: the rules in order, each seeing what the earlier ones found."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from alerts.core.episodes import Episode, EpisodeRule, episodes_of
from alerts.core.parameters import Parameters
from alerts.core.records import Position
from alerts.core.standing import Failure, Standing, Told
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Evidence, NotEvaluable, Trigger

T = TypeVar("T")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something a rule says without changing an alert: a `reminder` or an `escalated`.

    `chased` is the rule of the alert that R22 chases.
    """

    event: str
    level: int
    text_key: str
    evidence: tuple[Evidence, ...]
    told: Told
    subject: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    chased: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the walk, as the functions the engine calls.

    `finds` gives every trigger on the timeline, those ahead by time alone included, and what it
    could not judge. `clears` gives where an episode ends if nothing more is found; without it the
    rule has no alerts, and others look at its triggers. `may_open` can keep a trigger from opening
    an episode because of those before. `says` gives the messages of this step, `due` the later
    moments at which there might be some. `reads` names the rules it looks at: they stand earlier
    in the order.

    Where what is found on a massage is over some days later, `finds_since` stands in for `finds`:
    it gives only what may be open at or after a moment (None: all). `asked_back` is how far back
    later rules usually ask; what is found does not depend on it, only the time it takes.
    """

    id: str
    finds: Callable[["Walk"], Iterable[Trigger | NotEvaluable]] | None = None
    finds_since: Callable[["Walk", datetime | None], Iterable[Trigger | NotEvaluable]] | None = None
    clears: Callable[["Walk", Episode], Position | None] | None = None
    may_open: Callable[["Walk", Trigger, Sequence[Episode]], bool] | None = None
    says: Callable[["Walk", Standing], Iterable[Message]] | None = None
    due: Callable[["Walk", Standing], Iterable[datetime]] | None = None
    reads: frozenset[str] = frozenset()
    asked_back: timedelta = timedelta(0)
    closed_by: frozenset[str] = frozenset()  # other rules whose close acts on this one too
    is_dose_advice: bool = False


class Walk:
    """The state of one walk: what the rules read, and what they found so far.

    `standing` is that before the step, less what the step has ended so far; `arrivals` are the ids
    of the records that just arrived.
    """

    def __init__(
        self,
        timeline: Timeline,
        standing: Standing,
        *,
        now: datetime,
        parameters: Parameters,
        arrivals: Collection[str] = (),
    ) -> None:
        self.timeline = timeline
        self.standing = standing
        self.now = now
        self.arrivals = frozenset(arrivals)
        self.parameters = parameters
        self.failures: list[Failure] = []
        self.not_evaluable: list[tuple[str, NotEvaluable]] = []
        self._triggers: dict[str, Sequence[Trigger]] = {}
        self._episodes: dict[str, Sequence[Episode]] = {}
        self._put_off: dict[str, Rule] = {}  # followed, but not all the way back
        self._known_since: dict[str, datetime] = {}  # how far back these are
        self._computed: dict[Callable[[Walk], Any], Any] = {}

    def once(self, compute: Callable[["Walk"], T]) -> T:
        """The result of `compute` on this walk, computed the first time it is asked for."""
        if compute not in self._computed:
            self._computed[compute] = compute(self)
        value: T = self._computed[compute]
        return value

    def lasting(self, compute: Callable[["Walk"], T]) -> T:
        """Like `once`, for what the diary and the thresholds alone decide: one for all walks."""
        of, value = self.timeline.computed.get(compute, (None, None))
        if of is not self.parameters:
            value = compute(self)
            self.timeline.computed[compute] = (self.parameters, value)
        found: T = value
        return found

    def triggers(self, rule: str) -> Sequence[Trigger]:
        """What a rule earlier in the order found, whether or not a physician has answered it."""
        self._complete(rule)
        return self._triggers.get(rule, ())

    def episodes(self, rule: str) -> Sequence[Episode]:
        """The episodes of a rule earlier in the order, of all its subjects."""
        self._complete(rule)
        return self._episodes.get(rule, ())

    def recent_episodes(self, rule: str) -> Sequence[Episode]:
        """At least those that are open now, have an alert, or are as late as `known_since`."""
        return self._episodes.get(rule, ())

    def known_since(self, rules: Iterable[str]) -> datetime:
        """From when on the recent episodes of the rules are all that there are."""
        return max((self._known_since.get(rule, _EARLIEST) for rule in rules), default=_EARLIEST)

    def _complete(self, rule: str) -> None:
        put_off = self._put_off.pop(rule, None)
        if put_off is not None and put_off.finds_since is not None:
            self._judge(put_off, put_off.finds_since(self, None))

    def follow_all(self, rules: Iterable[Rule]) -> None:
        """Let the rules find their triggers and episodes, in order."""
        for rule in rules:
            self.follow(rule)

    def follow(self, rule: Rule) -> None:
        """Let the next rule find its own; one that throws has found nothing, and stops no other."""
        try:
            not_evaluable = self._judge(rule, self._found(rule))
        except Exception as error:
            self.failures.append(Failure(rule.id, error))
            return
        self.not_evaluable.extend((rule.id, verdict) for verdict in not_evaluable)

    def _found(self, rule: Rule) -> Iterable[Trigger | NotEvaluable]:
        if rule.finds_since is None:
            return rule.finds(self) if rule.finds else ()
        onsets = (alert.onset for alert in self.standing.alerts if alert.rule == rule.id)
        since = min((self.now - rule.asked_back, *onsets))
        self._put_off[rule.id], self._known_since[rule.id] = rule, since
        return rule.finds_since(self, since)

    def _judge(self, rule: Rule, found: Iterable[Trigger | NotEvaluable]) -> Sequence[NotEvaluable]:
        triggers, not_evaluable = _sorted_out(found)
        episodes = self._episodes_of(rule, triggers)
        self._triggers[rule.id], self._episodes[rule.id] = triggers, episodes
        return not_evaluable

    def _episodes_of(self, rule: Rule, triggers: Sequence[Trigger]) -> Sequence[Episode]:
        clears = rule.clears
        if clears is None or not triggers:
            return ()
        closed_by = rule.closed_by | {rule.id}
        ends = EpisodeRule(
            clears=lambda episode: clears(self, episode),
            closes=[close for close in self.timeline.closes if close.rule in closed_by],
            may_open=rule.may_open and partial(rule.may_open, self),
        )
        return episodes_of(triggers, ends, now=self.now)

    def is_complete(self, rule: Rule) -> bool:
        """Whether the rule and all it reads were judged without failure."""
        failed = {failure.rule for failure in self.failures}
        return not failed or failed.isdisjoint(rule.reads | {rule.id})

    def due_moments(self) -> Iterable[datetime]:
        """The moments ahead at which a trigger or the end of an episode comes by time alone."""
        for triggers in self._triggers.values():
            yield from (t.position.at for t in triggers if not t.position.is_reached(self.now))
        for episodes in self._episodes.values():
            for episode in episodes:
                if episode.ended is not None and not episode.ended.is_reached(self.now):
                    yield episode.ended.at


def _sorted_out(
    verdicts: Iterable[Trigger | NotEvaluable],
) -> tuple[list[Trigger], list[NotEvaluable]]:
    triggers: list[Trigger] = []
    not_evaluable: list[NotEvaluable] = []
    for verdict in verdicts:
        if isinstance(verdict, Trigger):
            triggers.append(verdict)
        else:
            not_evaluable.append(verdict)
    return triggers, not_evaluable
