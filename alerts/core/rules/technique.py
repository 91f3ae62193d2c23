"""R14: a technique, a pressure or a site that a disc does not bear."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from alerts.core.profile import Profile
from alerts.core.records import Massage
from alerts.core.rules.findings import Session, expiry, is_acute, sessions_since
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_HARSH: Final = ("manipulation", "spinal_twist", "spinal_stretch")
_SHAKEN: Final = ("shaking", "vibration", "bouncing")
_WITH_CARE: Final = frozenset((*_HARSH, *_SHAKEN, "roller_or_ball"))
_BACK_AND_NECK: Final = frozenset({"neck", "upper_back", "mid_back", "low_back"})
_HOLDS: Final = frozenset((*_HARSH, "over_disc_deep"))
_TEXT_KEYS: Final = {1: "adjust.technique", 2: "hold.technique"}

Findings = Mapping[str, Fact]  # each finding with the answer that speaks for it
_NONE: Final[Findings] = {}


def unsuitable(walk: Walk, since: datetime | None) -> Iterator[Trigger | NotEvaluable]:
    """R14 (rows #39, #45, #46, #48, #50-#55, #59, #77): how, how hard and where it was done."""
    for session in sessions_since(walk, since):
        findings = findings_on(session.massage, session.profile)
        if findings:
            yield _trigger(session, findings, tuple(_repeated(session, findings)))
        if _is_pressure_missing(session):
            yield NotEvaluable(
                because="no pressure given for a massage in the acute phase",
                position=session.massage.position,
                subject=session.massage.id,
            )


def _repeated(session: Session, findings: Findings) -> Iterator[Fact]:
    """The same findings on the massages before, each judged in its own phase.

    What holds by itself rests on its own massage alone.
    """
    if not _HOLDS.isdisjoint(findings):
        return
    for earlier in session.before:
        before = findings_on(earlier.massage, earlier.profile)
        yield from (before[finding] for finding in findings if finding in before)


def findings_on(massage: Massage, profile: Profile) -> Findings:
    """By how the massage was done, and by the phase it was done in."""
    is_calm = not massage.techniques or _WITH_CARE.isdisjoint(massage.techniques)
    is_plain = massage.pressure in ("light", None) and _BACK_AND_NECK.isdisjoint(
        massage.sites or ()
    )
    if is_calm and is_plain and not massage.over_disc and massage.neutral_position is not False:
        return _NONE
    return dict(
        [
            *_of_techniques(massage, _SHAKEN),
            *_of_position(massage),
            *_of_phase(massage, profile),
            *_of_techniques(massage, _HARSH),
        ]
    )


def _of_techniques(massage: Massage, names: tuple[str, ...]) -> Iterator[tuple[str, Fact]]:
    for name in names:
        if name in (massage.techniques or ()):
            yield name, _technique(massage, name)


def _technique(massage: Massage, name: str) -> Fact:
    return Fact(massage, f"techniques.{name}", value=True)


def _of_position(massage: Massage) -> Iterator[tuple[str, Fact]]:
    """Where it was done and how the patient lay."""
    if massage.over_disc:
        yield "over_disc", Fact(massage, "over_disc", value=True)
    if massage.over_disc and massage.pressure == "deep":
        yield "over_disc_deep", _pressure(massage)
    if massage.neutral_position is False:
        yield "not_neutral", Fact(massage, "neutral_position", value=False)
    if "roller_or_ball" in (massage.techniques or ()) and "low_back" in (massage.sites or ()):
        yield "roller_low_back", _technique(massage, "roller_or_ball")


def _pressure(massage: Massage) -> Fact:
    return Fact(massage, "pressure", massage.pressure)


def _of_phase(massage: Massage, profile: Profile) -> Iterator[tuple[str, Fact]]:
    """What is too much before the phase is chronic, and in the acute phase."""
    if massage.pressure == "deep" and profile.phase != "chronic":
        yield "deep", _pressure(massage)
    if not is_acute(profile):
        return
    if massage.pressure not in ("light", None):
        yield "acute_pressure", _pressure(massage)
    sites = _BACK_AND_NECK & (massage.sites or frozenset())
    if sites:
        yield "acute_site", Fact(massage, "sites", ", ".join(sorted(sites)))


def _is_pressure_missing(session: Session) -> bool:
    return session.massage.pressure is None and is_acute(session.profile)


def _trigger(session: Session, findings: Findings, repeated: tuple[Fact, ...]) -> Trigger:
    level = 2 if repeated or not _HOLDS.isdisjoint(findings) else 1
    return Trigger(
        position=session.massage.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=(*findings.values(), *repeated),
        subject=session.massage.id,
        parameters={"findings": list(findings)},
        missing=("pressure",) if _is_pressure_missing(session) else (),
    )


R14: Final = Rule(
    id="R14",
    finds_since=unsuitable,
    asked_back=timedelta(days=20),
    clears=expiry,
    is_dose_advice=True,
)
