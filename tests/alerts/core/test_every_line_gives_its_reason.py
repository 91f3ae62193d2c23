"""Whatever a rule says in its proofs, it says with the reason: all computed, nothing left plain."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.core import texts
from alerts.core.catalogue import Description, read
from alerts.core.rules import CURRENT
from alerts.core.standing import Transition
from alerts.replay_lines import read as read_line
from alerts.replay_patient import ReplayedPatient
from tests.alerts.core.proofs import CASES
from tests.alerts.core.proofs.shape import Case

SPEAKS = ("opened", "raised", "reminder", "escalated")
RULES = read().rules
KEYS = texts.keys()


def said(case: Case) -> list[Transition]:
    """What the rule says in a proof, but for what only ends it."""
    lines = (line for line in transitions(case) if line.rule == case.rule)
    return [line for line in lines if line.event in SPEAKS]


def transitions(case: Case) -> Iterator[Transition]:
    patient = ReplayedPatient(CURRENT)
    for number, line in enumerate(case.diary(), start=1):
        for outcome in patient.take(read_line(json.dumps(line).encode()), seq=number):
            yield from outcome.transitions


def is_filled(line: Transition, language: str) -> bool:
    """Whether the sentence has all it names; the plain one, which names nothing, does not count."""
    without_plain = replace(texts.text(line.text_key, language), why_plain="")
    return texts.why(without_plain, line.parameters) != ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_text_of_a_rule_is_said_in_its_proofs_and_filled(rule: Description) -> None:
    lines = [line for case in CASES if case.rule == rule.id and case.says for line in said(case)]
    assert {line.text_key for line in lines} == {key for key in KEYS if rule.says(key)}
    plain = [
        (line.text_key, language, line.parameters)
        for line in lines
        for language in texts.LANGUAGES
        if not is_filled(line, language)
    ]
    assert plain == []


@pytest.mark.parametrize(
    ("rule", "case", "parameters"),
    [
        # What is missing is never zero.
        ("R06", "numbness-too", {"value": None, "reference": 2, "what": "with_nerve_signs"}),
        ("R07", "more-pain-in-the-massage", {"value": 6, "reference": 4, "what": "pain"}),
        ("R07", "stopped-early", {"value": None, "reference": None, "what": "stopped_early"}),
        ("R07", "tingling-in-the-massage", {"signs": ["tingling"]}),
        ("R07", "signs-that-last-until-the-follow-up", {"signs": ["numbness"], "hours": 24}),
        ("R09", "sore-and-no-more-pain-than-before", {"value": 4, "hours": 47}),
        ("R09", "sore-after-two-days", {"value": 1, "hours": 49}),
        ("R10", "a-product-that-the-patient-minds", {}),
        ("R10", "a-reaction-to-the-product", {"codes": ["reaction"]}),
        ("R10", "infection-and-fever-before", {"codes": ["infection"]}),
        (
            "R10",
            "an-injury-is-named-before-severity-and-an-approval",
            {"codes": ["recent_trauma", "severe", "no_approval"]},
        ),
        ("R11", "acute-and-not-allowed", {}),
        ("R11", "allowed-but-in-pain-in-a-limb", {"signs": ["limb_pain"]}),
        ("R13", "acute-half-an-hour", {"minutes": 30, "limit": 30, "what": "phase"}),
        ("R13", "the-first-longer", {"minutes": 21, "limit": 20, "what": "first"}),
        ("R13", "longer-than-planned", {"minutes": 41, "limit": 40, "what": "plan"}),
        ("R14", "over-the-disc-and-deep", {"findings": ["over_disc", "over_disc_deep"]}),
        ("R14", "deep-when-acute", {"findings": ["deep", "acute_pressure"]}),
        ("R15", "lifting-and-sitting", {"what": ["lifting", "sitting"]}),
        ("R15", "sports-twice-in-three-massages", {"what": ["exercise"]}),
        ("R18", "worse-twice-in-three", {"worse": 2, "of": 3}),
        ("R18", "worse-three-times", {"worse": 3, "of": 3}),
        ("R19", "better-three-times", {"reference": 6, "value": 4}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_newest_line_carries_what_was_computed(
    rule: str, case: str, parameters: dict[str, Any]
) -> None:
    (proof,) = (each for each in CASES if (each.rule, each.name) == (rule, case))
    assert said(proof)[-1].parameters == parameters
