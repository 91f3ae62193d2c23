"""The debt of evaluation, and what a human who runs the service must look at."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from diary.models import Patient
from diary.models.constraints import one_of


class Watch(models.Model):
    """When a patient's diary must be evaluated next; written in the transaction of every write."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, primary_key=True, related_name="watch"
    )
    due_at = models.DateTimeField(null=True)  # null: nothing can change without a new record
    nudged_at = models.DateTimeField(null=True)  # the last time a worker was asked to look
    # Records since the last evaluation: those that were put, and the known ones that changed.
    arrived = ArrayField(models.UUIDField(), default=list)
    corrected = ArrayField(models.UUIDField(), default=list)
    evaluated_at = models.DateTimeField(null=True)  # what fell due until then is done with

    class Meta:
        verbose_name_plural = "watches"
        indexes = [
            models.Index(fields=["due_at"], condition=~models.Q(due_at=None), name="watch_due")
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} due {self.due_at}"


class IncidentKind(models.TextChoices):
    RULE_FAILED = "rule_failed"
    DELIVERY_DEAD = "delivery_dead"
    NOBODY_TO_TELL = "nobody_to_tell"
    WORKERS_SILENT = "workers_silent"  # the broker takes what nobody does
    CHANNEL_DOWN = "channel_down"
    CANARY_FAILED = "canary_failed"
    CLOCK_WENT_BACK = "clock_went_back"


class Incident(models.Model):
    """Something that failed and that a human must look at; holds codes, never diary content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=IncidentKind)
    cause = models.CharField(max_length=200)  # which one: "R08 KeyError", "email mailbox_gone"
    at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", words=IncidentKind, name="incident_kind_known"),
            # A failure that repeats is one incident with a count, not a flood.
            models.UniqueConstraint(
                fields=["patient", "kind", "cause"],
                condition=models.Q(resolved_at=None),
                nulls_distinct=False,
                name="one_open_incident_per_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.cause}"


class Heartbeat(models.Model):
    """When a process that must never stop was last at work."""

    name = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField()
    seconds = models.FloatField(null=True)  # what it measured, if it measures

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
