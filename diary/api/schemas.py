"""The bodies and answers of the diary's addresses, for the API document.

A body is the draft that the view parses. An answer is the draft and what the server adds.
"""

from collections.abc import Callable
from typing import Any, Literal
from uuid import uuid4

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from pydantic import BaseModel, ConfigDict, Field

from diary import vocabulary as words
from diary.api import examples
from diary.drafts import EntryDraft, MassageDraft, Notifications, PatientProfile, Profile
from diary.wire import Hour, Moment, Phrase, RecordId

_IN_UTC = {"type": "string", "format": "date-time"}


class Answer(BaseModel):
    """What we say: every member is there; more members may come one day."""

    model_config = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


def _made_by_us() -> str:
    return str(uuid4())


class EntryBody(EntryDraft):
    """One diary entry: what was felt at `symptom_at`.

    At least one of pain, numbness, weakness, limb_pain, red_flags, function_checks, flare_today
    and after_massage is needed. Null and left out both mean "not answered". What only the server
    sets is ignored, so that an app may send back what it read; any other field is refused.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ENTRY]})

    id: RecordId = Field(default_factory=_made_by_us, description="Made by the app.")


class MassageBody(MassageDraft):
    """One massage; it ends after it starts, and within 8 hours.

    Null and left out both mean "not answered". What only the server sets is ignored, so that an
    app may send back what it read; any other field is refused.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MASSAGE]})

    id: RecordId = Field(default_factory=_made_by_us, description="Made by the app.")


class ProfileBody(PatientProfile):
    """The fields to change; the others stay. Null takes a value back to its default.

    `doctor_approval.status` can only be `patient_reported`. `notifications` speaks of messages of
    levels 0 to 2 alone: those of levels 3 and 4 come every way there is, whatever it says.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROFILE]})


class Stored(Answer):
    """What the server adds to a record."""

    received_at: Moment
    clock_suspect: bool = Field(
        description="The phone's clock ran more than 10 minutes ahead; rules use `received_at`."
    )
    version: int = Field(ge=1, description="Counts the corrections.")


class EntryRecord(Stored, EntryDraft):
    """A stored diary entry; null is "not answered"."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.STORED_ENTRY]}
    )


class MassageRecord(Stored, MassageDraft):
    """A stored massage; null is "not answered"."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.STORED_MASSAGE]}
    )


class Version(Answer):
    """What an entry and a massage share in their histories."""

    version: int = Field(ge=1)
    op: Literal["put", "delete"]
    at: Moment
    by: Literal["patient", "physician"]


class EntryVersion(Version):
    """One version of an entry: who wrote what, and when."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.ENTRY_VERSION]}
    )

    data: EntryDraft


class MassageVersion(Version):
    """One version of a massage: who wrote what, and when."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.MASSAGE_VERSION]}
    )

    data: MassageDraft


class CaringPhysician(Answer):
    """Who sees this diary."""

    name: str
    role: Literal["primary", "backup"]


class PatientProfileAnswer(Profile, Answer):
    """The whole profile; `phase`, `severity`, `plan_override`, `longstanding_flags` and
    `physicians` are the physician's to change."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.PROFILE_ANSWER]}
    )

    region: words.Region
    timezone: str = Field(description="IANA name.")
    locale: str
    reminder_hour: Hour
    quiet_hours: str = Field(description="From-to, such as 21:00-08:00.")
    notifications: Notifications
    contraindications: list[words.Contraindication]
    allergies: list[Phrase]
    phase: words.Phase
    severity: words.Severity
    longstanding_flags: list[words.RedFlag]
    physicians: list[CaringPhysician]


class GivenConsent(Answer):
    """One consent; `withdrawn_at` is null while it stands."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [examples.GIVEN_CONSENT]}
    )

    version: str
    given_at: Moment
    withdrawn_at: Moment | None


class ErasureReceipt(Answer):
    """That everything was erased, and when; keep it, it is in no list."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [examples.ERASURE]})

    id: RecordId
    at: Moment


class RequiredConsent(Answer):
    """What must be agreed to, in the profile's language."""

    version: str
    text: str


class Consents(Answer):
    """What must be agreed to, and what was."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [examples.CONSENTS]})

    required: RequiredConsent
    results: list[GivenConsent]


class Access(Answer):
    """One read of the record."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [examples.ACCESS]})

    at: Moment
    by: str = Field(description="The physician's name, or who else it was.")
    role: words.ReaderRole
    what: words.Accessed = Field(
        description="What was opened: one page, the history of one, or a list with rows of this "
        "patient. `export`: a copy of everything."
    )


_PERIOD = [
    OpenApiParameter("from", _IN_UTC, description="Not before this time. It needs an offset."),
    OpenApiParameter("to", _IN_UTC, description="Before this time. It needs an offset."),
]
Decorator = Callable[[Any], Any]


def record_list(*, noun: str, body: type[BaseModel], answer: type[BaseModel]) -> Decorator:
    """Document the list of one kind of record."""
    return extend_schema_view(
        get=extend_schema(
            description=f"Read every {noun}, newest first\n\n"
            f"The `next` and `previous` addresses lead through all pages. A withdrawn {noun} is "
            "left out.",
            parameters=_PERIOD,
            responses=answer,
        ),
        post=extend_schema(
            description=f"Store a new {noun}\n\n"
            f"201: stored. 200: this {noun} was here already. 409: the id has another body; "
            "`PUT` corrects it. Without an `id` the server makes one.",
            request=body,
            responses={201: answer, 200: answer, 409: None},
        ),
    )


def record_detail(*, noun: str, body: type[BaseModel], answer: type[BaseModel]) -> Decorator:
    """Document one record of one kind."""
    return extend_schema_view(
        get=extend_schema(
            description=f"Read one {noun}\n\nA withdrawn {noun} is a 404.", responses=answer
        ),
        put=extend_schema(
            description=f"Create or correct one {noun}\n\n"
            "The body is the whole record: a field left out is taken away. The same body again "
            f"changes nothing. 201: created. 200: corrected or unchanged. A withdrawn {noun} is "
            "restored. 409: the id belongs to a record of the other type.",
            request=body,
            responses={200: answer, 201: answer, 409: None},
        ),
        delete=extend_schema(
            description=f"Withdraw one {noun}\n\nSaid again, it changes nothing. The history "
            "stays.",
            responses=None,
        ),
    )


def record_history(*, noun: str, answer: type[BaseModel]) -> Decorator:
    """Document the versions of one record of one kind."""
    description = f"Read every version of one {noun}\n\nAlso those of a withdrawn {noun}."
    return extend_schema_view(get=extend_schema(description=description, responses=answer))
