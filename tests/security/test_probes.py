"""The table of probes names tests that are there."""

import ast
from pathlib import Path

import pytest

from tests.security.probes import PROBES

TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("number", PROBES)
def test_every_probe_is_made_by_tests_that_exist(number: str) -> None:
    what, tests = PROBES[number]
    assert what
    assert tests
    for each in tests:
        path, _, name = each.partition("::")
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, each
