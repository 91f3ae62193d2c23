"""The diary's tables: who the people are, and what the patients wrote."""

from diary.models.people import CareRelationship, CareRole, Consent, Patient, ProfileChange, User
from diary.models.records import Entry, Massage
from diary.models.sync import KeptAnswer, RejectedItem

__all__ = [
    "CareRelationship",
    "CareRole",
    "Consent",
    "Entry",
    "KeptAnswer",
    "Massage",
    "Patient",
    "ProfileChange",
    "RejectedItem",
    "User",
]
