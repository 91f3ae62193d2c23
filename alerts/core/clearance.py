"""Before a massage: may it be given, and within what limits.

The planned massage is put on the diary as if it had been given, and the rules say what they find
on it. So the answer before a massage and the alerts after it cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from alerts.core.allowance import Limits, limits_of
from alerts.core.dosage import Dosage, Tally
from alerts.core.plan import Plan, found_on, planned_massage
from alerts.core.records import Massage, Position, Rank
from alerts.core.rules import CURRENT, RuleSet
from alerts.core.rules.findings import session_on
from alerts.core.standing import OpenAlert, Standing
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Trigger
from alerts.core.walk import Walk

GO: Final = "go"
GENTLE_ONLY: Final = "gentle_only"
NOT_TODAY: Final = "not_today"
ASK_DOCTOR: Final = "ask_doctor"
ANSWERS: Final = (GO, GENTLE_ONLY, NOT_TODAY, ASK_DOCTOR)  # a later one beats those before it

_BY_LEVEL: Final = (GO, GENTLE_ONLY, NOT_TODAY, ASK_DOCTOR, ASK_DOCTOR)
# Advice of level 1 that is not about how a massage is done, but against having it now.
_NOT_NOW: Final = frozenset({"wait.no_answer", "reduce.frequency", "info.frequency_limit"})
_LIMIT_REACHED: Final = "info.frequency_limit"
_NOT_JUDGED: Final = "clearance.not_judged"
_NOT_KNOWN: Final = "clearance.not_known"
_FREQUENCY: Final = "R12"
_ADJUST: Final = 1
_HOLD: Final = 2
_DOCTOR: Final = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks against a massage, or for care: a rule, and the text that says why."""

    rule: str
    level: int  # 0-4
    text_key: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """What follows from it alone."""
        return NOT_TODAY if self.text_key in _NOT_NOW else _BY_LEVEL[self.level]


@dataclass(frozen=True, slots=True)
class Clearance:
    """The answer, the gravest reason first; no date while the advice is to have none at all."""

    answer: str  # one of ANSWERS
    reasons: tuple[Reason, ...]
    next_allowed_on: date | None  # the patient's local date
    limits: Limits


def clearance(
    timeline: Timeline,
    standing: Standing,
    *,
    now: datetime,
    planned: Massage | None = None,
    rules: RuleSet = CURRENT,
) -> Clearance:
    """Judge a planned massage; without one, any at all, now.

    `standing` is that of `now`: what fell due before has been evaluated.
    """
    plan = Plan(timeline, standing, now, planned or planned_massage({}, now=now), rules)
    walk = plan.walk()
    session = session_on(walk, plan.massage.id)
    # The massages that count on its day, without this one: it has not ended when it starts.
    tally = walk.lasting(Dosage).tally_at(Position(plan.massage.started_at, Rank.DUE))
    found = [*_unjudged(plan, walk), *_found(plan, walk, tally), *_open(plan, walk)]
    reasons = _shown(found, rules)
    is_held = standing.is_on_hold() or any(_is_hold(reason) for reason in reasons)
    return Clearance(
        answer=max((reason.answer for reason in reasons), key=ANSWERS.index, default=GO),
        reasons=reasons,
        next_allowed_on=None if is_held else tally.next_allowed_on(),
        limits=limits_of(walk, session, tally),
    )


def _is_hold(reason: Reason) -> bool:
    """Whether there is no date from which on it is right; too many are so many for a time only."""
    return reason.level >= _HOLD and reason.rule != _FREQUENCY


def _unjudged(plan: Plan, walk: Walk) -> Iterator[Reason]:
    """A rule that failed is no clearance, and what it could not see calls for care."""
    for failure in walk.failures:
        yield Reason(failure.rule, _DOCTOR, _NOT_JUDGED)
    for rule, verdict in walk.not_evaluable:
        if verdict.position == plan.massage.position:
            yield Reason(rule, _ADJUST, _NOT_KNOWN, {"what": rule})


def _found(plan: Plan, walk: Walk, tally: Tally) -> Iterator[Reason]:
    """What the rules find on the massage."""
    for rule in plan.rules.walked:
        for trigger in found_on(plan.massage, walk, rule.id):
            if rule.id == _FREQUENCY:
                yield _too_many(trigger, tally)
            else:
                yield Reason(rule.id, trigger.level, trigger.text_key, trigger.parameters)


def _too_many(trigger: Trigger, tally: Tally) -> Reason:
    """What R12 would find, said of the massages that were given: one that is planned was not."""
    key = trigger.text_key if tally.is_exceeded() else _LIMIT_REACHED
    given = tally.shown(int(str(trigger.parameters["days"])))
    return Reason(_FREQUENCY, trigger.level, key, given)


def _open(plan: Plan, walk: Walk) -> Iterator[Reason]:
    """The open alerts, whatever massage they are about; level 0 keeps nobody from one."""
    for alert in plan.standing.alerts:
        if alert.level >= _ADJUST:
            yield Reason(alert.rule, alert.level, alert.text_key, _parameters_of(alert, walk))


def _parameters_of(alert: OpenAlert, walk: Walk) -> Mapping[str, object]:
    """What fills the text of an open alert, as its rule finds it now."""
    if alert.flags:
        return {"flags": list(alert.flags)}
    reasons = (
        top[0]
        for episode in walk.episodes(alert.rule)
        if episode.subject == alert.subject
        for top in reversed(episode.reached)
    )
    return next((r.parameters for r in reasons if r.text_key == alert.text_key), {})


def _shown(found: Iterable[Reason], rules: RuleSet) -> tuple[Reason, ...]:
    """Each text once, the gravest first; no advice on dose to somebody who is to have none."""
    distinct: dict[tuple[str, str], Reason] = {}
    for reason in found:
        distinct.setdefault((reason.rule, reason.text_key), reason)
    dose_advice = {rule.id for rule in rules.walked if rule.is_dose_advice}
    is_held = any(reason.level >= _HOLD for reason in distinct.values())
    shown = [
        reason
        for reason in distinct.values()
        if not (is_held and reason.rule in dose_advice and reason.level < _HOLD)
    ]
    return tuple(sorted(shown, key=_gravest_first))


def _gravest_first(reason: Reason) -> tuple[int, int, str]:
    return -ANSWERS.index(reason.answer), -reason.level, reason.rule
