"""What must be remembered between two steps, and what a step gives.

Everything here is plain values and datetimes, so that a shell can keep it in rows and rebuild it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from alerts.core.verdicts import Evidence, NotEvaluable, record_ids


class Identity(NamedTuple):
    """At most one alert is open for each; the subject is a massage or nothing."""

    rule: str
    subject: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """An alert that has not ended, acknowledged or not.

    The chase of the patient runs from `told_at` until `read_at`, that of the clinic from
    `clinic_told_at` until `seen_at`.
    """

    rule: str
    subject: str | None
    level: int
    text_key: str
    evidence: tuple[Evidence, ...]
    onset: datetime  # the first trigger of the episode it was opened for
    opened_at: datetime
    raised_at: datetime | None = None
    told_at: datetime  # the last `opened`, `raised` or `reminder`
    clinic_told_at: datetime  # the last `opened` or `raised`, or `reminder` of what had been seen
    read_at: datetime | None = None  # acknowledged by the patient since `told_at`
    seen_at: datetime | None = None  # acknowledged by a physician since `clinic_told_at`
    flags: Mapping[str, str] = field(default_factory=dict)  # R01, R02: what was answered so far
    kept: bool = False  # R03: a correction took its cause away; only a physician ends it

    @property
    def identity(self) -> Identity:
        return Identity(self.rule, self.subject)

    def raised(self, at: datetime) -> "OpenAlert":
        """The alert as of a raise: who acknowledged the lower level has not acknowledged this."""
        return replace(
            self, raised_at=at, told_at=at, clinic_told_at=at, read_at=None, seen_at=None
        )

    def reminded(self, at: datetime) -> "OpenAlert":
        """The alert as of a reminder of its own, which has to be acknowledged once more."""
        clinic_told_at = self.clinic_told_at if self.seen_at is None else at
        return replace(self, told_at=at, clinic_told_at=clinic_told_at, read_at=None, seen_at=None)

    def acknowledged(self, by: str, at: datetime) -> "OpenAlert":
        """The alert as of an acknowledgement by "patient" or "physician"; the first one counts."""
        if by == "patient":
            return replace(self, read_at=self.read_at or at)
        return replace(self, seen_at=self.seen_at or at)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAlert:
    """An alert of a rule whose alerts are no episodes of the walk: R01, R02 and a kept R03."""

    rule: str
    level: int
    onset: datetime
    opened_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """Something said that changed no alert; `event` says which of the messages of its rule.

    It is at most 32 characters long, and no two messages of one moment share it.
    """

    rule: str
    subject: str | None
    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a step needs from the steps before it."""

    alerts: tuple[OpenAlert, ...] = ()
    told: tuple[Told, ...] = ()
    ended: tuple[EndedAlert, ...] = ()

    def alert(self, rule: str, subject: str | None = None) -> OpenAlert | None:
        identity = Identity(rule, subject)
        return next((alert for alert in self.alerts if alert.identity == identity), None)

    def is_on_hold(self) -> bool:
        """Whether any alert of level >= 2 is open."""
        return any(alert.level >= 2 for alert in self.alerts)

    def acknowledged(self, rule: str, *, by: str, at: datetime) -> "Standing":
        """What stands after an acknowledgement: it acts on every open alert of the rule."""
        return replace(
            self,
            alerts=tuple(
                alert.acknowledged(by, at) if alert.rule == rule else alert for alert in self.alerts
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One line of the record: an alert changed, or something is to be said.

    `event` is opened, raised, cleared, superseded, reminder or escalated. `told` is what a message
    adds to `Standing.told`; `successor` the level of the alert that opens in place of a superseded
    one; `chased` the rule whose alert R22 chases.
    """

    at: datetime
    event: str
    rule: str
    subject: str | None
    level: int
    text_key: str
    evidence: tuple[Evidence, ...]
    onset: datetime
    rules_version: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    based_on_late_entry: bool = False
    successor: int | None = None
    told: Told | None = None
    chased: str | None = None

    @property
    def record_ids(self) -> tuple[str, ...]:
        return record_ids(self.evidence)


# The order of the lines of one step.
_EVENTS = ("superseded", "cleared", "opened", "raised", "reminder", "escalated")


def line_order(transition: Transition) -> tuple[str, str, int, str]:
    """By rule, subject (none first), event, and the rule that is chased."""
    return (
        transition.rule,
        transition.subject or "",
        _EVENTS.index(transition.event),
        transition.chased or "",
    )


class Failure(NamedTuple):
    """A rule threw; the others went on, and its open alerts stayed as they were."""

    rule: str
    error: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step found; `due_at` is when anything could next change without a new record."""

    standing: Standing
    transitions: tuple[Transition, ...] = ()
    due_at: datetime | None = None
    failures: tuple[Failure, ...] = ()
    not_evaluable: tuple[tuple[str, NotEvaluable], ...] = ()
