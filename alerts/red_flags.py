"""Red flags in the request: judged on the arriving version alone, and never lost to a failure."""

from dataclasses import replace

from django.db import transaction

from alerts import loading
from alerts.core import fallback
from alerts.core.engine import judge_red_flags
from alerts.core.records import Entry
from alerts.core.rules import CURRENT
from alerts.core.standing import Failure, Outcome, Standing, Transition
from alerts.core.verdicts import Evidence
from alerts.models import Alert
from alerts.recording import record
from diary import records
from diary.models import Entry as EntryRow
from diary.signals import DiaryChange

# What the fall-back is filed under when not even the name of the failing rule is known.
_ANY_RULE = "R01"


def answer(change: DiaryChange, *, open_alerts: list[Alert]) -> list[Alert]:
    """Write and return the alerts that this version of an entry opened or raised.

    A rule that throws is an incident; if the entry then holds any positive red flag, the alert
    is the emergency itself.
    """
    data = records.wire(change.record, EntryRow)
    entry = Entry.of(data, received_at=change.record.received_at)
    standing = Standing(alerts=tuple(loading.open_alert(alert) for alert in open_alerts))
    outcome = _judged(change, entry, standing)
    if outcome.failures and fallback.has_positive_red_flag(data):
        outcome = _with_emergency(outcome, entry, standing, change)
    if outcome.standing == standing and not outcome.failures:
        return []
    with transaction.atomic():
        return record(change.patient, outcome, open_alerts=open_alerts, at=change.at).alerts


def _judged(change: DiaryChange, entry: Entry, standing: Standing) -> Outcome:
    try:
        replaced = change.previous and Entry.of(change.previous, received_at=change.at)
        return judge_red_flags(
            entry,
            previous=replaced or None,
            profile=loading.profile(change.patient),
            standing=standing,
            at=change.at,
        )
    except Exception as error:
        return Outcome(standing=standing, failures=(Failure(_ANY_RULE, error),))


def _with_emergency(
    outcome: Outcome, entry: Entry, standing: Standing, change: DiaryChange
) -> Outcome:
    """Add the emergency under the rule that failed, unless its alert says so already."""
    rule = outcome.failures[0].rule
    alert = standing.alert(rule)
    if alert and alert.level == fallback.LEVEL:
        return outcome
    emergency = Transition(
        at=change.at,
        event="raised" if alert else "opened",
        rule=rule,
        subject=None,
        level=fallback.LEVEL,
        text_key=fallback.TEXT_KEY,
        evidence=(Evidence("entry", entry.id, entry.moment, "red_flags", "not judged"),),
        onset=entry.moment,
        rules_version=CURRENT.version,
    )
    return replace(outcome, transitions=(*outcome.transitions, emergency))
