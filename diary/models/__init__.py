"""The diary's tables: who the people are, and what the patients wrote."""

from diary.models.access import AccessRecord
from diary.models.erasure import Erasure
from diary.models.people import CareRelationship, CareRole, Consent, Patient, ProfileChange, User
from diary.models.records import Entry, Massage
from diary.models.sync import KeptAnswer, RejectedItem

__all__ = [
    "AccessRecord",
    "CareRelationship",
    "CareRole",
    "Consent",
    "Entry",
    "Erasure",
    "KeptAnswer",
    "Massage",
    "Patient",
    "ProfileChange",
    "RejectedItem",
    "User",
]
