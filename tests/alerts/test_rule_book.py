"""The rule book and the hazard table: as new as the rules, and good Markdown."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from alerts import rule_book

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", rule_book.documents())
def test_it_is_as_new_as_the_rules(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == rule_book.documents()[name], "run manage.py rule_book"


@pytest.mark.parametrize("name", rule_book.documents())
def test_every_link_leads_somewhere(name: str) -> None:
    words = rule_book.documents()[name]
    for target in re.findall(r"\]\(([^)]+)\)", words):
        path, _, place = target.partition("#")
        assert (ROOT / "docs" / path).exists(), target
        assert not place or place in anchors(rule_book.documents()[path or name]), target


@pytest.mark.parametrize("name", rule_book.documents())
def test_the_lines_of_a_table_have_the_same_cells(name: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", rule_book.documents()[name], re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_what_is_stale_is_noticed_and_written_once(tmp_path: Path) -> None:
    assert rule_book.stale(tmp_path) == ["rules.md", "hazards.md"]
    assert rule_book.write(tmp_path) == ["rules.md", "hazards.md"]
    (tmp_path / "hazards.md").write_text("old", encoding="utf-8")
    assert rule_book.write(tmp_path) == ["hazards.md"]
    assert rule_book.stale(tmp_path) == []


def test_the_command_writes_and_checks(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match=r"docs/rules\.md and docs/hazards\.md"):
        call_command("rule_book", check=True)
    call_command("rule_book")
    assert capsys.readouterr().out == "docs/rules.md written.\ndocs/hazards.md written.\n"
    call_command("rule_book", check=True)


def anchors(words: str) -> set[str]:
    """Where a link can lead: what a code host makes of the headings, and marked places."""
    headings = re.findall(r"^#+ (.+)$", words, re.MULTILINE)
    return {
        *(re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings),
        *re.findall(r'<a id="([^"]+)">', words),
    }
