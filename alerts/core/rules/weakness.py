"""R03: weakness that grows."""

from collections.abc import Iterable, Iterator
from itertools import pairwise, starmap
from operator import lt
from typing import Final

from alerts.core.neurology import jumps_at, reference_at, weakness
from alerts.core.records import Entry
from alerts.core.rules.function_checks import losses
from alerts.core.rules.red_flags import has_new_cauda_equina_flag
from alerts.core.rules.weakness_recovery import recovered_at
from alerts.core.standing import Standing, Told
from alerts.core.timeline import Series
from alerts.core.verdicts import Fact, NotEvaluable, Trigger, as_evidence
from alerts.core.walk import Message, Rule, Walk

_TEXT_KEYS: Final = {3: "doctor.progressive_weakness", 4: "emergency.progressive_weakness"}


def progressive_weakness(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R03 (rows #4, #7, #9, #17): a function lost, or weakness that jumps, rises or is severe."""
    yield from _lost_functions(walk)
    yield from _new_wasting(walk)
    scores = walk.lasting(weakness)
    for first in scores.series.entries[:1]:
        yield NotEvaluable(because="no weakness value before", position=first.position)
    for index in scores.may_jump():
        entry = scores.series.entries[index]
        for jump in jumps_at(scores, index):
            what = "weakness_high" if jump.is_severe else "weakness_jump"
            yield _trigger(3, entry, _values(jump.entries), jump.reference, what)
    for rising in _rising(walk, scores.series):
        reference = reference_at(scores, rising[-1])
        yield _trigger(3, rising[-1], _values(rising), reference, "weakness_rising")


def prompt_function_check(walk: Walk, after: Standing) -> Iterator[Message]:
    """The prompt of R03 (row #4): a first rise of 2 asks for the function checks now."""
    every = walk.parameters.weakness.prompt_every
    told = [told.at for told in after.told if told.rule == "R03"]
    if after.alert("R03") is not None or any(walk.now - at < every for at in told):
        return
    for entry, reference in _raised_arrivals(walk):
        yield Message(
            event="reminder",
            level=0,
            text_key="prompt.function_check",
            evidence=as_evidence(_values([entry])),
            told=Told("R03", None, "prompt", walk.now),
            parameters={"value": entry.weakness, "reference": reference},
        )
        return  # one prompt asks for all checks


def _raised_arrivals(walk: Walk) -> Iterable[tuple[Entry, float | None]]:
    scores = walk.lasting(weakness)
    rise = walk.parameters.neurology.pair_rise
    stale_after = walk.parameters.recording.stale_after
    return (
        (entry, scores.references[index])
        for index, entry in enumerate(scores.series.entries)
        if entry.id in walk.arrivals
        and scores.is_raised(index, rise=rise)
        and walk.now - entry.moment <= stale_after
    )


def _lost_functions(walk: Walk) -> Iterator[Trigger]:
    """(a): level 4 if something is lost on both sides, or with a new red flag."""
    for loss in losses(walk.timeline.entries):
        known = walk.timeline.profiles.at(loss.entry.moment).longstanding_flags
        urgent = loss.on_both_sides or has_new_cauda_equina_flag(loss.entry, known)
        what = "function_lost_with_red_flag" if urgent else "function_lost"
        if loss.on_both_sides:
            what = "function_lost_both_sides"
        facts = loss.facts + loss.on_both_sides
        reference = reference_at(walk.lasting(weakness), loss.entry)
        yield _trigger(4 if urgent else 3, loss.entry, facts, reference, what)


def _new_wasting(walk: Walk) -> Iterator[Trigger]:
    """(d), second part: muscle wasting, where the last earlier answer is not yes."""
    was_wasted: bool | None = None
    for entry in walk.timeline.entries:
        if entry.muscle_wasting and not was_wasted:
            facts = (Fact(entry, "muscle_wasting", value=True),)
            reference = reference_at(walk.lasting(weakness), entry)
            yield _trigger(3, entry, facts, reference, "muscle_wasting")
        if entry.muscle_wasting is not None:
            was_wasted = entry.muscle_wasting


def _rising(walk: Walk, series: Series) -> Iterator[list[Entry]]:
    """(c): 3 consecutive entries, if they rise strictly, by 3 in all, within 7 days."""
    limits = walk.parameters.weakness
    size = limits.rising_entries
    values, moments = series.values, series.moments
    for first, (before, value) in enumerate(zip(values, values[size - 1 :], strict=False)):
        if value - before < limits.rising_total:
            continue  # cheap, and most do not
        rises = all(starmap(lt, pairwise(values[first : first + size])))
        if rises and moments[first + size - 1] - moments[first] <= limits.rising_within:
            yield series.entries[first : first + size]


def _values(entries: Iterable[Entry]) -> tuple[Fact, ...]:
    return tuple(Fact(entry, "weakness", entry.weakness) for entry in entries)


def _trigger(
    level: int, entry: Entry, facts: tuple[Fact, ...], reference: float | None, what: str
) -> Trigger:
    return Trigger(
        position=entry.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=facts,
        reference=reference,
        parameters={"reference": reference, "what": what},
        missing=("reference",) if reference is None else (),
    )


R03: Final = Rule(
    id="R03", finds=progressive_weakness, clears=recovered_at, says=prompt_function_check
)
