"""R08: pain that lasts more than 24 hours after a massage."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.neurology import Scores, numbness, weakness
from alerts.core.records import Entry, Position, Rank
from alerts.core.response import Response, responses
from alerts.core.verdicts import Effect, Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_TEXT_KEYS: Final = {
    1: "wait.no_answer",
    2: "hold.pain_over_24h",
    3: "doctor.pain_over_24h",
}


def pain_over_24h(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R08 (rows #30, #70): pain above its reference more than 24 hours after a massage."""
    for response in walk.once(responses).values():
        unknown_at = _unknown_at(response)
        if unknown_at is not None:
            yield _trigger(response, 1, Position(unknown_at, Rank.DUE), ())
        # Without a late rise nothing is found; without a reference something may be missing.
        if response.late_rises or not response.has_reference():
            yield from _increased(walk, response)


def _unknown_at(response: Response) -> datetime | None:
    """The end of the second day, if no observation of that day had arrived by then."""
    over_at = response.after(response.limits.window_2)
    for entry in response.late_observations:
        if entry.received.at <= over_at and entry.moment <= over_at:
            return None
    return over_at


def _increased(walk: Walk, response: Response) -> Iterator[Trigger | NotEvaluable]:
    """Levels 2 and 3."""
    ended_at, end = response.massage.ended_at, response.after(response.limits.window_3)
    entries = walk.timeline.entries_within(ended_at, end)
    course = _Course(response, _neuro_entries(walk, entries, ended_at, end))
    for entry in entries:
        yield from course.take(entry)


def _neuro_entries(
    walk: Walk, entries: Iterable[Entry], after: datetime, until: datetime
) -> dict[str, Fact]:
    """Those of the entries in (after, until] that speak for a nerve, by id, with what they say."""
    triggers = walk.once(_nerve_triggers)
    found = {e.id: _newest_fact(triggers[e.id]) for e in entries if e.id in triggers}
    for scores in (walk.lasting(weakness), walk.lasting(numbness)):
        found.update(_raised(scores, walk.parameters.neurology.pair_rise, after, until))
    for entry in entries:
        if entry.after_massage.new_neuro:
            found[entry.id] = Fact(entry, "after_massage.new_neuro", value=True)
    return found


def _nerve_triggers(walk: Walk) -> dict[str, Trigger]:
    """The triggers of R03 and R05, by the entry at which they stand."""
    return {
        trigger.position.id: trigger
        for trigger in (*walk.triggers("R03"), *walk.triggers("R05"))
        if trigger.effect is not Effect.RAISES  # that is no trigger of its own
    }


def _newest_fact(trigger: Trigger) -> Fact:
    return max(trigger.facts, key=lambda fact: fact.record.position)


def _raised(
    scores: Scores, rise: int, after: datetime, until: datetime
) -> Iterator[tuple[str, Fact]]:
    series = scores.series
    for index in range(series.first_after(after), series.first_after(until)):
        if scores.is_raised(index, rise=rise):
            entry = series.entries[index]
            yield entry.id, Fact(entry, scores.name, series.values[index])


class _Course:
    """What followed one massage, taken entry by entry in walk order: levels 2 and 3."""

    def __init__(self, response: Response, symptoms: Mapping[str, Fact]) -> None:
        self._response = response
        self._neuro = symptoms
        self._second_day = response.after(response.limits.window_1)
        self._third_day = response.after(response.limits.window_2)
        self._rises: list[Entry] = []
        self._symptoms: list[Fact] = []

    def take(self, entry: Entry) -> Iterator[Trigger | NotEvaluable]:
        symptom = self._neuro.get(entry.id)
        if symptom is not None:
            self._symptoms.append(symptom)
        if entry.pain is not None and entry.moment > self._second_day:
            is_increased = self._response.is_increased(entry)
            if is_increased is None:
                yield self._not_evaluable(entry)
            if is_increased:
                yield from self._rise(entry)
                return
        if symptom is not None:
            yield from self._rise_with_symptom(entry)

    def _rise(self, entry: Entry) -> Iterator[Trigger]:
        yield _trigger(self._response, 2, entry.position, _pains([entry]))
        if entry.moment > self._third_day:
            yield from self._rise_on_third_day(entry)
        self._rises.append(entry)
        yield from self._rise_with_symptom(entry)

    def _rise_on_third_day(self, entry: Entry) -> Iterator[Trigger]:
        earlier = [rise for rise in self._rises if rise.moment <= self._third_day]
        if earlier or entry.after_massage.global_change == "worse":
            yield _trigger(self._response, 3, entry.position, _pains([*earlier, entry]))

    def _rise_with_symptom(self, entry: Entry) -> Iterator[Trigger]:
        if self._rises and self._symptoms:
            facts = (*_pains(self._rises), *self._symptoms)
            yield _trigger(self._response, 3, entry.position, facts)

    def _not_evaluable(self, entry: Entry) -> NotEvaluable:
        return NotEvaluable(
            because="no pain value before the massage, and no comparison with it",
            position=entry.position,
            subject=self._response.massage.id,
        )


def _pains(entries: Iterable[Entry]) -> tuple[Fact, ...]:
    return tuple(Fact(entry, "pain", entry.pain) for entry in entries)


def _trigger(
    response: Response, level: int, position: Position, facts: tuple[Fact, ...]
) -> Trigger:
    massage, limits, reference = response.massage, response.limits, response.reference
    newest = next((fact for fact in reversed(facts) if fact.field == "pain"), None)
    return Trigger(
        position=position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=(Fact(massage, "pain_before", massage.pain_before), *facts),
        subject=massage.id,
        reference=reference.value,
        parameters={
            "value": newest and newest.value,
            "hours": newest and _hours(newest.record.moment - massage.ended_at),
            "reference": reference.value,
            "threshold": None if reference.value is None else reference.value + limits.rise,
            "baseline": reference.baseline,
            "window": response.late_window,
        },
        missing=tuple(
            name
            for name, value in (
                ("pain_before", massage.pain_before),
                ("baseline", reference.baseline),
            )
            if value is None
        ),
    )


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 1)


def over(walk: Walk, episode: Episode) -> Position | None:
    """Where R08 ends: level 1 once answered, the others at the second of two calm entries."""
    response = walk.once(responses)[str(episode.subject)]
    return _answered_at(walk, response) if episode.level == 1 else _calm_at(walk, response, episode)


def _answered_at(walk: Walk, response: Response) -> Position | None:
    """The first receipt of an observation from the second day or later."""
    pain = walk.timeline.pain
    later = pain.entries[pain.first_after(response.after(response.limits.window_1)) :]
    received = min((entry.received.at for entry in later), default=None)
    return None if received is None else Position(received, Rank.DUE)


def _calm_at(walk: Walk, response: Response, episode: Episode) -> Position | None:
    """The second of 2 consecutive calm pain entries, after the newest trigger and 48 hours."""
    pain = walk.timeline.pain
    since = max(response.after(response.limits.window_2), episode.newest.at)
    for first, second in pairwise(pain.entries[pain.first_after(since) :]):
        if _is_calm(response, first) and _is_calm(response, second):
            return second.position
    return None


def _is_calm(response: Response, entry: Entry) -> bool:
    reference, limits = response.reference.value, response.limits
    if reference is None:
        return entry.after_massage.global_change in ("better", "same")
    highest = min(reference + limits.calm_rise, limits.highest_pain - 1)
    return entry.pain is not None and entry.pain <= highest


R08: Final = Rule(id="R08", finds=pain_over_24h, clears=over, reads=frozenset({"R03", "R05"}))
