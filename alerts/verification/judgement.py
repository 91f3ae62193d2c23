"""The promises that only the rules can prove: every alert that must be there is, and no other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from alerts import loading
from alerts.core import engine, fallback
from alerts.core.reconciliation import News
from alerts.core.records import Entry
from alerts.core.rules import CURRENT
from alerts.models import Alert
from diary import records
from diary.locking import database_now
from diary.models import Entry as EntryRow
from diary.models import Patient, ProfileChange

SAID = {
    "I2": "every alert that the diary asks for was opened and told",
    "I4": "no alert is open that the diary does not ask for",
}
_ENDS = ("cleared", "superseded")
_LONGSTANDING = "longstanding_flags"
_EntryVersion: Any = EntryRow.events.rel.related_model  # type: ignore[attr-defined]  # pghistory's


def of_patients(patients: Sequence[UUID]) -> Iterator[tuple[str, list[object]]]:
    """Code of the promise and ids of what breaks it."""
    yield "I2", list(_unheard_versions(patients))
    for patient in Patient.objects.filter(pk__in=patients).order_by("pk"):
        yield from _outstanding(patient)


def _outstanding(patient: Patient) -> Iterator[tuple[str, list[object]]]:
    """What one more step of the rules would still change; a diary that is due comes to it yet."""
    watch = loading.watch_of(patient)
    now = database_now()
    if watch is None or not watch.consented or (watch.due_at and watch.due_at <= now):
        return
    diary = loading.diary_of(patient, watch)
    outcome = engine.step(
        diary.timeline,
        diary.standing,
        now=max(now, watch.evaluated_at or now),
        news=News(closed=diary.unanswered_closes),
    )
    found = {transition.event in _ENDS for transition in outcome.transitions}
    if False in found or outcome.failures:
        yield "I2", [patient.pk]
    if True in found:
        yield "I4", [patient.pk]


def _unheard_versions(patients: Sequence[UUID]) -> Iterator[object]:
    """Records with a version that holds a red flag and met no open alert."""
    alerts: dict[UUID, list[Alert]] = defaultdict(list)
    rules = [rule.id for rule in CURRENT.red_flags]
    for alert in Alert.objects.filter(patient__in=patients, rule__in=rules):
        alerts[alert.patient_id].append(alert)
    known = _longstanding(patients)
    versions = _EntryVersion.objects.filter(patient__in=patients).order_by("pgh_obj_id", "version")
    for _, story in groupby(versions.iterator(), key=lambda version: version.pgh_obj_id):
        previous: Any = None
        for version in story:
            own = alerts[version.patient_id]
            if not _was_heard(version, previous, own, known[version.patient_id]):
                yield version.record_id
            previous = version


def _was_heard(
    version: Any, previous: Any, alerts: list[Alert], known: list[ProfileChange]
) -> bool:
    entry = _entry(version)
    if entry is None:
        return True
    before = _entry(previous)
    flags = _known_at(version.changed_at, known)
    return all(
        _says_nothing_new(rule, entry, before) or _is_open(alerts, rule.id, level, version)
        for rule in CURRENT.red_flags
        if (level := rule.level_of(entry, flags))
    )


def _says_nothing_new(rule: Any, entry: Entry, before: Entry | None) -> bool:
    return (
        before is not None
        and rule.level_of(entry, ()) == rule.level_of(before, ())
        and rule.positives(entry, ()) == rule.positives(before, ())
    )


def _is_open(alerts: list[Alert], rule: str, level: int, version: Any) -> bool:
    """Whether an alert of at least this level was open when the version arrived."""
    at = version.changed_at
    return any(
        alert.level >= level and alert.opened_at <= at and (alert.ended_at or at) >= at
        for alert in alerts
        if alert.rule == rule or alert.text_key == fallback.TEXT_KEY
    )


def _entry(version: Any) -> Entry | None:
    """A version as the rules saw it; None for no version and for a withdrawn record."""
    if version is None or version.deleted_at:
        return None
    return Entry.of(records.wire(version, EntryRow), received_at=version.received_at)


def _longstanding(patients: Sequence[UUID]) -> dict[UUID, list[ProfileChange]]:
    changes: dict[UUID, list[ProfileChange]] = defaultdict(list)
    named = ProfileChange.objects.filter(patient__in=patients, fields__has_key=_LONGSTANDING)
    for change in named.order_by("at", "pk"):
        changes[change.patient_id].append(change)
    return changes


def _known_at(at: Any, changes: list[ProfileChange]) -> list[str]:
    found: list[str] = []
    for change in changes:
        if change.at <= at:
            found = change.fields[_LONGSTANDING] or []
    return found
