"""The rule book as an app reads it: the rules that run, and what to say of red flags offline."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from alerts.core import texts
from alerts.core.catalogue import Catalogue, Description, Row
from alerts.core.catalogue.shape import Level
from alerts.core.catalogue.thresholds import figure, of_groups, worded
from alerts.core.parameters import Declaration, Parameters
from alerts.core.red_flag_cards import FLAGS, RedFlagCard, cards
from alerts.core.texts import Text
from alerts.rule_book.rules import texts_of

_Json = dict[str, Any]


class Reader(NamedTuple):
    """For whom the texts are: the language, the part of the spine, and whom to call."""

    language: str
    region: str
    emergency_number: str


def served(catalogue: Catalogue, parameters: Parameters, reader: Reader) -> _Json:
    """All of it; texts in the reader's language, what is for clinicians in English."""
    return {
        "version": parameters.version,
        "locale": reader.language,
        "languages": list(texts.LANGUAGES),
        "emergency_number": reader.emergency_number,
        "levels": [_level(each, reader) for each in catalogue.levels],
        "red_flags": _red_flags(reader),
        "rules": [_rule(rule, catalogue, parameters, reader) for rule in catalogue.rules],
        "shared": [
            {
                "id": part.id,
                "title": part.title,
                "parameters": _thresholds(part.parameters, parameters),
            }
            for part in catalogue.shared
        ],
        "documents": [{"id": seed.id, "what": seed.what} for seed in catalogue.seeds],
        "education": [
            {"key": c.key, "version": c.version, "title": c.title, "text": c.text}
            for c in texts.cards(reader.language)
        ],
    }


def _level(each: Level, reader: Reader) -> _Json:
    headline = texts.headline(each.level, reader.language)
    return {"level": each.level, "name": each.name.lower(), "headline": headline}


def _red_flags(reader: Reader) -> _Json:
    asked = texts.catalogue(reader.language).questions
    return {
        "questions": [{"flag": flag, "question": asked[flag]} for flag in FLAGS],
        "cards": [_card(card, reader) for card in cards()],
        "safety_net": texts.safety_net(locale=reader.language, region=reader.region),
    }


def _card(card: RedFlagCard, reader: Reader) -> _Json:
    said = texts.text(card.text_key, reader.language)
    return {
        "level": card.level,
        "rule": card.rule,
        "text_key": card.text_key,
        "when": [{"fields": [*one.fields], "any_of": [*one.any_of]} for one in card.when],
        "title": said.title,
        "text": _advice(said, reader),
        "why": texts.why(said, {"flags": card.flags}),
    }


def _rule(rule: Description, catalogue: Catalogue, parameters: Parameters, reader: Reader) -> _Json:
    said = (text for text in texts_of(rule, reader.language) if not text.for_staff)
    return {
        "id": rule.id,
        "name": rule.name,
        "version": parameters.version,
        "title": rule.title,
        "what": worded(rule.what, parameters).strip(),
        "parameters": _thresholds(rule.parameters, parameters),
        "statements": [_statement(row) for row in catalogue.rows_of(rule.id)],
        "texts": [_text(text, reader) for text in said],
    }


def _thresholds(groups: Iterable[str], parameters: Parameters) -> list[_Json]:
    return [_threshold(each) for each in of_groups(tuple(groups), parameters)]


def _threshold(each: Declaration) -> _Json:
    value = float(figure(each))
    return {
        "name": f"{each.group}.{each.name}",
        "value": int(value) if value.is_integer() else value,
        "unit": each.source.unit,
        "mark": each.source.mark.value,
        "rows": list(each.source.rows),
    }


def _statement(row: Row) -> _Json:
    return {"row": row.number, "where": list(row.where), "statement": row.statement}


def _text(said: Text, reader: Reader) -> _Json:
    return {
        "key": said.key,
        "version": said.version,
        "level": said.level,
        "title": said.title,
        "advice": _advice(said, reader),
        "why": said.why_plain or said.why,
    }


def _advice(said: Text, reader: Reader) -> str:
    """As it stands in an alert."""
    return texts.advice(
        said,
        locale=reader.language,
        region=reader.region,
        emergency_number=reader.emergency_number,
    )
