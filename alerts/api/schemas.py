"""What the alerts' addresses answer, for the API document."""

from typing import Any, Literal

from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel, ConfigDict, Field

from alerts.api import examples
from alerts.models import AlertStatus
from diary.wire import Moment, RecordId

LevelName = Literal["info", "adjust", "hold", "doctor", "emergency"]
Did = Literal["followed", "not_followed", "saw_doctor"]
Happening = Literal[
    "opened",
    "raised",
    "delivered",
    "displayed",
    "opened_by_patient",
    "acknowledged",
    "seen_by_clinic",
    "escalated",
    "cleared",
    "superseded",
]

STATUS = OpenApiParameter(
    "status",
    {"type": "string", "enum": AlertStatus.values},
    description="`open` means every alert that is not over, the acknowledged ones too. "
    "Left out, all are listed.",
)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


class Subject(_Answer):
    """The massage that an alert is about."""

    type: Literal["massage"]
    id: RecordId


class EvidenceItem(_Answer):
    """One answer of one record that the alert rests on."""

    type: Literal["entry", "massage"]
    id: RecordId
    at: Moment
    field: str
    value: str | int | float | bool | None


class Feedback(_Answer):
    """What the patient last said of the advice; null: nothing yet."""

    helpful: bool | None
    did: Did | None


class Alert(_Answer):
    """One cause found in the diary, with what to do. Show title and advice as they are."""

    id: RecordId
    rule: str = Field(description="The rule that found it, such as R01.")
    rule_version: str
    subject: Subject | None
    level: int = Field(ge=0, le=4, description="How urgent: 4 is an emergency.")
    level_name: LevelName
    status: Literal["open", "acknowledged", "cleared", "superseded"]
    opened_at: Moment
    raised_at: Moment | None = Field(description="When the level went up after it was opened.")
    cleared_at: Moment | None
    based_on_late_entry: bool
    title: str
    advice: str
    why: str
    text_key: str
    text_version: int
    locale: str = Field(description="The language of title, advice and why.")
    evidence: list[EvidenceItem]
    parameters: dict[str, Any] = Field(description="Thresholds and computed values.")
    acknowledged_at: Moment | None
    seen_by_clinic_at: Moment | None
    superseded_by: RecordId | None = Field(description="The alert that took its place.")
    feedback: Feedback


class TimelineItem(_Answer):
    """Something that happened to an alert."""

    at: Moment
    event: Happening


class AlertWithTimeline(Alert):
    """One alert, with what happened to it, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ALERT_WITH_TIMELINE]})

    timeline: list[TimelineItem]


class Guidance(_Answer):
    """What to do now: the advice of the most urgent open alert."""

    level: int = Field(ge=0, le=4)
    level_name: LevelName
    headline: str
    text: str
    emergency_number: str
    monitored: bool = Field(description="Always false: nobody watches this diary live.")


class Consequences(_Answer):
    """What every answer to a write of a record carries."""

    alerts: list[Alert] = Field(description="What this very write opened or raised.")
    guidance: Guidance | None = Field(description="Null when no alert is open.")


class Device(_Answer):
    """A push target; of its endpoint no more than the host is shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DEVICE]})

    id: RecordId
    kind: Literal["webpush", "fcm", "apns"]
    endpoint_host: str | None = Field(description="Only for webpush.")
    name: str
    app_version: str
    registered_at: Moment
    reachable: bool = Field(
        description="Whether this server can send to it; false too while push is off, see below."
    )
    off_since: Moment | None = Field(
        description="Since when its provider takes no messages for it. Register it anew."
    )
    off_because: str | None = Field(
        description="What the provider said, as a short code: `gone_410`, `unregistered_404`, ..."
    )


class PushKey(_Answer):
    """The `applicationServerKey` of a browser's `pushManager.subscribe()`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PUSH_KEY]})

    webpush: str | None = Field(description="base64url; null when this server has none.")
