"""What follows from the diary: what is owed, what was found, who was told, what went wrong."""

from alerts.models.alert import Alert, AlertEvent, AlertStatus, EventKind, Level
from alerts.models.delivery import (
    AttemptOutcome,
    Channel,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    DeviceKind,
    PushDevice,
)
from alerts.models.watch import Incident, IncidentKind, Watch

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertStatus",
    "AttemptOutcome",
    "Channel",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryState",
    "DeviceKind",
    "EventKind",
    "Incident",
    "IncidentKind",
    "Level",
    "PushDevice",
    "Watch",
]
