"""The physicians' pages about alerts, and about the patients whose alerts they are."""

from alerts.admin import escalations, operations, patients, queue

__all__ = ["escalations", "operations", "patients", "queue"]
