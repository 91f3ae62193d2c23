"""Everything held about a patient, as they take it along: all of it, and nothing else."""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db.models import ForeignKey

from alerts.export import EXEMPT, SECTIONS
from alerts.models import Alert, AlertEvent, Delivery, PushDevice
from diary import belongings
from diary.export.cells import cell
from diary.export.section import Section
from diary.export.writing import flat
from diary.models import Entry, Massage, Patient, User
from tests import everything
from tests.alerts.diaries import new_physician
from tests.counts import forget_counts
from tests.phones import Phone

MARK, OTHER = "zqmarkoftheone", "zqmarkofanother"
EXPORTED = {section.table: section for section in SECTIONS}


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


@pytest.fixture
def doctor(db: None) -> User:
    return new_physician(name="Dr. Ada")


@pytest.fixture
def patient(doctor: User) -> Patient:
    return everything.lived(MARK, doctor)


def document(phone: Phone) -> dict[str, Any]:
    answer = phone.get("export/?format=json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    said: dict[str, Any] = json.loads(answer.getvalue())
    return said


def archive(phone: Phone) -> zipfile.ZipFile:
    answer = phone.get("export/?format=csv")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].endswith('.zip"')
    found = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert found.testzip() is None
    return found


# --- Nothing is forgotten -----------------------------------------------------------------------


def test_every_table_with_a_way_to_a_patient_is_exported_or_exempt_by_name() -> None:
    declared = [*EXPORTED, *EXEMPT]
    assert len(set(declared)) == len(declared) == len(SECTIONS) + len(EXEMPT)
    undeclared = {table._meta.label for table in belongings.everything() - {*declared}}
    assert undeclared == set(), "say in alerts.export how it is exported, or why it need not be"
    assert {*declared} - belongings.everything() == set()
    assert all(len(reason) > 20 for reason in EXEMPT.values())


# The columns that no export shows, and why.
HIDDEN = {
    "a key to a row of ours": {"id", "pgh_id", "pgh_obj", "pgh_label", "user", "patient"},
    "a secret, or what one is checked by": {
        *("password", "endpoint", "endpoint_digest", "p256dh", "auth", "data", "session_key"),
        *("digest", "lease_token"),
    },
    "rights on the physicians' pages": {"is_staff", "is_superuser", "groups"},
    "how far our own work has come": {
        *("nudged_at", "lease_until", "waits_for", "provider_id", "position", "is_canary"),
        *("incident", "recipient", "device_id", "message", "changed_by", "utc_offsets"),
    },
    "the answers repeat what stands in the diary": {"body"},
    "shown by another name": {
        *("record_id", "deleted_at", "ended_at", "pgh_created_at", "changed_at", "helpful", "did"),
    },
}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_column_is_exported_or_hidden_for_a_reason(section: Section) -> None:
    shown = {column.replace(".", "_") for column in section.columns}
    shown |= {column.partition(".")[0] for column in section.columns}
    hidden = set().union(*HIDDEN.values())
    held = {field.name for field in section.table._meta.concrete_fields}
    assert held - shown - hidden == set()


def test_the_story_leaves_no_section_empty(patient: Patient) -> None:
    assert everything.missing(patient) == set()
    said = document(Phone.of(patient))
    assert said.pop("format") == 1
    assert datetime.fromisoformat(said.pop("made_at")).tzinfo
    assert list(said) == [section.name for section in SECTIONS]
    assert [name for name, rows in said.items() if not rows] == []


def test_nothing_of_anybody_else_and_no_secret_is_in_it(patient: Patient, doctor: User) -> None:
    everything.lived(OTHER, doctor)
    raw = Phone.of(patient).get("export/?format=json").getvalue().decode()
    assert raw.count(MARK) > 20
    other = User.objects.get(name=OTHER)
    assert [each for each in (OTHER, str(other.pk), other.password) if each in raw] == []
    assert f"{MARK}-token" not in raw
    assert patient.user.password not in raw
    assert doctor.email not in raw


# --- It is what the database holds --------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), [(Entry, "entries"), (Massage, "massages")])
def test_records_are_those_of_the_database(
    patient: Patient, kind: type[Entry | Massage], name: str
) -> None:
    said = {row["id"]: row for row in document(Phone.of(patient))[name]}
    rows = list(kind.objects.filter(patient=patient))
    assert {str(row.record_id) for row in rows} == said.keys()
    for row in rows:
        _check_same(row, flattened(said[str(row.record_id)]))


