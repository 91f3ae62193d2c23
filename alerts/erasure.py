"""Keeping the messages about a patient from going out while everything of the patient goes."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from alerts.models import Delivery, DeliveryState, Incident
from diary.models import Patient
from diary.signals import MessageUnderWay


def hold_messages(patient: Patient, *, wait: bool) -> None:
    """Lock every message about a patient until the end of the transaction.

    A worker that wants one of them waits, and finds it gone. Raises MessageUnderWay, if `wait` is
    set, when somebody is sending one right now.
    """
    held = len(_about(patient).select_for_update().order_by("pk"))
    # Whoever had one may have made another meanwhile. To lock it now would be out of order, and
    # could end in a ring; to begin again cannot. Once nobody has any, none can come.
    if _about(patient).count() != held:
        raise MessageUnderWay
    sending = _about(patient).filter(state=DeliveryState.OWED, lease_until__gt=Now())
    if wait and sending.exists():
        raise MessageUnderWay


def _about(patient: Patient) -> QuerySet[Delivery]:
    """What is told to the patient, to the clinic of the patient, and on call of an incident."""
    incidents = list(Incident.objects.filter(patient=patient).values_list("pk", flat=True))
    return Delivery.objects.filter(Q(patient=patient) | Q(incident__in=incidents))
