"""The red flags of one arriving version of an entry: fast, without a timeline, in the request."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.core.parameters import Parameters
from alerts.core.records import Entry
from alerts.core.rules.red_flags import NEW, RedFlagRule
from alerts.core.standing import OpenAlert, Transition
from alerts.core.verdicts import as_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingVersion:
    """A version of an entry as it arrives, with the one it replaces.

    `previous` is None for a first version and for one that restores a withdrawn record; `known`
    are the longstanding flags of the profile on arrival.
    """

    entry: Entry
    previous: Entry | None
    known: Collection[str]
    at: datetime


# The open alert after a version was judged, and the line it caused.
Judged = tuple[OpenAlert | None, Transition | None]


def judge(
    rule: RedFlagRule, arriving: ArrivingVersion, alert: OpenAlert | None, parameters: Parameters
) -> Judged:
    """Judge one version by itself, whatever its date; `alert` is the open one of the rule."""
    level = rule.level_of(arriving.entry, arriving.known)
    if level == 0 or _says_nothing_new(rule, arriving):
        return alert, None
    if alert is None:
        alert, event = _opened(rule, arriving, level), "opened"
    elif level > alert.level:
        alert, event = _raised(alert, rule, arriving, level), "raised"
    elif _is_worth_a_reminder(alert, rule, arriving, parameters):
        alert, event = _joined(alert, rule, arriving).reminded(arriving.at), "reminder"
    else:
        return _joined(alert, rule, arriving), None
    return alert, _line(alert, event, rule, arriving, parameters)


def _says_nothing_new(rule: RedFlagRule, arriving: ArrivingVersion) -> bool:
    """Same level and same positive answers, whatever a physician calls longstanding."""
    entry, previous = arriving.entry, arriving.previous
    return (
        previous is not None
        and rule.level_of(entry, ()) == rule.level_of(previous, ())
        and rule.positives(entry, ()) == rule.positives(previous, ())
    )


def _is_worth_a_reminder(
    alert: OpenAlert, rule: RedFlagRule, arriving: ArrivingVersion, parameters: Parameters
) -> bool:
    """At once for what is not yet in the alert, or was milder there; else after 12 hours."""
    for flag, answer in rule.positives(arriving.entry, arriving.known).items():
        so_far = alert.flags.get(flag)
        if so_far is None or (answer == NEW and so_far != NEW):
            return True
    return arriving.at - alert.told_at >= parameters.red_flags.remind_after


def _opened(rule: RedFlagRule, arriving: ArrivingVersion, level: int) -> OpenAlert:
    return OpenAlert(
        rule=rule.id,
        subject=None,
        level=level,
        text_key=rule.text_keys[level],
        evidence=as_evidence(rule.facts(arriving.entry, arriving.known)),
        onset=arriving.entry.moment,
        opened_at=arriving.at,
        told_at=arriving.at,
        clinic_told_at=arriving.at,
        flags=rule.positives(arriving.entry, arriving.known),
    )


def _joined(alert: OpenAlert, rule: RedFlagRule, arriving: ArrivingVersion) -> OpenAlert:
    """The alert with another positive entry in it."""
    found = rule.positives(arriving.entry, arriving.known)
    worse = {flag: answer for flag, answer in found.items() if answer == NEW}
    return replace(
        alert,
        onset=min(alert.onset, arriving.entry.moment),
        flags={**found, **alert.flags, **worse},
    )


def _raised(
    alert: OpenAlert, rule: RedFlagRule, arriving: ArrivingVersion, level: int
) -> OpenAlert:
    return replace(
        _joined(alert, rule, arriving).raised(arriving.at),
        level=level,
        text_key=rule.text_keys[level],
        evidence=as_evidence(rule.facts(arriving.entry, arriving.known)),
    )


def _line(
    alert: OpenAlert,
    event: str,
    rule: RedFlagRule,
    arriving: ArrivingVersion,
    parameters: Parameters,
) -> Transition:
    entry = arriving.entry
    return Transition(
        at=arriving.at,
        event=event,
        rule=rule.id,
        subject=None,
        level=alert.level,
        text_key=alert.text_key,
        evidence=as_evidence(rule.facts(entry, arriving.known)),
        onset=alert.onset,
        rules_version=parameters.version,
        parameters={"flags": list(rule.positives(entry, arriving.known))},
        missing=tuple(f for f in rule.flags if entry.red_flags.get(f, "unknown") == "unknown"),
        based_on_late_entry=arriving.at - entry.moment > parameters.recording.late_after,
    )
