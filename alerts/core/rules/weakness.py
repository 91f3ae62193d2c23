"""R03: weakness that grows."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from typing import Final

from alerts.core.neurology import Scores, jumps_at, reference_before, weakness
from alerts.core.records import Entry
from alerts.core.rules.function_checks import losses
from alerts.core.rules.red_flags import has_new_cauda_equina_flag
from alerts.core.rules.weakness_recovery import recovered_at
from alerts.core.standing import Standing, Told
from alerts.core.verdicts import Fact, NotEvaluable, Trigger, as_evidence
from alerts.core.walk import Message, Rule, Walk

_TEXT_KEYS: Final = {3: "doctor.progressive_weakness", 4: "emergency.progressive_weakness"}


def progressive_weakness(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R03 (rows #4, #7, #9, #17): a function lost, or weakness that jumps, rises or is severe."""
    yield from _lost_functions(walk)
    yield from _new_wasting(walk)
    scores = walk.once(weakness)
    for index, entry in enumerate(scores.series.entries):
        for jump in jumps_at(scores, index, walk.parameters.neurology):
            what = "weakness_high" if jump.is_severe else "weakness_jump"
            yield _trigger(3, entry, _values(jump.entries), jump.reference, what)
        if rising := _rising(walk, scores, index):
            reference = scores.references[index]
            yield _trigger(3, entry, _values(rising), reference, "weakness_rising")
        if index == 0:
            yield NotEvaluable(because="no weakness value before", position=entry.position)


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
    scores = walk.once(weakness)
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
        reference = _reference_at(walk, loss.entry)
        yield _trigger(4 if urgent else 3, loss.entry, facts, reference, what)


def _new_wasting(walk: Walk) -> Iterator[Trigger]:
    """(d), second part: muscle wasting, where the last earlier answer is not yes."""
    was_wasted: bool | None = None
    for entry in walk.timeline.entries:
        if entry.muscle_wasting and not was_wasted:
            facts = (Fact(entry, "muscle_wasting", value=True),)
            yield _trigger(3, entry, facts, _reference_at(walk, entry), "muscle_wasting")
        if entry.muscle_wasting is not None:
            was_wasted = entry.muscle_wasting


def _rising(walk: Walk, scores: Scores, index: int) -> list[Entry]:
    """(c): the 3 entries that end here, if they rise strictly, by 3 in all, within 7 days."""
    limits = walk.parameters.weakness
    first = index - limits.rising_entries + 1
    if first < 0:
        return []
    values = scores.series.values[first : index + 1]
    moments = scores.series.moments
    rises = all(earlier < later for earlier, later in pairwise(values))
    enough = values[-1] - values[0] >= limits.rising_total
    if rises and enough and moments[index] - moments[first] <= limits.rising_within:
        return scores.series.entries[first : index + 1]
    return []


def _reference_at(walk: Walk, entry: Entry) -> float | None:
    """`ref` of weakness as of an entry that need not carry the score."""
    series = walk.timeline.weakness
    place = attrgetter("moment", "id")
    index = bisect_left(series.entries, place(entry), key=place)
    return reference_before(series, index, entry.moment, walk.parameters.neurology)


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
