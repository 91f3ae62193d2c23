"""The engine: from a timeline and what stands to what changes now.

Three doors. `judge_red_flags` for one arriving version, inside the request; `step` for everything
else at one moment; `advance` for the due moments that have passed. Pure: no clock, no database.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from alerts.core.arrival import ArrivingVersion, judge
from alerts.core.profile import Profile
from alerts.core.reconciliation import NO_NEWS, News, Reconciliation
from alerts.core.records import Entry
from alerts.core.rules import CURRENT, RuleSet
from alerts.core.standing import Failure, Outcome, Standing, Transition, line_order
from alerts.core.timeline import Timeline
from alerts.core.walk import Rule, Walk

T = TypeVar("T")


def judge_red_flags(  # noqa: PLR0913 - one door, and everything at it has its name
    entry: Entry,
    *,
    previous: Entry | None,
    profile: Profile,
    standing: Standing,
    at: datetime,
    rules: RuleSet = CURRENT,
) -> Outcome:
    """Judge R01 and R02 on one arriving version of an entry.

    `previous` is the version it replaces: None for a first version and for one that restores a
    withdrawn record. `profile` is that of the arrival.
    """
    arriving = ArrivingVersion(
        entry=entry, previous=previous, known=profile.longstanding_flags, at=at
    )
    alerts = {alert.identity: alert for alert in standing.alerts}
    lines: list[Transition] = []
    failures: list[Failure] = []
    for rule in rules.red_flags:
        try:
            alert, line = judge(rule, arriving, standing.alert(rule.id), rules.parameters)
        except Exception as error:
            failures.append(Failure(rule.id, error))
            continue
        if alert is not None:
            alerts[alert.identity] = alert
        if line is not None:
            lines.append(line)
    return Outcome(
        standing=replace(standing, alerts=tuple(alerts.values())),
        transitions=tuple(lines),
        failures=tuple(failures),
    )


def step(
    timeline: Timeline,
    standing: Standing,
    *,
    now: datetime,
    news: News = NO_NEWS,
    rules: RuleSet = CURRENT,
) -> Outcome:
    """Walk the timeline and compare what it finds with what stands, at one moment."""
    walk = Walk(timeline, standing, now=now, arrivals=news.arrived, parameters=rules.parameters)
    changes = Reconciliation(walk, news)
    changes.close()
    walk.standing = changes.standing
    for rule in rules.walked:
        walk.follow(rule)
        # Later rules look at the alerts that no episode stands for, as this step leaves them.
        if changes.end(rule):
            walk.standing = changes.standing
    changes.open(rules.walked)
    after = changes.standing
    for rule in rules.walked:
        changes.say(rule, _guarded(walk, rule, rule.says, after))
    return Outcome(
        standing=changes.standing,
        transitions=tuple(sorted(changes.transitions, key=line_order)),
        due_at=_next_due(walk, changes.standing, rules),
        failures=tuple(walk.failures),
        not_evaluable=tuple(walk.not_evaluable),
    )


def advance(
    timeline: Timeline,
    standing: Standing,
    *,
    after: datetime,
    until: datetime,
    rules: RuleSet = CURRENT,
) -> Outcome:
    """Step at each due moment in (after, until], in order, each at its own moment."""
    walk = Walk(timeline, standing, now=after, parameters=rules.parameters)
    walk.follow_all(rules.walked)
    outcome = Outcome(standing=standing, due_at=_next_due(walk, standing, rules))
    lines: list[Transition] = []
    failures: list[Failure] = []
    while outcome.due_at is not None and outcome.due_at <= until:
        outcome = step(timeline, outcome.standing, now=outcome.due_at, rules=rules)
        lines.extend(outcome.transitions)
        failures.extend(outcome.failures)
    return replace(outcome, transitions=tuple(lines), failures=tuple(failures))


def _next_due(walk: Walk, standing: Standing, rules: RuleSet) -> datetime | None:
    """The next moment at which anything could change without a new record."""
    moments = list(walk.due_moments())
    for rule in rules.walked:
        moments.extend(_guarded(walk, rule, rule.due, standing))
    return min((moment for moment in moments if moment > walk.now), default=None)


def _guarded(
    walk: Walk,
    rule: Rule,
    ask: Callable[[Walk, Standing], Iterable[T]] | None,
    standing: Standing,
) -> list[T]:
    """What a rule has to say, if anything; if it throws, nothing, and a failure."""
    if ask is None:
        return []
    try:
        return list(ask(walk, standing))
    except Exception as error:
        walk.failures.append(Failure(rule.id, error))
        return []
