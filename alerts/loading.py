"""From rows to what the rules look at: a timeline, and what stands from before."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from alerts.core.profile import Profile
from alerts.core.standing import EndedAlert, OpenAlert, Standing, Told
from alerts.core.timeline import Acknowledgement, Close, Entry, Massage, ProfileChange, Timeline
from alerts.core.verdicts import Evidence
from alerts.models import Alert, EventKind, Watch
from diary import records
from diary.drafts import Profile as ProfileDraft
from diary.models import Entry as EntryRow
from diary.models import Massage as MassageRow
from diary.models import Patient
from diary.statements import Statement

_ACKNOWLEDGED_BY: dict[str, str] = {
    EventKind.ACKNOWLEDGED: "patient",
    EventKind.SEEN_BY_CLINIC: "physician",
}


class Diary(NamedTuple):
    """What an evaluation looks at."""

    timeline: Timeline
    standing: Standing
    open_alerts: list[Alert]
    unanswered_closes: frozenset[str]  # rules that were closed while an alert of theirs is open


def watch_of(patient: Patient) -> Any:
    """The patient's watch, with what is remembered beside it, in one query; None if there is none.

    `profile_history` and `remembered` are JSON objects in time order; `owed` are ids of deliveries
    that may go out now; `consented` is whether the patient agrees to be looked at, and
    `first_consent_at` since when at the earliest.
    """
    return _WATCH.first(patient.pk)


_WATCH = Statement(
    Watch,
    """
    SELECT {found},
        (SELECT coalesce(json_agg(
                json_build_object('at', at, 'fields', fields) ORDER BY at, id), '[]')
            FROM diary_profilechange WHERE patient_id = found.patient_id
        ) AS profile_history,
        (SELECT coalesce(json_agg(
                json_build_object('kind', kind, 'rule', rule, 'subject', subject,
                    'message', message, 'at', at, 'alert', alert_id) ORDER BY at), '[]')
            FROM alerts_alertevent WHERE patient_id = found.patient_id
                AND (message <> '' OR kind IN ('acknowledged', 'seen_by_clinic', 'closed'))
        ) AS remembered,
        EXISTS (SELECT FROM diary_consent
            WHERE patient_id = found.patient_id AND withdrawn_at IS NULL
        ) AS consented,
        (SELECT min(given_at) FROM diary_consent WHERE patient_id = found.patient_id
        ) AS first_consent_at,
        ARRAY(SELECT id FROM alerts_delivery
            WHERE patient_id = found.patient_id AND state = 'owed'
                AND due_at <= statement_timestamp()
            ORDER BY level DESC, due_at
        ) AS owed
    FROM alerts_watch AS found WHERE patient_id = %s
    """,
)
# What the engine must know: open alerts, and ended ones that are no episodes of the walk, because
# they were judged on arrival or only a physician ends them.
_KNOWN = Statement(
    Alert,
    """
    SELECT {found} FROM alerts_alert AS found
    WHERE patient_id = %s AND (ended_at IS NULL OR rule IN ('R01', 'R02') OR kept)
    """,
)


def diary_of(patient: Patient, watch: Any) -> Diary:
    """Load a patient's whole diary and the alerts that the engine must know, in three queries."""
    remembered = _remembered_of(watch)
    return _diary(patient, remembered, _timeline(patient, watch, remembered))


def chase_of(patient: Patient, watch: Any) -> Diary:
    """Load what the chase of urgent alerts needs, in one query: no record is read."""
    return _diary(patient, _remembered_of(watch), Timeline())


def _remembered_of(watch: Any) -> list[dict[str, Any]]:
    return [{**event, "at": _time(event["at"])} for event in watch.remembered]


