"""Red flags in the request: judged on the arriving version alone, and never lost to a failure."""

from dataclasses import replace
from typing import Any

from django.db import OperationalError, transaction

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

    What throws is an incident; if the entry then holds any positive red flag, the alert is the
    emergency itself. Only if not even that can be written, the write fails, to be sent again.
    """
    data = records.wire(change.record, EntryRow)
    outcome = _judged(change, data, open_alerts)
    if outcome.failures:
        outcome = _with_emergency(outcome, change, data, open_alerts)
    elif not (outcome.transitions or outcome.standing != _standing(open_alerts)):
        return []
    try:
        return _written(change, outcome, open_alerts)
    except OperationalError:
        raise
    except Exception as error:
        as_stored = list(Alert.objects.filter(patient=change.patient, ended_at=None))
        failed = Outcome(standing=Standing(), failures=(Failure(_ANY_RULE, error),))
        emergency = _with_emergency(failed, change, data, as_stored)
        return _written(change, emergency, as_stored)


def _written(change: DiaryChange, outcome: Outcome, open_alerts: list[Alert]) -> list[Alert]:
    with transaction.atomic():
        return record(change.patient, outcome, open_alerts=open_alerts, at=change.at).alerts


def _judged(change: DiaryChange, data: dict[str, Any], open_alerts: list[Alert]) -> Outcome:
    try:
        return judge_red_flags(
            Entry.of(data, received_at=change.record.received_at),
            previous=Entry.of(change.previous, received_at=change.at) if change.previous else None,
            profile=loading.profile(change.patient),
            standing=_standing(open_alerts),
            at=change.at,
        )
    except Exception as error:  # whatever it is, the entry must be stored
        return Outcome(standing=Standing(), failures=(Failure(_ANY_RULE, error),))


def _standing(open_alerts: list[Alert]) -> Standing:
    return Standing(alerts=tuple(loading.open_alert(alert) for alert in open_alerts))


def _with_emergency(
    outcome: Outcome, change: DiaryChange, data: dict[str, Any], open_alerts: list[Alert]
) -> Outcome:
    """Add the emergency under the rule that failed, if any red flag is positive."""
    rule = outcome.failures[0].rule
    alert = next((alert for alert in open_alerts if alert.rule == rule), None)
    is_said = alert is not None and alert.level == fallback.LEVEL
    if is_said or not fallback.has_positive_red_flag(data):
        return outcome
    felt_at = data["symptom_at"]
    emergency = Transition(
        at=change.at,
        event="raised" if alert else "opened",
        rule=rule,
        subject=None,
        level=fallback.LEVEL,
        text_key=fallback.TEXT_KEY,
        evidence=(Evidence("entry", data["id"], felt_at, "red_flags", "not judged"),),
        onset=felt_at,
        rules_version=CURRENT.version,
    )
    # What the failed rule knew of its alert is older than the emergency.
    rest = tuple(known for known in outcome.standing.alerts if known.rule != rule)
    return replace(
        outcome,
        standing=replace(outcome.standing, alerts=rest),
        transitions=(*outcome.transitions, emergency),
    )