def flattened(row: dict[str, Any]) -> dict[str, Any]:
    """The members of the objects under the names of their columns."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= {f"{name}_{member}": each for member, each in value.items()}
        else:
            found[name] = value
    return found


_RENAMED = {"record_id": "id", "deleted_at": "withdrawn_at"}


def _check_same(row: Any, said: dict[str, Any]) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) or field.name in ("id", "position", "utc_offsets"):
            continue
        value = getattr(row, field.name)
        shown = said.get(_RENAMED.get(field.name, field.name))
        assert _read(shown, like=value) == value, field.name


def _read(text: Any, *, like: Any) -> Any:
    if isinstance(like, datetime):
        return datetime.fromisoformat(text)
    if isinstance(like, date):
        return date.fromisoformat(text)
    return UUID(text) if isinstance(like, UUID) else text


@pytest.mark.parametrize("name", ["entries", "massages"])
def test_every_version_is_there_in_its_order(patient: Patient, name: str) -> None:
    said = document(Phone.of(patient))
    versions: dict[str, list[Any]] = {}
    for version in said[
        f"{name.removesuffix('ies').removesuffix('s')}{'y' if name == 'entries' else ''}_versions"
    ]:
        versions.setdefault(version["id"], []).append(version)
    for row in said[name]:
        story = versions.pop(row["id"])
        assert [each["version"] for each in story] == list(range(1, row["version"] + 1))
        assert story[-1]["op"] == ("delete" if row["withdrawn_at"] else "put")
        assert story[-1]["note"] == row["note"]
        assert {each["by"] for each in story} == {"patient"}
    assert versions == {}
    assert max(row["version"] for row in said[name]) == 2


def test_every_plain_column_is_that_of_the_database(patient: Patient) -> None:
    said = document(Phone.of(patient))
    for section in SECTIONS:
        plain = getattr(section.shown, "plain", ())
        rows = list(section.found(patient))
        assert len(rows) == len(said[section.name])
        for row, shown in zip(rows, said[section.name], strict=True):
            for name in plain:
                value = getattr(row, name)
                assert _read(shown[name], like=value) == value or isinstance(value, list)


def test_alerts_come_with_what_was_said_and_what_happened(patient: Patient) -> None:
    said = document(Phone.of(patient))
    shown = {alert["id"]: alert for alert in said["alerts"]}
    asked = Phone.of(patient).get("alerts/?limit=500").json()["results"]
    for alert in asked:
        timeline = alert.pop("timeline", [])
        assert alert.items() <= shown[alert["id"]].items()
        told = [event for event in said["alert_timeline"] if event["alert"] == alert["id"]]
        assert {event["event"] for event in timeline} <= {event["kind"] for event in told}
    assert len(asked) == len(shown) > 1
    events = AlertEvent.objects.filter(patient=patient).count()
    assert len(said["alert_timeline"]) == events > Alert.objects.filter(patient=patient).count()
    assert {event["by"] for event in said["alert_timeline"]} >= {"you", "the service"}


def test_of_messages_and_devices_only_the_own_address_and_the_host_is_told(
    patient: Patient, doctor: User
) -> None:
    said = document(Phone.of(patient))
    to = {delivery["to"] for delivery in said["deliveries"]}
    assert to == {patient.user.email, "you", doctor.name, "whoever is on call"}
    about = Delivery.objects.filter(patient=patient).count()
    assert len(said["deliveries"]) == about + 1  # that of the incident
    hosts = {device["endpoint_host"] for device in said["devices"]}
    assert hosts == {"updates.push.services.mozilla.com", None}
    assert {device["id"] for device in said["devices"]} == {
        str(device.device_id) for device in PushDevice.objects.filter(patient=patient)
    }


# --- As tables ----------------------------------------------------------------------------------


def test_the_tables_say_what_the_document_says(patient: Patient) -> None:
    phone = Phone.of(patient)
    said, tables = document(phone), archive(phone)
    assert tables.namelist() == [f"{section.name}.csv" for section in SECTIONS]
    for section in SECTIONS:
        raw = tables.read(f"{section.name}.csv").decode()
        assert raw.count("\n") == raw.count("\r\n") + raw.replace("\r\n", "").count("\n")
        header, *rows = csv.reader(io.StringIO(raw, newline=""), strict=True)
        assert tuple(header) == section.columns
        known = said[section.name]
        if section.name in ("access_log", "log_ins"):  # the second export is in it too
            rows = rows[: len(known)]
        wanted = [[_as_text(value) for value in flat(row, section.columns)] for row in known]
        assert rows == wanted, section.name


def _as_text(value: Any) -> str:
    shown = cell(value)
    return "" if shown is None else str(shown)


def test_every_member_of_the_document_has_its_column(patient: Patient) -> None:
    said = document(Phone.of(patient))
    for section in SECTIONS:
        objects = {column.partition(".")[0] for column in section.columns if "." in column}
        for row in said[section.name]:
            names = {name for name in row if name not in objects}
            names |= {f"{name}.{member}" for name in objects for member in row[name] or ()}
            assert names <= {*section.columns}, section.name


def test_no_cell_is_a_formula(patient: Patient) -> None:
    tables = archive(Phone.of(patient))
    notes = [
        row["note"]
        for row in csv.DictReader(io.StringIO(tables.read("entries.csv").decode(), newline=""))
    ]
    assert f"'=1+1 {MARK}" in notes
    assert any(note.startswith(f"'{MARK}\r\n\t-2") for note in notes)
    for name in tables.namelist():
        for row in csv.reader(io.StringIO(tables.read(name).decode(), newline=""), strict=True):
            assert [text for text in row if text[:1] in tuple("=+@\t\r") and text] == []
