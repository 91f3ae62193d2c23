"""The chapter of one rule."""

from collections.abc import Iterable, Iterator

from alerts.core import texts
from alerts.core.catalogue import Catalogue, Description, Shared
from alerts.core.catalogue.thresholds import figure, of_groups, worded
from alerts.core.parameters import Declaration, Parameters
from alerts.core.texts import Text
from alerts.rule_book.cited import heading, row_links
from alerts.rule_book.markdown import bullets, document, link, table
from alerts.rule_book.words import advice_of, reason_of


def rule_chapter(rule: Description, catalogue: Catalogue, parameters: Parameters) -> str:
    """Everything there is on a rule, the words for the patient included."""
    return document(
        f"### {heading(rule)}",
        f"`{rule.name}`, looks at: {rule.looks_at}.",
        f"**What.** {worded(rule.what, parameters)}",
        f"**Why.** {rule.why.strip()}",
        "**When it speaks**",
        bullets(worded(each, parameters) for each in rule.triggers),
        f"**When it ends.** {worded(rule.clears, parameters).strip()}",
        _terms(rule, catalogue),
        thresholds(rule.parameters, parameters),
        "**What is said**",
        bullets(_said(each) for each in texts_of(rule)),
        "**Sources**",
        bullets(_sources(rule, catalogue)),
        "**Evidence**",
        bullets(rule.evidence),
    )


def shared_part(part: Shared, parameters: Parameters) -> str:
    """What several rules rest on."""
    return document(
        f"### {part.title}",
        worded(part.what, parameters),
        thresholds(part.parameters, parameters),
        "**Evidence**" if part.evidence else "",
        bullets(part.evidence),
    )


def texts_of(rule: Description, locale: str = "en") -> list[Text]:
    """The texts of a rule, the mildest first."""
    own = [texts.text(key, locale) for key in sorted(texts.keys()) if rule.says(key)]
    return sorted(own, key=lambda said: said.level)


def thresholds(groups: Iterable[str], parameters: Parameters) -> str:
    declared = list(of_groups(tuple(groups), parameters))
    if not declared:
        return ""
    head = ("threshold", "value", "unit", "mark", "rows")
    return table(head, map(_threshold, declared))


def _threshold(each: Declaration) -> tuple[str, ...]:
    source = each.source
    name = f"`{each.group}.{each.name}`"
    return name, figure(each), source.unit, source.mark, row_links(source.rows)


def _terms(rule: Description, catalogue: Catalogue) -> str:
    """Where the terms stand that the rule takes up."""
    titles = {part.id: part.title for part in catalogue.shared}
    titles |= {each.id: heading(each) for each in catalogue.rules}
    if not rule.uses:
        return ""
    return "Terms: " + ", ".join(link(titles[each], titles[each]) for each in rule.uses) + "."


def _said(text: Text) -> str:
    reader = ", for staff" if text.for_staff else ""
    return (
        f"**Level {text.level}{reader}: {text.title}** (`{text.key}`). {advice_of(text)}<br>"
        f"*Reason given:* {reason_of(text)}"
    )


def _sources(rule: Description, catalogue: Catalogue) -> Iterator[str]:
    for row in catalogue.rows_of(rule.id):
        yield f"{row_links([row.number])} {row.statement} ({', '.join(row.where)})"
    for conflict in catalogue.conflicts:
        if rule.id in conflict.rules:
            yield f"{link(conflict.id, 'Conflicts')} {conflict.resolution}"
