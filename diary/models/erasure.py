"""That a patient was erased: the one thing that stays."""

import uuid

from django.db import models


class Erasure(models.Model):
    """The receipt of one erasure; nothing in it says whose.

    `digest` is of the patient's id, under our secret key: whoever has neither the id nor the key
    learns nothing from it, and a patient who comes back with a backup can be recognised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    counts = models.JSONField()  # of rows, by table

    def __str__(self) -> str:
        return f"{self.id} at {self.at:%Y-%m-%d}"
