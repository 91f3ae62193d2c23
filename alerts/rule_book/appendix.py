"""The appendix: documents, conflicts, all statements with what carries them, cards."""

from collections.abc import Iterator

from alerts.core import texts
from alerts.core.catalogue import Catalogue, Conflict, Row
from alerts.rule_book.cited import row_links, rule_links, test_link
from alerts.rule_book.markdown import document, table
from alerts.rule_book.words import advice_of, reason_of


def seed_table(catalogue: Catalogue) -> str:
    head = ("short", "document", "weight")
    return table(head, ((seed.id, seed.what, seed.weight) for seed in catalogue.seeds))


def conflict_table(catalogue: Catalogue) -> str:
    head = ("id", "one side", "the other side", "decided", "rules", "shown by")
    return table(head, (_conflict(each, catalogue) for each in catalogue.conflicts))


def _conflict(conflict: Conflict, catalogue: Catalogue) -> Iterator[str]:
    yield conflict.id
    for side in conflict.sides:
        yield f"{side.says} ({', '.join(side.where) or 'outside the documents'})"
    yield conflict.resolution
    yield rule_links(conflict.rules, catalogue)
    yield "<br>".join(map(test_link, conflict.tests))


def row_tables(catalogue: Catalogue) -> Iterator[str]:
    """All rows, section by section."""
    head = ("#", "where", "statement", "advice", "carried by")
    for section in catalogue.sections:
        lines = (_row(row, catalogue) for row in section.rows)
        yield document(f"### {section.title}", table(head, lines))


def _row(row: Row, catalogue: Catalogue) -> tuple[str, ...]:
    number = f'<a id="row-{row.number}"></a>{row.number}'
    return number, ", ".join(row.where), row.statement, row.advice, _carried(row, catalogue)


def _carried(row: Row, catalogue: Catalogue) -> str:
    carriers = [rule_links(row.rules, catalogue)]
    carriers += [f"text `{key}`" for key in row.texts]
    carriers += [f"card `{card.key}`" for card in texts.cards("en") if row.number in card.rows]
    said = "; ".join(filter(None, carriers))
    return " ".join(filter(None, [said and f"{said}.", row.note, row.reason]))


def service_table(catalogue: Catalogue) -> str:
    head = ("key", "what is said", "why it is there")
    lines = ((each, texts.text(each.key, "en")) for each in catalogue.service_texts)
    return table(
        head,
        (
            (f"`{each.key}`", f"**{said.title}.** {advice_of(said)} {reason_of(said)}", each.why)
            for each, said in lines
        ),
    )


def card_table() -> str:
    head = ("card", "what it says", "rows")
    return table(
        head,
        (
            (f"`{card.key}`", f"**{card.title}.** {card.text}", row_links(card.rows))
            for card in texts.cards("en")
        ),
    )
