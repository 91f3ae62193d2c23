"""What the last days consist of, for the API document."""

from datetime import date
from typing import Final

from drf_spectacular.utils import OpenApiParameter
from pydantic import ConfigDict, Field

from alerts.api import summary_examples as examples
from alerts.api.schemas import Alert
from diary.api.schemas import Answer, MassageRecord
from diary.wire import Score

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 365
DAYS = OpenApiParameter(
    "days",
    {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": USUAL_DAYS},
    description="How many local days, today included.",
)


class SummaryDay(Answer):
    """The last value of each score on one day; null: none was entered."""

    date: date
    pain: Score | None
    numbness: Score | None
    weakness: Score | None
    limb_pain: Score | None


class Summary(Answer):
    """The last days. Each day is there, also one without an entry."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [examples.SUMMARY]})

    days: list[SummaryDay] = Field(
        description="Oldest first; the last one is today, where the patient is."
    )
    massages: list[MassageRecord] = Field(description="Newest first.")
    alerts: list[Alert] = Field(description="Newest first; their timelines are with each alert.")
    completeness: float = Field(
        ge=0, le=1, description="The share of `days` on which at least one of the scores is known."
    )
