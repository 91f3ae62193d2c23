"""Who must be told, through what, and how far that has come."""

import uuid

from django.db import models
from django.db.models import Q

from alerts.models.alert import AlertEvent, Level
from alerts.models.watch import Incident
from diary.models import Patient, User
from diary.models.constraints import one_of


class DeviceKind(models.TextChoices):
    WEBPUSH = "webpush"
    FCM = "fcm"  # a registration token
    FCM_FID = "fcm_fid"  # an installation id, which takes the token's place
    APNS = "apns"
    CANARY = "canary"  # the service's own patient: accepted here, sent nowhere


class PushDevice(models.Model):
    """A push target of one account; its id is made by the app."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="devices")
    device_id = models.UUIDField()
    kind = models.CharField(max_length=7, choices=DeviceKind)
    endpoint = models.TextField()  # the Web Push address, or the provider's token
    endpoint_digest = models.BinaryField(max_length=32)
    p256dh = models.CharField(max_length=128, blank=True)
    auth = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=100, blank=True)
    app_version = models.CharField(max_length=50, blank=True)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)  # the provider says it is gone, or it moved
    retired_because = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            one_of("kind", words=DeviceKind, name="device_kind_known"),
            models.UniqueConstraint(fields=["patient", "device_id"], name="one_device_per_id"),
            # A phone that changes hands must not get the messages of both accounts.
            models.UniqueConstraint(
                fields=["endpoint_digest"],
                condition=Q(retired_at=None),
                name="one_account_per_endpoint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def channel(self) -> "Channel":
        """Through what messages reach it."""
        return CHANNEL_OF[DeviceKind(self.kind)]


class Channel(models.TextChoices):
    EMAIL = "email"
    WEBPUSH = "webpush"
    FCM = "fcm"
    APNS = "apns"
    CANARY = "canary"


CHANNEL_OF = {
    DeviceKind.WEBPUSH: Channel.WEBPUSH,
    DeviceKind.FCM: Channel.FCM,
    DeviceKind.FCM_FID: Channel.FCM,
    DeviceKind.APNS: Channel.APNS,
    DeviceKind.CANARY: Channel.CANARY,
}


class DeliveryState(models.TextChoices):
    OWED = "owed"
    ACCEPTED = "accepted"  # by the provider; says nothing about a person
    CANCELLED = "cancelled"
    DEAD = "dead"


class Delivery(models.Model):
    """One event, or incident, told to one recipient through one endpoint; owed until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    event = models.ForeignKey(
        AlertEvent, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    # Null: whoever is on call for the service (ON_CALL_EMAIL).
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=7, choices=Channel)
    device = models.ForeignKey(PushDevice, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.OWED)
    because = models.CharField(max_length=64, blank=True)  # why cancelled, dead or tried again
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=255, blank=True)
    # What goes out together is one message, under one id at every attempt.
    message = models.UUIDField(null=True)
    waits_for = models.CharField(max_length=253, blank=True)  # the far end that is down
    maybe_duplicate = models.BooleanField(default=False)  # an attempt has no known end

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            # An event is told to a person once through each endpoint, however often it is found.
            models.UniqueConstraint(
                fields=["event", "recipient", "channel", "device"],
                condition=~Q(event=None),
                nulls_distinct=False,
                name="told_once_per_endpoint",
            ),
            models.UniqueConstraint(
                fields=["incident", "recipient", "channel"],
                condition=~Q(incident=None),
                nulls_distinct=False,
                name="incident_told_once",
            ),
            models.CheckConstraint(
                condition=Q(event=None, incident__isnull=False)
                | Q(event__isnull=False, patient__isnull=False, incident=None),
                name="delivery_of_event_or_incident",
            ),
            one_of("channel", words=Channel, name="delivery_channel_known"),
            models.CheckConstraint(
                condition=Q(state="owed", ended_at=None)
                | Q(state__in=["accepted", "cancelled", "dead"], ended_at__isnull=False),
                name="delivery_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-level", "due_at"], condition=Q(state="owed"), name="delivery_owed"
            ),
            models.Index(fields=["patient"], name="delivery_of_patient"),
            models.Index(
                fields=["waits_for"],
                condition=Q(state="owed") & ~Q(waits_for=""),
                name="delivery_waiting",
            ),
            models.Index(fields=["ended_at"], condition=~Q(ended_at=None), name="delivery_ended"),
            models.Index(fields=["ended_at"], condition=Q(state="dead"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class AttemptOutcome(models.TextChoices):
    UNKNOWN = "unknown"  # begun; a crash leaves it so
    ACCEPTED = "accepted"
    RETRY = "retry"
    DEAD = "dead"


class DeliveryAttempt(models.Model):
    """One try to send; written before the send, ended by the holder of its token."""

    id = models.UUIDField(primary_key=True, editable=False)  # made of lease token and delivery
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempt_set")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=AttemptOutcome, default=AttemptOutcome.UNKNOWN)
    because = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [one_of("outcome", words=AttemptOutcome, name="attempt_outcome_known")]

    def __str__(self) -> str:
        return self.outcome


class FarEnd(models.Model):
    """A provider's host, as all processes together have found it; there is none while it works."""

    host = models.CharField(primary_key=True, max_length=253)
    failures = models.PositiveIntegerField(default=0)  # in a row
    open_until = models.DateTimeField(null=True)  # nothing is sent there before
    probe_until = models.DateTimeField(null=True)  # somebody is trying; the others wait

    def __str__(self) -> str:
        return f"{self.host} failed {self.failures} times"