def _diary(patient: Patient, remembered: list[dict[str, Any]], timeline: Timeline) -> Diary:
    alerts = _KNOWN.all(patient.pk)
    open_alerts = [alert for alert in alerts if not alert.ended_at]
    standing = Standing(
        alerts=tuple(open_alert(alert) for alert in open_alerts),
        told=tuple(_told(remembered)),
        ended=tuple(_ended(alert) for alert in alerts if alert.ended_at),
    )
    still_open = {str(alert.pk) for alert in open_alerts}
    closes = [act for act in remembered if act["kind"] == EventKind.CLOSED]
    unanswered = frozenset(act["rule"] for act in closes if act["alert"] in still_open)
    return Diary(timeline, standing, open_alerts, unanswered)


def _timeline(patient: Patient, watch: Any, remembered: list[dict[str, Any]]) -> Timeline:
    return Timeline(
        entries=_entries(patient),
        massages=_massages(patient),
        profile_changes=[
            ProfileChange(at=_time(change["at"]), fields=_with_dates(change["fields"]))
            for change in watch.profile_history
        ],
        acknowledgements=[
            Acknowledgement(rule=act["rule"], by=_ACKNOWLEDGED_BY[act["kind"]], at=act["at"])
            for act in remembered
            if act["kind"] in _ACKNOWLEDGED_BY
        ],
        closes=[
            Close(rule=act["rule"], at=act["at"])
            for act in remembered
            if act["kind"] == EventKind.CLOSED
        ],
        begun_at=_begun_at(watch),
    )


def _begun_at(watch: Any) -> datetime | None:
    """When the patient was enrolled: the first consent, or the first word of the profile."""
    changes = (_time(change["at"]) for change in watch.profile_history[:1])
    known = [at for at in (watch.first_consent_at, *changes) if at is not None]
    return min(known, default=None)


def open_alert(alert: Alert) -> OpenAlert:
    """An open alert as the engine knows it."""
    return OpenAlert(
        rule=alert.rule,
        subject=str(alert.subject) if alert.subject else None,
        level=alert.level,
        text_key=alert.text_key,
        evidence=tuple(_evidence(item) for item in alert.evidence),
        onset=alert.onset_at,
        opened_at=alert.opened_at,
        raised_at=alert.raised_at,
        told_at=alert.told_at,
        clinic_told_at=alert.clinic_told_at,
        read_at=alert.acknowledged_at,
        seen_at=alert.seen_by_clinic_at,
        flags=alert.flags,
        kept=alert.kept,
    )


def _entries(patient: Patient) -> list[Entry]:
    rows = records.whole_diary(patient.pk, EntryRow)
    return [Entry.of(data, received_at=received_at) for data, received_at in rows]


def _massages(patient: Patient) -> list[Massage]:
    rows = records.whole_diary(patient.pk, MassageRow)
    return [Massage.of(data, received_at=received_at) for data, received_at in rows]


def profile(patient: Patient) -> Profile:
    """The profile as it is now, for what is judged on arrival."""
    return Profile.of(
        _with_dates({name: getattr(patient, name) for name in ProfileDraft.model_fields})
    )


def _evidence(item: dict[str, Any]) -> Evidence:
    # By name: a newer release may have stored more.
    return Evidence(
        type=item["type"],
        id=item["id"],
        at=_time(item["at"]),
        field=item["field"],
        value=item["value"],
    )


def _told(remembered: Iterable[dict[str, Any]]) -> Iterable[Told]:
    for event in remembered:
        if event["message"]:
            yield Told(event["rule"], event["subject"], event["message"], event["at"])


def _ended(alert: Alert) -> EndedAlert:
    return EndedAlert(
        rule=alert.rule,
        level=alert.level,
        onset=alert.onset_at,
        opened_at=alert.opened_at,
        ended_at=cast("datetime", alert.ended_at),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _with_dates(fields: dict[str, Any]) -> dict[str, Any]:
    """Stored wire fields, with the dates that JSON holds as text read again."""
    return {name: _dated(name, value) for name, value in fields.items()}


def _dated(name: str, value: Any) -> Any:
    match value:
        case dict():
            return _with_dates(value)
        case str() if name.endswith("_on") or name in ("valid_from", "valid_to"):
            return date.fromisoformat(value)
        case _:
            return value
