"""What the diary's own tables give to an export, and what they need not."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet

from diary import queries, records
from diary.belongings import Table
from diary.export.section import Row, Section, listed, who
from diary.models import (
    AccessRecord,
    CareRelationship,
    Consent,
    Entry,
    KeptAnswer,
    Massage,
    Patient,
    ProfileChange,
    RejectedItem,
    User,
)

_PROFILE = (
    *(
        "created_at",
        "timezone",
        "locale",
        "region",
        "phase",
        "severity",
        "doctor_approval",
        "plan_override",
    ),
    *("contraindications", "allergies", "longstanding_flags", "onset_on", "trauma_on"),
    *("reminder_hour", "quiet_hours", "notifications"),
)
_CARE = ("id", "role", "began_at", "ended_at")
_WHEN = "pgh_created_at"


def _versions(kind: Table) -> Table:
    """The table of the versions of a table."""
    tracked: Any = kind  # its decorator adds them
    found: Table = tracked.pgh_event_model
    return found


def _physician(care: Any, patient: Patient) -> str:
    return who(care.physician, patient)


def _reader(access: AccessRecord, patient: Patient) -> str:
    return "the service's operator" if access.role == "operator" else who(access.by, patient)


def _records(name: str, kind: type[Entry | Massage]) -> Section:
    def found(patient: Patient) -> QuerySet[Any]:
        return kind.objects.filter(patient=patient.pk).order_by("received_at", "record_id")

    def shown(row: Any, _: Patient) -> Row:
        when = {"changed_at": row.changed_at, "withdrawn_at": row.deleted_at}
        return {**records.shown(row), **when}

    added = ("received_at", "clock_suspect", "version", "changed_at", "withdrawn_at")
    columns = (*records.names(kind), *added)
    return Section(name=name, table=kind, columns=columns, found=found, shown=shown)


def _record_versions(name: str, kind: type[Entry | Massage]) -> Section:
    """Every version of the records of one kind, also of those that were withdrawn."""
    table = _versions(kind)

    def found(patient: Patient) -> QuerySet[Any]:
        rows = table._base_manager.filter(patient=patient.pk)  # noqa: SLF001
        return rows.order_by("pgh_obj_id", "version", "pgh_id")

    def shown(event: Any, patient: Patient) -> Row:
        said = queries.version(event, kind, patient)
        return {**said.pop("data"), **said, "received_at": event.received_at}

    columns = (*records.names(kind), "version", "op", "at", "by", "received_at")
    return Section(name=name, table=table, columns=columns, found=found, shown=shown)


SECTIONS = (
    listed(
        *("account", User, "id", "email", "name", "date_joined", "last_login", "is_active"),
        ways=("patient",),
        order=("pk",),
    ),
    listed(
        *("addresses", EmailAddress, "email", "verified", "primary"),
        ways=("user__patient",),
        order=("pk",),
    ),
    listed(
        *("log_ins", UserSession, "created_at", "last_seen_at", "ip", "user_agent"),
        ways=("user__patient",),
        order=("pk",),
    ),
    listed(
        *("second_factors", Authenticator, "type", "created_at", "last_used_at"),
        ways=("user__patient",),
        order=("pk",),
    ),
    listed("profile", Patient, "id", *_PROFILE, ways=("pk",), order=("pk",)),
    listed(
        *("profile_versions", _versions(Patient), _WHEN, *_PROFILE),
        ways=("pgh_obj",),
        order=("pgh_id",),
    ),
    listed(
        *("profile_changes", ProfileChange, "at", "fields", "reason"),
        others=("by",),
        order=("at", "pk"),
        by=lambda change, patient: who(change.by, patient),
    ),
    listed("consents", Consent, "version", "given_at", "withdrawn_at", order=("given_at", "pk")),
    listed(
        *("care", CareRelationship, *_CARE),
        others=("physician",),
        order=("began_at", "pk"),
        physician=_physician,
    ),
    listed(
        *("care_versions", _versions(CareRelationship), *_CARE, _WHEN),
        others=("physician",),
        order=("pgh_id",),
        physician=_physician,
    ),
    _records("entries", Entry),
    _record_versions("entry_versions", Entry),
    _records("massages", Massage),
    _record_versions("massage_versions", Massage),
    listed(
        *("unreadable_items", RejectedItem, "received_at", "item", "errors"),
        order=("received_at", "pk"),
    ),
    listed("sync_requests", KeptAnswer, "key", "answered_at", order=("answered_at", "pk")),
    listed(
        *("access_log", AccessRecord, "at", "role", "what"),
        others=("by",),
        order=("at", "pk"),
        by=_reader,
    ),
)

# What need not be in an export, and why; a table that is in neither list fails a test.
EXEMPT = {
    EmailConfirmation: "a code for one use; the address itself is exported",
    LogEntry: "what an account did on the physicians' pages; a patient has none",
    User.groups.through: "what an account may do on the physicians' pages",
    User.user_permissions.through: "what an account may do on the physicians' pages",
}
