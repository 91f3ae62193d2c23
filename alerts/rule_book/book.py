"""The rule book: levels, terms, a chapter for each rule, and the sources behind all of it."""

from collections.abc import Iterator

from alerts.core import texts
from alerts.core.catalogue import Catalogue, Description
from alerts.core.parameters import Parameters
from alerts.rule_book.appendix import (
    card_table,
    conflict_table,
    row_tables,
    seed_table,
    service_table,
)
from alerts.rule_book.cited import heading
from alerts.rule_book.markdown import MADE, document, link, table
from alerts.rule_book.rules import rule_chapter, shared_part, texts_of

_ABOUT = """
What the rules look for, why, and what they say, for a clinician to read and to correct. Figures,
texts and sources are taken from the program itself. Nothing here is a certified medical device;
the rules make no diagnosis and replace no doctor."""
_MARKS = """
Each threshold has a mark: *seed* is a figure from one of the five documents, *evidence* rests on
published or simulated figures, *assumption* must be confirmed by a clinical lead. #30 is a
statement from the documents, all of which are listed at the end; S3:199 is line 199 of the
document S3. In the texts [square brackets] stand for what is filled in."""
_CHAPTERS = (
    "Levels",
    "Overview",
    "What holds for all rules",
    "Rules",
    "Words that every message carries",
    "Texts of the service",
    "Education cards",
    "The documents",
    "Conflicts",
    "Statements of the documents",
)


def rule_book(catalogue: Catalogue, parameters: Parameters) -> str:
    """docs/rules.md."""
    return document(
        "# Rule book",
        MADE,
        f"Rules {parameters.version}, texts in English.",
        _ABOUT,
        _MARKS,
        "Hazards and what is done against them: [hazards.md](hazards.md).",
        "## Contents",
        "\n".join(_contents(catalogue)),
        *_levels(catalogue),
        *_shared(catalogue, parameters),
        "## Rules",
        *(rule_chapter(rule, catalogue, parameters) for rule in catalogue.rules),
        *_around_the_texts(catalogue),
        *_sources(catalogue),
    )


def _contents(catalogue: Catalogue) -> Iterator[str]:
    for chapter in _CHAPTERS:
        yield f"- {link(chapter, chapter)}"
        titles = {
            "What holds for all rules": [part.title for part in catalogue.shared],
            "Rules": [heading(rule) for rule in catalogue.rules],
        }.get(chapter, [])
        yield from (f"  - {link(title, title)}" for title in titles)


def _levels(catalogue: Catalogue) -> Iterator[str]:
    yield "## Levels"
    head = ("level", "name", "what the patient is told", "who is told")
    yield table(head, ((str(e.level), e.name, e.patient, e.told) for e in catalogue.levels))
    yield "## Overview"
    names = (f"{each.level} {each.name}" for each in catalogue.levels)
    yield table(("rule", *names), (_overview(rule, catalogue) for rule in catalogue.rules))
    yield (
        "*patient*: a message to the patient, *staff*: to the clinic. The texts of R22 are shown "
        "at their usual level; what R22 says has the level of the alert it chases."
    )


def _overview(rule: Description, catalogue: Catalogue) -> Iterator[str]:
    yield link(heading(rule), heading(rule))
    said = texts_of(rule)
    for each in catalogue.levels:
        readers = {
            "staff" if text.for_staff else "patient" for text in said if text.level == each.level
        }
        yield ", ".join(sorted(readers))


def _shared(catalogue: Catalogue, parameters: Parameters) -> Iterator[str]:
    yield "## What holds for all rules"
    yield from (shared_part(part, parameters) for part in catalogue.shared)


def _around_the_texts(catalogue: Catalogue) -> Iterator[str]:
    words = texts.catalogue("en")
    yield "## Words that every message carries"
    yield f"Below an emergency, each message to a patient ends with: *{words.safety_net}*"
    yield f"With a disc of the neck also: *{words.safety_net_neck}*"
    yield f"On an entry that is old, the advice begins with: *{words.if_still_so}*"
    yield "## Texts of the service"
    yield service_table(catalogue)
    yield "## Education cards"
    yield card_table()


def _sources(catalogue: Catalogue) -> Iterator[str]:
    yield "## The documents"
    yield seed_table(catalogue)
    yield "## Conflicts"
    yield (
        "Where the documents disagree, the more careful reading triggers. A physician may relax "
        "it, with a reason and an end; a patient may not; warning signs are never relaxed."
    )
    yield conflict_table(catalogue)
    yield "## Statements of the documents"
    yield from row_tables(catalogue)
