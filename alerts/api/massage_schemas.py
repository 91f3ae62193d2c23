"""What is asked and answered about one massage, for the API document."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.api import massage_examples as examples
from diary import vocabulary as words
from diary.drafts import MassagePlan

Verdict = Literal["raised", "not raised", "not enough entries"]
ClearanceAnswer = Literal["go", "gentle_only", "not_today", "ask_doctor"]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


class PlannedMassage(MassagePlan):
    """A massage that is not yet given: the fields of a massage, as far as they are known.

    No field is needed. A plan that does not say when it starts, or should have started before, is
    judged as of now; one that does not say when it ends, as a very short one (`limits` says how
    long it may be); one without a `setting`, as one that counts (`professional`). What else is not
    known is not guessed: where a rule needs it, the answer is `gentle_only` and a reason asks for
    it. It starts within 90 days and ends within 8 hours. With the `id` of a massage that is
    stored, that one is left out of the count.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PLAN, {}]})


class Change(_Answer):
    """One score in one window, against what it was before the massage."""

    change: int | float | None = Field(
        description="Points from the reference to the highest value; null where either is missing."
    )
    verdict: Verdict


class Window(_Answer):
    """The hours after the end of the massage: after the first, up to and with the second."""

    hours: Literal["0-24", "24-48", "48-72"]
    pain: Change
    numbness: Change
    weakness: Change


class MassageResponse(_Answer):
    """What followed a massage, judged by the same functions as the alerts about it.

    No verdict says that all is well: `not raised` speaks of what was entered.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESPONSE]})

    reference: int | float | None = Field(
        description="The pain, 0-10, that pain is compared with; null if there is nothing to "
        "compare it with."
    )
    windows: list[Window]


class Reason(_Answer):
    """What speaks against the massage, or for care; show the text as it is."""

    rule: str = Field(description="The rule that found it, such as R12.")
    text: str = Field(description="What to do and why, in the profile's language.")


class ClearanceLimits(_Answer):
    """What a massage has to keep to on that day; null: there is no such limit.

    Massages are counted on the local days that end with that of the planned one, which is not
    among them.
    """

    phase: words.Phase
    max_minutes: int | None
    per_7_days: int | None
    used_7_days: int
    per_30_days: int | None
    used_30_days: int
    avoid_techniques: list[words.Technique]
    avoid_sites: list[words.Site]


class Clearance(_Answer):
    """Whether a massage may be given. The gravest reason comes first.

    `go` means only that no rule speaks against it by what was entered. `gentle_only`: keep to what
    the reasons say. `not_today`: have none. `ask_doctor`: have none before a doctor was asked; the
    first reason says how urgent it is.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLEARANCE]})

    answer: ClearanceAnswer
    reasons: list[Reason]
    next_allowed_on: date | None = Field(
        description="The first local day within the limits of frequency; null while the advice is "
        "to have none at all."
    )
    limits: ClearanceLimits
    safety_net: str = Field(
        description="When to go to emergency care whatever the answer; show it with every answer."
    )
