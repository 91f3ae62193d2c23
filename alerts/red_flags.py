"""Red flags in the request: judged on the arriving versions alone, and never lost to a failure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction

from alerts import loading
from alerts.core import fallback
from alerts.core.engine import judge_red_flags
from alerts.core.profile import Profile
from alerts.core.records import Entry
from alerts.core.rules import CURRENT
from alerts.core.standing import Failure, OpenAlert, Outcome, Standing, Transition
from alerts.core.verdicts import Evidence
from alerts.models import Alert
from alerts.recording import record
from alerts.unread import readable
from diary import records
from diary.models import Entry as EntryRow
from diary.models import Patient
from diary.signals import Arrival, DiaryChange

# What the fall-back is filed under when not even the name of the failing rule is known.
_ANY_RULE = "R01"
_LOUD = ("opened", "raised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is judged: a version of an entry, or what can be read of one that is no record."""

    data: Mapping[str, Any]
    previous: Mapping[str, Any] | None
    received_at: datetime
    at: datetime
    is_read: bool = True
    is_odd: bool = False  # it holds something positive that no rule has a name for

    @classmethod
    def of(cls, arrival: Arrival) -> "Version | None":
        """What of an arrival must be judged; None where there is nothing."""
        at = arrival.at
        if not isinstance(arrival, DiaryChange):
            data, is_odd = readable(arrival)
            return cls(
                data=data, previous=None, received_at=at, at=at, is_read=False, is_odd=is_odd
            )
        row = arrival.record
        if not (isinstance(row, EntryRow) and arrival.matters) or row.deleted_at:
            return None
        data = records.wire(row, EntryRow)
        return cls(data=data, previous=arrival.previous, received_at=row.received_at, at=at)


def answer(
    patient: Patient, arrivals: Sequence[Arrival], *, open_alerts: list[Alert]
) -> list[list[Alert]]:
    """Write the alerts that arrivals opened or raised; for each arrival its own come back.

    What throws is an incident; if the entry then holds any positive red flag, the alert is the
    emergency itself. Only if not even that can be written, the write fails, to be sent again.
    """
    versions = [Version.of(arrival) for arrival in arrivals]
    judgement = _Judgement(patient, open_alerts)
    for version in versions:
        judgement.take(version)
    try:
        return _written(judgement)
    except OperationalError:
        raise
    except Exception as error:
        as_stored = list(Alert.objects.filter(patient=patient, ended_at=None))
        judgement = _Judgement(patient, as_stored)
        for version in versions:
            judgement.give_up(version, error)
        return _written(judgement)


def _written(judgement: "_Judgement") -> list[list[Alert]]:
    if not judgement.has_news:
        return [[] for _ in judgement.lines]
    outcome = Outcome(
        standing=judgement.standing,
        transitions=tuple(line for lines in judgement.lines for line in lines),
        failures=tuple(judgement.failures.values()),
    )
    with transaction.atomic():
        recorded = record(
            judgement.patient, outcome, open_alerts=judgement.open_alerts, at=judgement.at
        )
    alerts = {alert.rule: alert for alert in recorded.alerts}
    return [
        [alerts[line.rule] for line in lines if line.event in _LOUD] for lines in judgement.lines
    ]


class _Judgement:
    """The versions of one request, each judged on what stands after the one before it.

    `lines` are the transitions of each version; `failures` the first of each rule.
    """

    def __init__(self, patient: Patient, open_alerts: list[Alert]) -> None:
        self.patient = patient
        self.open_alerts = open_alerts
        self.standing = Standing()
        self.lines: list[list[Transition]] = []
        self.failures: dict[str, Failure] = {}
        self.at: datetime
        self._levels = {alert.rule: alert.level for alert in open_alerts}
        self._profile: Profile | None = None
        self._before = self.standing

    @property
    def has_news(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.failures or any(self.lines) or self.standing != self._before)

    def take(self, version: Version | None) -> None:
        """Judge the next version, if there is anything in it to judge."""
        if version is None:
            self.lines.append([])
            return
        outcome = self._outcome(version)
        self.standing = outcome.standing
        self._note(version, outcome.transitions, outcome.failures)

    def give_up(self, version: Version | None, error: Exception) -> None:
        """Answer the next version without the rules."""
        if version is None:
            self.lines.append([])
        else:
            self._note(version, (), (Failure(_ANY_RULE, error),))

    def _outcome(self, version: Version) -> Outcome:
        try:
            return judge_red_flags(
                Entry.of(version.data, received_at=version.received_at),
                previous=Entry.of(version.previous, received_at=version.at)
                if version.previous
                else None,
                profile=self._known_profile(),
                standing=self.standing,
                at=version.at,
            )
        except Exception as error:  # whatever it is, the entry must be stored
            return Outcome(standing=self.standing, failures=(Failure(_ANY_RULE, error),))

    def _known_profile(self) -> Profile:
        """The profile, and with it what stood before the first version, once for all."""
        if self._profile is None:
            self._before = self.standing = Standing(
                alerts=tuple(loading.open_alert(alert) for alert in self.open_alerts)
            )
            self._profile = loading.profile(self.patient)
        return self._profile

    def _note(
        self, version: Version, lines: Sequence[Transition], failures: Sequence[Failure]
    ) -> None:
        self.at = version.at
        said = [line if version.is_read else _unparsed(line) for line in lines]
        self._levels |= {line.rule: line.level for line in said}
        self.failures = {failure.rule: failure for failure in failures} | self.failures
        rule = failures[0].rule if failures else _ANY_RULE
        must_tell = failures and fallback.has_positive_red_flag(version.data)
        if (must_tell or version.is_odd) and self._levels.get(rule) != fallback.LEVEL:
            emergency = self._emergency(version, rule)
            said.append(emergency if version.is_read else _unparsed(emergency))
        self.lines.append(said)

    def _emergency(self, version: Version, rule: str) -> Transition:
        """The emergency under the rule that failed; from here on it stands."""
        felt_at = version.data["symptom_at"]
        evidence = (Evidence("entry", version.data["id"], felt_at, "red_flags", "not judged"),)
        event = "raised" if rule in self._levels else "opened"
        self._levels[rule] = fallback.LEVEL
        known = self.standing.alert(rule) or _alert(version, rule, evidence)
        told = replace(
            known.raised(version.at) if event == "raised" else known,
            level=fallback.LEVEL,
            text_key=fallback.TEXT_KEY,
            evidence=evidence,
        )
        rest = tuple(alert for alert in self.standing.alerts if alert.identity != told.identity)
        self.standing = replace(self.standing, alerts=(*rest, told))
        return _line(told, event, version.at)


def _line(alert: OpenAlert, event: str, at: datetime) -> Transition:
    return Transition(
        at=at,
        event=event,
        rule=alert.rule,
        subject=None,
        level=alert.level,
        text_key=alert.text_key,
        evidence=alert.evidence,
        onset=alert.onset,
        rules_version=CURRENT.version,
    )


def _alert(version: Version, rule: str, evidence: tuple[Evidence, ...]) -> OpenAlert:
    return OpenAlert(
        rule=rule,
        subject=None,
        level=fallback.LEVEL,
        text_key=fallback.TEXT_KEY,
        evidence=evidence,
        onset=version.data["symptom_at"],
        opened_at=version.at,
        told_at=version.at,
        clinic_told_at=version.at,
    )


def _unparsed(line: Transition) -> Transition:
    """Say in an alert that it rests on what could not be stored as a record."""
    return replace(line, parameters={**line.parameters, "unparsed_red_flag": True})
