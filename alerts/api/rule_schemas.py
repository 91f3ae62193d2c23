"""What the rules consist of, for the API document."""

from typing import Literal

from pydantic import ConfigDict, Field

from alerts.api import rule_examples as examples
from alerts.api.schemas import LevelName
from diary import vocabulary as words
from diary.api.schemas import Answer

ThresholdMark = Literal["seed", "evidence", "assumption"]


class Threshold(Answer):
    """One figure that a rule goes by."""

    name: str
    value: int | float
    unit: str
    mark: ThresholdMark = Field(
        description="Where it comes from: the documents, published evidence, or an assumption "
        "that a clinical lead must confirm."
    )
    rows: list[int] = Field(description="The statements behind it, by number.")


class Statement(Answer):
    """One statement of the documents that a rule carries."""

    row: int
    where: list[str] = Field(description="Document and line, such as S3:199.")
    statement: str


class RuleText(Answer):
    """What a patient is told, as it stands in an alert; `why` without the patient's numbers."""

    key: str
    version: int
    level: int = Field(ge=0, le=4)
    title: str
    advice: str
    why: str


class Rule(Answer):
    """One rule. `title` and `what` are for clinicians, in English; texts for staff are left out."""

    id: str
    name: str
    version: str
    title: str
    what: str
    parameters: list[Threshold]
    statements: list[Statement]
    texts: list[RuleText]


class SharedPart(Answer):
    """Figures that several rules rest on."""

    id: str
    title: str
    parameters: list[Threshold]


class RuleLevel(Answer):
    """A level of advice."""

    level: int = Field(ge=0, le=4)
    name: LevelName
    headline: str


class RuleDocument(Answer):
    """A document that statements were taken from."""

    id: str
    what: str


class EducationCard(Answer):
    """Something to know that no finding calls for."""

    key: str
    version: int
    title: str
    text: str


class RedFlagQuestion(Answer):
    """A question about a warning sign; its answers are those of `red_flags` in an entry."""

    flag: words.RedFlag
    question: str


class RedFlagCondition(Answer):
    """Holds when one of these fields of an entry is, or contains, one of these words."""

    fields: list[str] = Field(description="Such as red_flags.bladder, or numb_regions.")
    any_of: list[str]


class RedFlagCard(Answer):
    """What to do when all its conditions hold."""

    level: Literal[3, 4]
    rule: str
    text_key: str
    when: list[RedFlagCondition]
    title: str
    text: str = Field(description="Show it in full.")
    why: str = Field(description="The reason, which `text` may ask to be read out.")


class RedFlagAdvice(Answer):
    """What an app needs to speak of red flags offline.

    Of the cards whose conditions all hold for an entry, show the first: they are in order of
    urgency. An answer `unchanged_longstanding` to a flag that the profile has among its
    `longstanding_flags` counts as no. An app that does this is never less urgent than the server.
    """

    questions: list[RedFlagQuestion]
    cards: list[RedFlagCard]
    safety_net: str = Field(description="Show it with every answer, also where no card holds.")


class Rules(Answer):
    """The rules that run, with their figures, their sources and what they say."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [examples.RULES]})

    version: str
    locale: str = Field(description="The language of the texts.")
    languages: list[str] = Field(description="Those that texts are served in.")
    emergency_number: str
    levels: list[RuleLevel]
    red_flags: RedFlagAdvice
    rules: list[Rule]
    shared: list[SharedPart]
    documents: list[RuleDocument]
    education: list[EducationCard]
