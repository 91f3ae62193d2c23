"""Alerts, and the append-only story of each."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from diary.models import Patient, User
from diary.models.constraints import one_of
from diary.models.feed import in_feed, place_in_feed, place_index


class Level(models.IntegerChoices):
    """What the patient is told to do; the wire name is the lower-case member name."""

    INFO = 0
    ADJUST = 1
    HOLD = 2
    DOCTOR = 3
    EMERGENCY = 4


class AlertStatus(models.TextChoices):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # by the patient; still open
    CLEARED = "cleared"
    SUPERSEDED = "superseded"


class Did(models.TextChoices):
    """What the patient did with the advice."""

    FOLLOWED = "followed"
    NOT_FOLLOWED = "not_followed"
    SAW_DOCTOR = "saw_doctor"


@in_feed()
class Alert(models.Model):
    """One cause found in a diary, from when it was found until it was over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    rule = models.CharField(max_length=3)
    rule_version = models.CharField(max_length=16)
    subject = models.UUIDField(null=True)  # the app's id of the massage, if it is about one
    level = models.PositiveSmallIntegerField(choices=Level)
    text_key = models.CharField(max_length=64)
    text_version = models.PositiveSmallIntegerField()
    onset_at = models.DateTimeField()  # the first trigger of the episode
    opened_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()  # the last opened, raised or reminder
    clinic_told_at = models.DateTimeField()  # the last of them that asks the clinic to look
    acknowledged_at = models.DateTimeField(null=True)  # by the patient, since told_at
    seen_by_clinic_at = models.DateTimeField(null=True)  # since clinic_told_at
    ended_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=AlertStatus, default=AlertStatus.OPEN)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    based_on_late_entry = models.BooleanField(default=False)
    evidence = models.JSONField()  # the entries used, with their values
    parameters = models.JSONField()  # thresholds and what was computed from the entries
    missing = models.JSONField(default=list)
    flags = models.JSONField(default=dict)  # R01, R02: the strongest answer to each flag so far
    kept = models.BooleanField(default=False)  # R03: only a physician ends it
    # What the patient says of it now; what was said before is among its events.
    helpful = models.BooleanField(null=True)
    did = models.CharField(max_length=12, choices=Did, blank=True)
    position = place_in_feed()

    class Meta:
        constraints = [
            # Two workers may race; the database lets only one open the alert.
            models.UniqueConstraint(
                fields=["patient", "rule", "subject"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_alert_per_cause",
            ),
            models.CheckConstraint(condition=Q(level__range=(0, 4)), name="alert_level_0_to_4"),
            models.CheckConstraint(condition=Q(did__in=["", *Did.values]), name="alert_did_known"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "acknowledged"], ended_at=None)
                | Q(status__in=["cleared", "superseded"], ended_at__isnull=False),
                name="alert_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-opened_at"], name="alert_of_patient"),
            place_index("alert_in_feed"),
            models.Index(
                fields=["patient", "-level", "opened_at"],
                condition=Q(ended_at=None),
                name="alert_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} level {self.level}"


class EventKind(models.TextChoices):
    OPENED = "opened"
    RAISED = "raised"
    REMINDER = "reminder"
    ESCALATED = "escalated"
    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    OPENED_BY_PATIENT = "opened_by_patient"
    ACKNOWLEDGED = "acknowledged"
    FEEDBACK = "feedback"  # by the patient: whether it helped, and what was done
    SEEN_BY_CLINIC = "seen_by_clinic"
    CLOSED = "closed"  # by a physician, with a reason
    CLEARED = "cleared"
    SUPERSEDED = "superseded"
    NOTICE = "notice"  # about the account, not the diary


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class AlertEvent(models.Model):
    """Something that happened to an alert, or was said to the patient without one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alert_events")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=17, choices=EventKind)
    at = models.DateTimeField()
    rule = models.CharField(max_length=3, blank=True)
    subject = models.UUIDField(null=True)
    level = models.PositiveSmallIntegerField(choices=Level)
    text_key = models.CharField(max_length=64, blank=True)
    message = models.CharField(max_length=32, blank=True)  # which one, where no alert remembers it
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("kind", words=EventKind, name="alert_event_kind_known"),
            # An evaluation that runs twice for one moment says each thing once.
            models.UniqueConstraint(
                fields=["patient", "rule", "subject", "kind", "level", "message", "at"],
                condition=Q(kind__in=["opened", "raised", "reminder", "escalated"]),
                nulls_distinct=False,
                name="said_once",
            ),
            # An alert begins once and ends once.
            models.UniqueConstraint(
                fields=["alert", "kind"],
                condition=Q(kind__in=["opened", "cleared", "superseded"]),
                name="once_in_an_alert",
            ),
        ]
        indexes = [models.Index(fields=["patient", "rule", "at"], name="alert_event_of_patient")]

    def __str__(self) -> str:
        return f"{self.rule} {self.kind}"
