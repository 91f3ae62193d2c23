"""Who may use the API of the diary."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from diary.models import Patient, User
from diary.queries import patient_of


class PatientRequest(Request):
    """A request that IsPatient has let in; `patient.user` is the caller."""

    user: User
    patient: Patient


class IsPatient(BasePermission):
    """The account belongs to a patient; the view finds the patient at `request.patient`."""

    message = "This is for patients."
    code = "not_a_patient"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False
        patient = patient_of(request.user)
        if patient is None and not User.objects.filter(pk=request.user.pk).exists():
            raise Patient.DoesNotExist  # erased since the token was looked at
        vars(request)["patient"] = patient
        return patient is not None


class ConsentingPatient(IsPatient):
    """The patient has agreed to the required consent text."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        consented: bool = vars(request)["patient"].consented
        if not consented:
            self.message, self.code = "Agree to the consent text first.", "consent_required"
        return consented
