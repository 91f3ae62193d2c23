"""The rules carry nothing: no framework, no clock, no database."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CORE = Path(__file__).parents[3] / "alerts" / "core"


def imports(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize(
    "source", sorted(CORE.rglob("*.py")), ids=lambda source: str(source.relative_to(CORE))
)
def test_a_rule_knows_only_the_standard_library_and_its_own_room(source: Path) -> None:
    strangers = {
        module
        for module in imports(source)
        if not module.startswith("alerts.core")
        and module.partition(".")[0] not in sys.stdlib_module_names
    }
    assert strangers == set()
