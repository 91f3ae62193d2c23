"""What follows from the diary: what is owed, what was found, who was told, what went wrong."""

from alerts.models.alert import Alert, AlertEvent, AlertStatus, Did, EventKind, Level
from alerts.models.delivery import (
    AttemptOutcome,
    Channel,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    DeviceKind,
    FarEnd,
    PushDevice,
)
from alerts.models.watch import Heartbeat, Incident, IncidentKind, Watch

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
    "Did",
    "EventKind",
    "FarEnd",
    "Heartbeat",
    "Incident",
    "IncidentKind",
    "Level",
    "PushDevice",
    "Watch",
]
