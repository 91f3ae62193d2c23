"""People: accounts, patients and their dated profile, who cares for whom, consent."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from diary import vocabulary as words
from diary.models.constraints import choices, one_of, some_of
from diary.models.history import with_history


class UserManager(BaseUserManager["User"]):
    """Makes accounts whose log-in is their email address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One account; a patient has a Patient row, a physician is staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            # allauth looks addresses up in lower case; two spellings must not be two people.
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name pages show; the address where there is none."""
        return str(self)


class CareRole(models.TextChoices):
    PRIMARY = "primary"
    BACKUP = "backup"


def every_way() -> dict[str, bool]:
    """By what messages that are not urgent may come, until the patient says otherwise."""
    return {"push": True, "email": True}


@with_history()
class Patient(models.Model):
    """A patient with the profile as it is now; its past is in ProfileChange.

    The row is also the lock under which everything of this patient is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="patient")
    created_at = models.DateTimeField(auto_now_add=True)
    is_canary = models.BooleanField(default=False)  # played by the service, to watch itself
    timezone = models.CharField(max_length=64, default="UTC")
    locale = models.CharField(max_length=35, default="en")
    reminder_hour = models.PositiveSmallIntegerField(default=19)
    quiet_hours = models.CharField(max_length=11, default="21:00-08:00")
    notifications = models.JSONField(default=every_way)
    region = models.CharField(max_length=8, choices=choices(words.Region), default="both")
    phase = models.CharField(max_length=7, choices=choices(words.Phase), default="unknown")
    severity = models.CharField(max_length=8, choices=choices(words.Severity), default="unknown")
    doctor_approval = models.JSONField(null=True, blank=True)
    contraindications = ArrayField(
        models.CharField(max_length=20, choices=choices(words.Contraindication)),
        default=list,
        blank=True,
    )
    allergies = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    trauma_on = models.DateField(null=True, blank=True)
    onset_on = models.DateField(null=True, blank=True)
    plan_override = models.JSONField(null=True, blank=True)
    longstanding_flags = ArrayField(
        models.CharField(max_length=24, choices=choices(words.RedFlag)), default=list, blank=True
    )

    class Meta:
        constraints = [
            one_of("region", words=words.Region, name="patient_region_known"),
            one_of("phase", words=words.Phase, name="patient_phase_known"),
            one_of("severity", words=words.Severity, name="patient_severity_known"),
            some_of(
                contraindications=words.Contraindication,
                longstanding_flags=words.RedFlag,
                name="patient_lists_known",
            ),
            models.CheckConstraint(
                condition=models.Q(reminder_hour__lte=23), name="patient_reminder_hour_exists"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class ProfileChange(models.Model):
    """One dated, signed change of a profile: the wire fields it names, with their new values."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="profile_changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    fields = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["patient", "at"], name="profile_change_of_patient")]

    def __str__(self) -> str:
        return f"{', '.join(self.fields)} on {self.at:%Y-%m-%d}"


@with_history()
class CareRelationship(models.Model):
    """A physician cares for a patient from one moment until another; only then may they look."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care")
    physician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="care_given")
    role = models.CharField(max_length=7, choices=CareRole)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("role", words=CareRole, name="care_role_known"),
            # Two operators may enrol at once; the database keeps one relationship of a pair.
            models.UniqueConstraint(
                fields=["patient", "physician"],
                condition=models.Q(ended_at=None),
                name="one_current_care_per_pair",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at=None, role="primary"),
                name="one_current_primary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.physician} ({self.role})"


class Consent(models.Model):
    """A patient's consent to one version of the consent text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=32)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # The same consent posted twice at once is one consent.
            models.UniqueConstraint(
                fields=["patient", "version"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_per_version",
            )
        ]

    def __str__(self) -> str:
        return self.version
