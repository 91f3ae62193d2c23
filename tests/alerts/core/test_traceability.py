"""From the documents to the rules and back: nothing is lost, nothing is invented, all is proved.

A statement has a carrier or a reason, a rule has a source and its proofs, a threshold has its two
sides, a hazard has a control, and whatever is named exists.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from alerts.core import rules, texts
from alerts.core.catalogue import Conflict, Description, Hazard, Row, Shared, read
from alerts.core.catalogue.thresholds import groups_of, named_in, worded
from alerts.core.parameters import CURRENT, declarations
from alerts.core.texts.shape import Catalogue as Words
from tests.alerts.core.proofs import BOUNDARIES, CASES

ROOT = Path(__file__).parents[3]
CATALOGUE = read()
DESCRIBED = {rule.id: rule for rule in CATALOGUE.rules}
RUNNING = {
    *(rule.id for rule in rules.CURRENT.walked),
    *(rule.id for rule in rules.CURRENT.red_flags),
}
KEYS = texts.keys()
ROWS = CATALOGUE.rows
PARTS: tuple[Description | Shared, ...] = (*CATALOGUE.rules, *CATALOGUE.shared)
THRESHOLDS = {f"{each.group}.{each.name}": each for each in declarations(CURRENT)}
CARDS = texts.cards("en")

# What a threshold changes that is no line of a rule: the words, say. Shown by a test of its own.
SHOWN_ELSEWHERE = {
    "recording.late_after": "tests/alerts/core/test_red_flags.py"
    "::test_an_old_entry_is_judged_all_the_same_and_marked_late",
}

each_rule = pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
each_conflict = pytest.mark.parametrize("conflict", CATALOGUE.conflicts, ids=lambda each: each.id)
each_hazard = pytest.mark.parametrize("hazard", CATALOGUE.hazards, ids=lambda each: each.id)


@cache
def functions_in(path: str) -> frozenset[str]:
    """The functions that a file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, defined))


def missing_tests(named: Iterable[str]) -> list[str]:
    """The tests that are not where they are said to be."""
    return [test for test in named if not is_there(*test.split("::"))]


def is_carried(row: Row) -> bool:
    return bool(row.rules or row.texts or row.education)


def is_there(path: str, name: str) -> bool:
    return name.startswith("test_") and (ROOT / path).exists() and name in functions_in(path)


class TestStatements:
    def test_all_97_are_there_in_their_order(self) -> None:
        assert [row.number for row in CATALOGUE.rows] == list(range(1, 98))

    def test_a_statement_has_a_carrier_or_a_reason(self) -> None:
        assert [row.number for row in ROWS if not (is_carried(row) or row.reason)] == []

    def test_a_reason_is_for_what_nothing_carries(self) -> None:
        assert [row.number for row in ROWS if is_carried(row) and row.reason] == []

    def test_its_rules_and_texts_exist(self) -> None:
        words = KEYS | {part.name for part in fields(Words)}
        assert {rule for row in ROWS for rule in row.rules} <= DESCRIBED.keys() & RUNNING
        assert {key for row in ROWS for key in row.texts} <= words

    def test_what_is_education_has_a_card_and_only_that(self) -> None:
        in_cards = {number for card in CARDS for number in card.rows}
        assert {row.number for row in ROWS if row.education} == in_cards

    def test_its_places_are_lines_of_the_documents(self) -> None:
        assert [row.number for row in ROWS if not row.where] == []
        places = {place for row in ROWS for place in row.where}
        assert [place for place in places if not re.fullmatch(r"S\d:\d+(-\d+)?", place)] == []
        assert {place[:2] for place in places} == {seed.id for seed in CATALOGUE.seeds}

    def test_it_is_said_in_few_words(self) -> None:
        assert [row.number for row in ROWS if not row.statement.endswith(".")] == []
        assert [row.number for row in ROWS if len(row.statement) > 200 or not row.advice] == []


