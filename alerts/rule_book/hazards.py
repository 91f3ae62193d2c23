"""The hazard table: what could harm a patient, and what is done against it."""

from alerts.core.catalogue import Catalogue, Hazard
from alerts.rule_book.cited import heading, test_link
from alerts.rule_book.markdown import MADE, anchor, bullets, document, link, table

_ABOUT = """
What could harm a patient through this product, the control against it, and the tests that show the
control at work. A check fails when a hazard has no control or names a test that is not there. It is
a start for a hazard log in the manner of ISO 14971, not a risk assessment: probability and severity
have to be judged by whoever deploys it, with a clinical safety officer."""


def hazard_table(catalogue: Catalogue) -> str:
    """docs/hazards.md."""
    head = ("id", "hazard", "cause", "harm", "rules")
    return document(
        "# Hazards and controls",
        MADE,
        _ABOUT,
        "What each rule does stands in the [rule book](rules.md).",
        table(
            head,
            (
                (
                    link(each.id, _title(each)),
                    each.hazard,
                    each.cause,
                    each.harm,
                    _rules(each, catalogue),
                )
                for each in catalogue.hazards
            ),
        ),
        *(_chapter(each, catalogue) for each in catalogue.hazards),
    )


def _title(hazard: Hazard) -> str:
    return f"{hazard.id} {hazard.hazard.rstrip('.')}"


def _rules(hazard: Hazard, catalogue: Catalogue) -> str:
    by_id = {rule.id: rule for rule in catalogue.rules}
    return ", ".join(f"[{each}](rules.md#{anchor(heading(by_id[each]))})" for each in hazard.rules)


def _chapter(hazard: Hazard, catalogue: Catalogue) -> str:
    rules = _rules(hazard, catalogue)
    return document(
        f"## {_title(hazard)}",
        bullets(
            [
                f"**Cause.** {hazard.cause}",
                f"**Harm.** {hazard.harm}",
                f"**Control.** {hazard.control}",
                *([f"**Rules.** {rules}"] if rules else []),
                *([f"**Open.** {hazard.open}"] if hazard.open else []),
            ]
        ),
        "Shown by",
        bullets(map(test_link, hazard.tests)),
    )
