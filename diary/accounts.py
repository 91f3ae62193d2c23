"""Accounts: sign-up through the app, and enrolment by an operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.http import HttpRequest

from diary.consent import required_version
from diary.models import CareRelationship, CareRole, Patient, User
from diary.services import consent, profile

PHYSICIANS = "physicians"
_SEEN_BY_PHYSICIANS = ("entry", "massage", "rejecteditem", "patient", "alert")


class AccountAdapter(DefaultAccountAdapter):
    """Who signs up through the app becomes a patient."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  the library's signature
        with transaction.atomic():
            saved: User = super().save_user(request, user, form, commit=commit)
            if commit:
                Patient.objects.create(user=saved)
        return saved


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """What an operator knows of a new patient."""

    email: str
    name: str
    password: str
    physician: User | None
    backup: User | None
    profile: dict[str, Any]  # wire fields
    consented: bool


def enrol_physician(*, email: str, name: str, password: str) -> User:
    """Make a verified account that may work in the admin, for its own patients only."""
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, is_staff=True)
        _verify(user)
        user.groups.add(physicians_group())
    return user


def enrol_patient(enrolment: Enrolment, *, at: datetime) -> Patient:
    """Make a verified patient account with its physicians and its profile."""
    with transaction.atomic():
        user = User.objects.create_user(enrolment.email, enrolment.password, name=enrolment.name)
        _verify(user)
        patient = Patient.objects.create(user=user)
        for physician, role in (
            (enrolment.physician, CareRole.PRIMARY),
            (enrolment.backup, CareRole.BACKUP),
        ):
            if physician:
                CareRelationship.objects.create(
                    patient=patient, physician=physician, role=role, began_at=at
                )
    if enrolment.profile:
        profile.change(
            patient_id=patient.pk, fields=enrolment.profile, by=None, reason="enrolment", at=at
        )
    if enrolment.consented:
        consent.give(patient_id=patient.pk, version=required_version(), at=at)
    return patient


def physicians_group() -> Group:
    """The group whose members may look at, and never add to or delete, what patients wrote."""
    group, created = Group.objects.get_or_create(name=PHYSICIANS)
    if created:
        group.permissions.set(
            Permission.objects.filter(
                content_type__app_label__in=["diary", "alerts"],
                codename__in=[f"view_{model}" for model in _SEEN_BY_PHYSICIANS],
            )
        )
    return group


def _verify(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
