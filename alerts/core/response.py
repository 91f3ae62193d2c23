"""What followed a massage: its windows, its reference, and whether pain is increased.

The same functions feed R07, R08, R09, R18, R19, R20 and the chart of a massage, so that a rule and
the chart cannot disagree.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

from alerts.core.flares import pain_history
from alerts.core.neurology import Scores, numbness, reference_before, weakness
from alerts.core.parameters import AfterMassage as Limits
from alerts.core.parameters import Parameters
from alerts.core.records import Entry, Massage
from alerts.core.standing import Standing
from alerts.core.timeline import Timeline
from alerts.core.walk import Walk

RAISED: Final = "raised"
NOT_RAISED: Final = "not raised"
NOT_ENOUGH: Final = "not enough entries"


@dataclass(frozen=True, slots=True)
class Reference:
    """What pain after a massage is compared with; all None: only the comparative question."""

    pain_before: int | None  # or the pain value that stands in for it
    baseline: float | None
    value: float | None  # the higher of the two


class Response:
    """The observations after one massage (entries with a pain value), window by window."""

    def __init__(self, walk: Walk, massage: Massage) -> None:
        self.massage = massage
        self.limits: Limits = walk.parameters.after_massage
        self._walk = walk
        self._least_increased = self._least()
        moments = walk.timeline.pain.moments
        first = bisect_right(moments, massage.ended_at + self.limits.window_1)
        last = bisect_right(moments, massage.ended_at + self.limits.window_3, first)
        # Those of the second and the third day, by which a massage is judged; and the increased
        # ones among them: with any, the condition of R08 at level 2 holds.
        self.late_observations = walk.timeline.pain.entries[first:last]
        self.late_rises: Sequence[Entry] = ()
        if first < last and self._may_be_increased(first, last):
            self.late_rises = [e for e in self.late_observations if self.is_increased(e)]

    @cached_property
    def reference(self) -> Reference:
        return _reference(self._walk, self.massage)

    @cached_property
    def late_window(self) -> list[str]:
        """When the second day begins and the third ends, as it is shown."""
        windows = (self.limits.window_1, self.limits.window_3)
        return [self.after(window).isoformat() for window in windows]

    def _least(self) -> int:
        """No pain below is increased unless the patient feels worse: `ref` >= `pain_before`."""
        before = self.massage.pain_before
        return 0 if before is None else min(before + self.limits.rise, self.limits.highest_pain)

    def _may_be_increased(self, first: int, last: int) -> bool:
        """Whether any of the observations first..last-1 can be: most cannot, whatever B is."""
        timeline = self._walk.timeline
        highest = max(timeline.pain.values[first:last])
        return highest >= self._least_increased or "worse" in timeline.global_changes[first:last]

    def has_reference(self) -> bool:
        """Whether there is anything to compare pain with."""
        return self.massage.pain_before is not None or self.reference.value is not None

    def after(self, hours: timedelta) -> datetime:
        return self.massage.ended_at + hours

    def observations(self, after: timedelta, until: timedelta) -> Sequence[Entry]:
        """Observations with after < t <= until."""
        return self._walk.timeline.pain.within(self.after(after), self.after(until))

    def is_increased(self, entry: Entry) -> bool | None:
        """Whether the pain of an observation is increased; None if that cannot be judged."""
        pain = entry.pain
        if pain is None:
            return None
        change = entry.after_massage.global_change
        if change != "worse" and pain < self._least_increased:
            return False
        reference = self.reference.value
        if reference is None:
            return None if change is None else change == "worse"
        if pain >= reference + self.limits.rise:
            return True
        at_ceiling = reference >= self.limits.ceiling
        if change == "worse":
            return at_ceiling or pain >= self._least_when_worse(reference)
        return at_ceiling and pain == self.limits.highest_pain

    def _least_when_worse(self, reference: float) -> float:
        """A smaller rise counts, and one above `pain_before` alone, if the patient feels worse."""
        least = reference + self.limits.rise_when_worse
        before = self.reference.pain_before
        return least if before is None else min(least, before + self.limits.rise)

    def early_rises(self) -> list[Entry]:
        """The increased observations of the first window, which alone are not R08."""
        observed = self.observations(timedelta(0), self.limits.window_1)
        return [entry for entry in observed if self.is_increased(entry)]


def responses(walk: Walk) -> dict[str, Response]:
    """The response to every massage, by its id, in walk order."""
    return {massage.id: Response(walk, massage) for massage in walk.timeline.massages}


def massage_of(walk: Walk, entry: Entry) -> Massage | None:
    """The one massage that `soreness`, and for R07 `new_neuro`, belong to.

    That is the one named, if it is known and ended before the entry, else the last that did.
    """
    name, timeline = entry.after_massage.massage, walk.timeline
    named = None if name is None else walk.lasting(massages_by_id).get(name)
    if named is not None and named.ended_at < entry.moment:
        return named
    ended = bisect_left(timeline.massage_ends, entry.moment)
    return timeline.massages[ended - 1] if ended else None


def massages_by_id(walk: Walk) -> Mapping[str, Massage]:
    """All massages of the timeline."""
    return {massage.id: massage for massage in walk.timeline.massages}


def _reference(walk: Walk, massage: Massage) -> Reference:
    clean = walk.lasting(pain_history).clean.before_massage(massage)
    baseline = None if clean is None else clean.median
    before = pain_before(walk, massage)
    known = [value for value in (before, baseline) if value is not None]
    return Reference(before, baseline, max(known, default=None))


def pain_before(walk: Walk, massage: Massage) -> int | None:
    """The pain before a massage, or for it the last pain value in the 36 h up to the start."""
    if massage.pain_before is not None:
        return massage.pain_before
    pain = walk.timeline.pain
    last = pain.first_after(massage.started_at) - 1
    window = walk.parameters.after_massage.stand_in_window
    first = bisect_left(pain.moments, massage.started_at - window)
    return pain.values[last] if last >= first else None


@dataclass(frozen=True, slots=True)
class Change:
    """One score (0-10) in one window.

    `change`: points from the reference to the highest value, negative below it; None where the
    window has no value or the score no reference. `verdict`: RAISED, NOT_RAISED or NOT_ENOUGH.
    """

    change: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Window:
    """What was felt in the hours after the end of a massage, the last of them included."""

    hours: str  # such as "24-48"
    pain: Change
    numbness: Change
    weakness: Change


@dataclass(frozen=True, slots=True)
class Chart:
    """What followed one massage; `reference` is that of pain in points (0-10), None without one."""

    massage: str
    reference: float | None
    windows: tuple[Window, ...]


def chart(timeline: Timeline, massage: Massage, *, parameters: Parameters) -> Chart:
    """The response to a massage of the timeline, judged as the rules judge it."""
    walk = Walk(timeline, Standing(), now=massage.ended_at, parameters=parameters)
    response = Response(walk, massage)
    limits = response.limits
    ends = (timedelta(0), limits.window_1, limits.window_2, limits.window_3)
    numb = partial(_nerve_change, walk, walk.lasting(numbness), response)
    weak = partial(_nerve_change, walk, walk.lasting(weakness), response)
    return Chart(
        massage=massage.id,
        reference=response.reference.value,
        windows=tuple(
            Window(
                hours=f"{_hours(after)}-{_hours(until)}",
                pain=_pain_change(response, after, until),
                numbness=numb(after, until),
                weakness=weak(after, until),
            )
            for after, until in pairwise(ends)
        ),
    )


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):g}"


def _pain_change(response: Response, after: timedelta, until: timedelta) -> Change:
    observed = response.observations(after, until)
    judged = [said for e in observed if (said := response.is_increased(e)) is not None]
    values = [entry.pain for entry in observed if entry.pain is not None]
    return _change(values, response.reference.value, judged)


def _nerve_change(
    walk: Walk, scores: Scores, response: Response, after: timedelta, until: timedelta
) -> Change:
    """Against `ref` as of the start; also raised where R08 says so, by the entry's own `ref`."""
    series, limits = scores.series, walk.parameters.neurology
    started_at = response.massage.started_at
    reference = reference_before(series, series.first_after(started_at), started_at, limits)
    within = range(
        series.first_after(response.after(after)), series.first_after(response.after(until))
    )
    rise = limits.pair_rise
    values = [series.values[index] for index in within]
    judged = [scores.is_raised(index, rise=rise) for index in within]
    if reference is None:
        judged = [said for said in judged if said]
    else:
        judged.extend(value >= reference + rise for value in values)
    return _change(values, reference, judged)


def _change(values: Sequence[int], reference: float | None, judged: Sequence[bool]) -> Change:
    change = None if reference is None or not values else max(values) - reference
    if not judged:
        return Change(change, NOT_ENOUGH)
    return Change(change, RAISED if any(judged) else NOT_RAISED)
