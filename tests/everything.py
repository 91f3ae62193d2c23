"""A patient of whom there is a row in every table that can hold one, with a mark in every text."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pgtrigger
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client

from alerts import acts, evaluation, incidents
from alerts.models import Alert, Delivery, DeliveryAttempt, DeviceKind, IncidentKind, PushDevice
from diary import accesses, belongings
from diary.belongings import Table
from diary.locking import database_now
from diary.models import CareRelationship, Entry, KeptAnswer, Patient, RejectedItem, User
from diary.services import profile, records
from tests.alerts.diaries import BLADDER, put_entry, put_massage
from tests.diary.bodies import FULL_ENTRY, FULL_MASSAGE
from tests.phones import enrolled


def lived(mark: str, doctor: User) -> Patient:
    """A patient with a diary, alerts, messages, devices, and all that is kept about an account."""
    patient = enrolled(
        f"{mark}@example.org",
        phase="chronic",
        quiet_hours="00:00-00:00",
        doctor_approval={"status": "physician_confirmed"},
    )
    User.objects.filter(pk=patient.user_id).update(name=mark)
    patient.refresh_from_db()
    _is_cared_for(patient, doctor, mark)
    _has_phones(patient, mark)
    _wrote(patient, mark)
    _was_told(patient, mark)
    _synced(patient, mark)
    _has_an_account(patient.user, mark)
    return patient


def _is_cared_for(patient: Patient, doctor: User, mark: str) -> None:
    began_at = database_now() - timedelta(days=9)
    CareRelationship.objects.create(
        patient=patient, physician=doctor, role="primary", began_at=began_at
    )
    profile.change(patient_id=patient.pk, fields={"allergies": [mark]}, by=doctor, reason=mark)
    accesses.record([patient.pk], by=doctor, what="entry")
    kind = ContentType.objects.get_for_model(Patient)
    LogEntry.objects.create(
        user=doctor,
        content_type=kind,
        object_id=str(patient.pk),
        object_repr=mark,
        action_flag=CHANGE,
        change_message=mark,
    )


def _has_phones(patient: Patient, mark: str) -> None:
    for kind, endpoint in (
        (DeviceKind.WEBPUSH, f"https://updates.push.services.mozilla.com/{mark}"),
        (DeviceKind.FCM, f"{mark}-token"),
    ):
        PushDevice.objects.create(
            patient=patient,
            device_id=uuid4(),
            kind=kind,
            endpoint=endpoint,
            endpoint_digest=sha256(endpoint.encode()).digest(),
            name=mark,
            app_version=mark,
            registered_at=database_now(),
        )


def _wrote(patient: Patient, mark: str) -> None:
    now = database_now()
    full = {name: value for name, value in FULL_ENTRY.items() if name != "symptom_at"}
    put_entry(patient, now - timedelta(days=2), **{**full, "note": f"=1+1 {mark}"})
    name = uuid4()
    put_entry(patient, now - timedelta(days=1), name=name, pain=3, note=mark)
    put_entry(patient, now - timedelta(days=1), name=name, received=now, pain=4)
    put_entry(patient, now, red_flags=BLADDER, note=f'{mark}\r\n\t-2, "quoted" \u201e\u00fc\u201c')
    said = {name: FULL_MASSAGE[name] for name in FULL_MASSAGE if not name.endswith("ed_at")}
    put_massage(patient, now - timedelta(hours=30), **{**said, "note": mark, "product": mark})
    gone = put_massage(patient, now - timedelta(hours=50), note=mark).record
    records.withdraw(kind=type(gone), patient_id=patient.pk, record_id=gone.record_id)
    evaluation.evaluate(patient_id=patient.pk)


def _was_told(patient: Patient, mark: str) -> None:
    alert = Alert.objects.filter(patient=patient, rule="R01").get()
    acts.acknowledge(alert_id=alert.pk, patient_id=patient.pk, by=patient.user, note=mark)
    now = database_now()
    incidents.report(patient=patient, kind=IncidentKind.RULE_FAILED, cause=mark, at=now)
    for delivery in Delivery.objects.filter(patient=patient):
        DeliveryAttempt.objects.create(pk=uuid4(), delivery=delivery, began_at=now, because=mark)


def _synced(patient: Patient, mark: str) -> None:
    now, digest = database_now(), sha256(mark.encode()).digest()
    RejectedItem.objects.create(
        patient=patient, received_at=now, item=mark, errors=[{"detail": mark}], digest=digest
    )
    KeptAnswer.objects.create(
        patient=patient, key=mark, digest=digest, body=mark.encode(), answered_at=now
    )


def _has_an_account(user: User, mark: str) -> None:
    address = EmailAddress.objects.get(user=user)
    EmailConfirmation.objects.create(email_address=address, key=mark, sent=database_now())
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": mark})
    Group.objects.get_or_create(name="seen by nobody")[0].user_set.add(user)
    user.user_permissions.add(Permission.objects.order_by("pk")[0])
    LogEntry.objects.create(user=user, object_repr=mark, action_flag=CHANGE)
    browser = Client()
    browser.force_login(user)
    key = str(browser.session.session_key)
    UserSession.objects.create(user=user, session_key=key, user_agent=mark, ip="192.0.2.7")


def missing(patient: Patient) -> set[str]:
    """The tables in which there is no row of the patient."""
    found = {table: rows_of(table, patient).exists() for table in belongings.everything()}
    return {table._meta.label for table, exists in found.items() if not exists}


def rows_of(table: Table, patient: Patient) -> models.QuerySet[Any]:
    """The rows of a table that belong to a patient, or to the account."""
    if table in (Patient, User):
        return table._base_manager.filter(pk=patient.pk if table is Patient else patient.user_id)
    ways = belongings.of_patient().get(table)
    owner: Any = patient if ways else patient.user
    chosen = models.Q()
    for way in ways or belongings.of_account()[table]:
        chosen |= models.Q(**{way: owner})
    return table._base_manager.filter(chosen)


def mark_every_text(patient: Patient, mark: str) -> None:
    """Put the mark into every column that takes free text, whatever it is for."""
    with pgtrigger.ignore():
        for table in belongings.everything():
            changes = {
                field.attname: _marked(field, mark)
                for field in table._meta.concrete_fields
                if _takes_text(field, mark)
            }
            for row in rows_of(table, patient).distinct() if changes else ():
                table._base_manager.filter(pk=row.pk).update(**changes)


# What other tables, or the constraints, know a row by.
_NAMES = {"session_key", "email", "endpoint_digest", "digest", "quiet_hours", "message"}


def _takes_text(field: Any, mark: str) -> bool:
    if field.choices or field.primary_key or field.name in _NAMES:
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, models.CharField) and not field.base_field.choices
    if isinstance(field, (models.TextField, models.JSONField)):
        return True
    return isinstance(field, models.CharField) and (field.max_length or 999) >= len(mark)


def _marked(field: Any, mark: str) -> Any:
    if isinstance(field, ArrayField):
        return [mark]
    return {"said": mark} if isinstance(field, models.JSONField) else mark


def known_ids(patient: Patient) -> set[str]:
    """What the patient and what they wrote are called."""
    written = Entry.objects.filter(patient=patient).values_list("record_id", flat=True)
    devices = PushDevice.objects.filter(patient=patient).values_list("device_id", flat=True)
    return {str(patient.pk), str(patient.user_id), *map(str, written), *map(str, devices)}
