"""How rows, rules, texts and tests are named, the same in both documents."""

from collections.abc import Iterable

from alerts.core.catalogue import Catalogue, Description
from alerts.rule_book.markdown import link


def heading(rule: Description) -> str:
    return f"{rule.id} {rule.title}"


def rule_links(ids: Iterable[str], catalogue: Catalogue) -> str:
    """Rules by id, each a link to its chapter."""
    by_id = {rule.id: rule for rule in catalogue.rules}
    return ", ".join(link(each, heading(by_id[each])) for each in ids)


def row_links(numbers: Iterable[int]) -> str:
    return ", ".join(f"[#{number}](#row-{number})" for number in numbers)


def test_link(test: str) -> str:
    """A test in words, as a link to its file."""
    path, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})"
