"""Who read a patient's record, when, and what of it."""

import uuid

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from diary import vocabulary as words
from diary.models.constraints import choices, one_of
from diary.models.people import Patient, User


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class AccessRecord(models.Model):
    """One read of one patient's record; a page or a list that shows it, or a copy of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="accesses")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # As what; later the same account may be something else.
    role = models.CharField(max_length=9, choices=choices(words.ReaderRole))
    what = models.CharField(max_length=18, choices=choices(words.Accessed))

    class Meta:
        constraints = [
            one_of("role", words=words.ReaderRole, name="access_role_known"),
            one_of("what", words=words.Accessed, name="access_what_known"),
        ]
        indexes = [models.Index(fields=["patient", "-at"], name="access_of_patient")]

    def __str__(self) -> str:
        return f"{self.what} by {self.role}"
