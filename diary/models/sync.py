"""What offline sync keeps: items that could not be read, and the answers to named requests."""

import uuid

import pgtrigger
from django.db import models

from diary.models.people import Patient


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class RejectedItem(models.Model):
    """An item of a sync that could not become a record, as it came, for a human to look at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="rejected_items")
    received_at = models.DateTimeField()
    item = models.TextField()  # its JSON
    errors = models.JSONField()  # pointer, code and detail of each
    digest = models.BinaryField(max_length=32)  # of `item`

    class Meta:
        verbose_name = "unreadable item"
        constraints = [
            # A phone that gets no answer sends the same again; it is kept once.
            models.UniqueConstraint(fields=["patient", "digest"], name="rejected_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class KeptAnswer(models.Model):
    """The answer to a sync that carried an Idempotency-Key, to be repeated byte for byte."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="kept_answers")
    key = models.CharField(max_length=255)
    digest = models.BinaryField(max_length=32)  # of the request's body
    body = models.BinaryField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The same request may be posted twice at once; it has one answer.
            models.UniqueConstraint(fields=["patient", "key"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return self.key
