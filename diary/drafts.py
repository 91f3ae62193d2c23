"""What a client sends, validated once into frozen drafts; the same for HTTP and for replay."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from diary import vocabulary as words
from diary.wire import (
    Count,
    Day,
    Draft,
    Hour,
    Minutes,
    Moment,
    Note,
    Phrase,
    RecordId,
    Score,
    Zone,
    in_utc,
)

LONGEST_MASSAGE = timedelta(hours=8)
_LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"


class RedFlags(Draft):
    bladder: words.RedFlagAnswer | None = None
    bowel: words.RedFlagAnswer | None = None
    saddle_numbness: words.RedFlagAnswer | None = None
    both_legs_pain: words.RedFlagAnswer | None = None
    both_legs_weak_or_numb: words.RedFlagAnswer | None = None
    gait_unsteady: words.RedFlagAnswer | None = None
    hands_clumsy: words.RedFlagAnswer | None = None
    sexual_change: words.RedFlagAnswer | None = None


class FunctionChecks(Draft):
    heel_walk_left: words.FunctionAnswer | None = None
    heel_walk_right: words.FunctionAnswer | None = None
    toe_walk_left: words.FunctionAnswer | None = None
    toe_walk_right: words.FunctionAnswer | None = None
    grip_left: words.FunctionAnswer | None = None
    grip_right: words.FunctionAnswer | None = None
    buttons: words.FunctionAnswer | None = None


class AfterMassage(Draft):
    massage: RecordId | None = None
    soreness: Score | None = None
    global_change: words.GlobalChange | None = None
    new_neuro: bool | None = None


class RecordDraft(Draft):
    """What an entry and a massage share."""

    server_fields = frozenset({"received_at", "clock_suspect", "version", "alerts", "guidance"})

    id: RecordId
    note: Note | None = None


_EMPTY = (RedFlags(), FunctionChecks(), AfterMassage())
BodyRegions = Annotated[list[words.BodyRegion], Field(max_length=50)]
Sites = Annotated[list[words.Site], Field(max_length=50)]


class EntryDraft(RecordDraft):
    """One diary entry: what was felt at `symptom_at`; scores 0-10."""

    symptom_at: Moment
    recorded_at: Moment | None = None
    pain: Score | None = None
    numbness: Score | None = None
    weakness: Score | None = None
    limb_pain: Score | None = None
    numb_regions: BodyRegions | None = None
    weak_regions: BodyRegions | None = None
    red_flags: RedFlags | None = None
    function_checks: FunctionChecks | None = None
    muscle_wasting: bool | None = None
    flare_today: bool | None = None
    activities_limited: bool | None = None
    fall_or_injury: bool | None = None
    fever_unwell: bool | None = None
    skin_problem_sites: Sites | None = None
    after_massage: AfterMassage | None = None

    # Regions may say a red flag, so an entry of nothing else must not be turned away.
    says_something: ClassVar[tuple[str, ...]] = (
        "pain",
        "numbness",
        "weakness",
        "limb_pain",
        "numb_regions",
        "weak_regions",
        "red_flags",
        "function_checks",
        "flare_today",
        "after_massage",
    )

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if all(getattr(self, name) is None for name in self.says_something):
            raise PydanticCustomError(
                "empty_entry",
                "An entry needs at least one of {fields}.",
                {"fields": ", ".join(self.says_something)},
            )
        return self


class MassagePlan(Draft):
    """What can be said of a massage; before it is given, nothing of it need be known."""

    server_fields = RecordDraft.server_fields

    id: RecordId | None = None
    note: Note | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    setting: words.Setting | None = None
    provider: words.Provider | None = None
    techniques: Annotated[list[words.Technique], Field(max_length=50)] | None = None
    pressure: words.Pressure | None = None
    sites: Sites | None = None
    over_disc: bool | None = None
    neutral_position: bool | None = None
    stopped_early: bool | None = None
    exercise_same_day: bool | None = None
    product: Phrase | None = None
    pain_before: Score | None = None
    pain_during_max: Score | None = None
    neuro_during: Annotated[list[words.NeuroSymptom], Field(max_length=50)] | None = None
    heavy_lifting_ended_at: Moment | None = None
    sitting_minutes: Minutes | None = None
    sitting_ended_at: Moment | None = None


class MassageDraft(MassagePlan):
    """One massage; it ends after it starts and lasts at most 8 hours."""

    id: RecordId
    started_at: Moment
    ended_at: Moment
    setting: words.Setting

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if not timedelta(0) < self.ended_at - self.started_at <= LONGEST_MASSAGE:
            raise PydanticCustomError(
                "invalid_duration", "A massage ends after it starts, and within 8 hours."
            )
        return self


class DoctorApproval(Draft):
    status: words.ApprovalStatus
    expires_on: Day | None = None
    allow_acute: bool | None = None


class PlanOverride(Draft):
    """Limits a physician sets instead of those of the phase; both dates count."""

    max_per_7_days: Count | None = None
    max_per_30_days: Count | None = None
    max_minutes: Minutes | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    reason: Note | None = None


class Notifications(Draft):
    """By what messages of levels 0 to 2 may come; urgent ones always come every way."""

    push: bool
    email: bool


class PatientProfile(Draft):
    """The part of the profile that the patient may change."""

    region: words.Region | None = None
    timezone: Zone | None = None
    locale: Annotated[str, Field(max_length=35, pattern=_LANGUAGE_TAG)] | None = None
    reminder_hour: Hour | None = None
    quiet_hours: Annotated[str, Field(pattern=rf"^{_CLOCK}-{_CLOCK}$")] | None = None
    notifications: Notifications | None = None
    onset_on: Day | None = None
    trauma_on: Day | None = None
    contraindications: Annotated[list[words.Contraindication], Field(max_length=50)] | None = None
    allergies: Annotated[list[Phrase], Field(max_length=50)] | None = None
    doctor_approval: DoctorApproval | None = None

    def wire(self) -> dict[str, Any]:
        """The fields that were named; a null stays, because it takes a value back."""
        return {name: in_utc(value) for name, value in self.model_dump(exclude_unset=True).items()}


class Profile(PatientProfile):
    """The whole profile, with what only the physician sets."""

    phase: words.Phase | None = None
    severity: words.Severity | None = None
    plan_override: PlanOverride | None = None
    longstanding_flags: Annotated[list[words.RedFlag], Field(max_length=50)] | None = None