class TestRules:
    def test_those_that_run_are_those_that_are_described(self) -> None:
        assert DESCRIBED.keys() == RUNNING

    @each_rule
    def test_a_rule_has_a_source(self, rule: Description) -> None:
        assert CATALOGUE.rows_of(rule.id)

    @each_rule
    def test_the_code_names_the_same_sources(self, rule: Description) -> None:
        assert rows_in_code()[rule.id] == {row.number for row in CATALOGUE.rows_of(rule.id)}

    @each_rule
    def test_it_speaks_to_a_diary_and_leaves_another_alone(self, rule: Description) -> None:
        said = [case.says for case in CASES if case.rule == rule.id]
        assert any(said), "no diary that it speaks to"
        assert () in said, "no diary that it leaves alone"

    @each_rule
    def test_what_it_names_exists(self, rule: Description) -> None:
        assert {key for key in KEYS if rule.says(key)}
        for key in rule.texts:
            assert key in KEYS or key.endswith("*")
        assert set(rule.uses) <= DESCRIBED.keys() | {part.id for part in CATALOGUE.shared}

    @each_rule
    def test_its_own_thresholds_stand_in_its_words(self, rule: Description) -> None:
        told = named_in(" ".join([rule.what, rule.clears, *rule.triggers]))
        own = {name for name in THRESHOLDS if name.split(".")[0] in rule.parameters}
        assert own <= told
        assert {name.split(".")[0] for name in told} <= set(groups_of(rule, CATALOGUE))

    @each_rule
    def test_its_words_have_no_blank_left(self, rule: Description) -> None:
        for words in (rule.what, rule.why, rule.clears, *rule.triggers, *rule.evidence):
            assert "{" not in worded(words, CURRENT)

    def test_it_is_known_by_its_number_and_by_its_name(self) -> None:
        assert list(DESCRIBED) == [f"R{number:02}" for number in range(1, 23)]
        assert len({rule.name for rule in CATALOGUE.rules}) == len(CATALOGUE.rules)


class TestThresholds:
    def test_a_threshold_belongs_to_a_rule_and_is_explained(self) -> None:
        groups = {group for part in PARTS for group in part.parameters}
        assert {each.group for each in THRESHOLDS.values()} == groups
        assert THRESHOLDS.keys() == named_in(" ".join(prose()))

    def test_its_rows_are_rows(self) -> None:
        numbers_of_rows = {row.number for row in ROWS}
        assert {n for each in THRESHOLDS.values() for n in each.source.rows} <= numbers_of_rows


def test_every_threshold_is_proved_on_both_sides() -> None:
    proved = {boundary.threshold for boundary in BOUNDARIES}
    assert sorted(THRESHOLDS.keys() - proved - SHOWN_ELSEWHERE.keys()) == []
    assert missing_tests(SHOWN_ELSEWHERE.values()) == []


def test_the_proofs_speak_of_thresholds_and_rules_that_there_are() -> None:
    assert {boundary.threshold for boundary in BOUNDARIES} <= THRESHOLDS.keys()
    assert {case.rule for case in CASES} <= DESCRIBED.keys()
    assert {boundary.rule for boundary in BOUNDARIES} <= DESCRIBED.keys()


def test_a_text_belongs_to_a_rule_or_to_the_service() -> None:
    service = {each.key for each in CATALOGUE.service_texts}
    of_rules = {key for key in KEYS if any(rule.says(key) for rule in CATALOGUE.rules)}
    assert of_rules | service == KEYS
    assert of_rules & service == set()


def test_a_card_names_statements() -> None:
    assert CARDS
    assert [card.key for card in CARDS if not card.rows] == []


class TestConflicts:
    def test_all_13_are_there(self) -> None:
        assert [each.id for each in CATALOGUE.conflicts] == [f"C{n}" for n in range(1, 14)]

    @each_conflict
    def test_a_conflict_is_decided_and_shown(self, conflict: Conflict) -> None:
        assert len(conflict.sides) == 2
        assert conflict.resolution
        assert set(conflict.rules) <= DESCRIBED.keys()
        assert conflict.tests
        assert missing_tests(conflict.tests) == []


class TestHazards:
    def test_all_13_are_there(self) -> None:
        assert [each.id for each in CATALOGUE.hazards] == [f"H{n}" for n in range(1, 14)]

    @each_hazard
    def test_a_hazard_has_a_control_and_tests_that_show_it(self, hazard: Hazard) -> None:
        assert all([hazard.hazard, hazard.cause, hazard.harm, hazard.control])
        assert set(hazard.rules) <= DESCRIBED.keys() & RUNNING
        assert hazard.tests
        assert missing_tests(hazard.tests) == []


def prose() -> Iterator[str]:
    """All that is said of rules and of what they share."""
    for part in PARTS:
        yield part.what
        if isinstance(part, Description):
            yield from (part.clears, *part.triggers)


@cache
def rows_in_code() -> dict[str, set[int]]:
    """The rows that docstrings of the rules name, as "R10 (rows #6, #19-#37)"."""
    named: dict[str, set[int]] = {rule: set() for rule in DESCRIBED}
    for docstring in docstrings():
        for rule, rows in re.findall(r"\b(R\d\d) \(rows? ([^)]*)\)", docstring):
            named[rule] |= set(numbers(rows))
    return named


def docstrings() -> Iterator[str]:
    core = ROOT / "alerts" / "core"
    for path in (*(core / "rules").glob("*.py"), core / "chase.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield " ".join((ast.get_docstring(node) or "").split())


def numbers(rows: str) -> Iterator[int]:
    for first, last in re.findall(r"#(\d+)(?:\s*(?:-|to)\s*#?(\d+))?", rows):
        yield from range(int(first), int(last or first) + 1)
