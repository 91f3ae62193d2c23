"""R09: sore muscles after a massage, common for two days and no longer."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from alerts.core.episodes import Episode
from alerts.core.parameters import Soreness as Limits
from alerts.core.records import Entry, Massage, Position, Rank
from alerts.core.response import massage_of, massages_by_id, responses
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_HOLD: Final = 2
_TEXT_KEYS: Final = {0: "info.soreness", 2: "hold.soreness"}


class Sore(NamedTuple):
    """An entry that says how sore the muscles are, and the massage this belongs to."""

    entry: Entry
    massage: Massage
    soreness: int
    since: timedelta  # the time since the massage


def soreness_after(walk: Walk, since: datetime | None) -> Iterator[Trigger | NotEvaluable]:
    """R09 (row #69): soreness; level 2 if it lasts over 48 hours, or is strong and worse."""
    overruled = walk.once(held_for_pain)
    for sore in _sore_since(walk, since):
        found = _judged(walk, sore)
        # R08 says more about the same massage; while it holds, soreness adds nothing.
        if found is not None and not _is_within(overruled, sore.massage, found.position):
            yield found


def _sore_since(walk: Walk, since: datetime | None) -> Iterable[Sore]:
    """All that was said on the massages for which soreness may stand at or after a moment."""
    if since is None:
        return _sore(walk, walk.timeline.entries)
    limits, timeline = walk.parameters.soreness, walk.timeline
    oldest = since - max(limits.info_clears_after, limits.hold_clears_after)
    first = bisect_left(timeline.moments, oldest)
    recent = list(_sore(walk, timeline.entries[first:]))
    massages = {sore.massage.id: sore.massage for sore in recent}
    if not massages:
        return ()
    ended_at = min(massage.ended_at for massage in massages.values())
    # What was said of these massages before.
    earlier = _sore(walk, timeline.entries[bisect_left(timeline.moments, ended_at) : first])
    return [*(sore for sore in earlier if sore.massage.id in massages), *recent]


def _sore(walk: Walk, entries: Iterable[Entry]) -> Iterator[Sore]:
    """The entries with an answer to `soreness` that belongs to a massage."""
    for entry in entries:
        soreness = entry.after_massage.soreness
        if soreness is None:
            continue
        massage = massage_of(walk, entry)
        if massage is not None:
            yield Sore(entry, massage, soreness, entry.moment - massage.ended_at)


def _judged(walk: Walk, sore: Sore) -> Trigger | NotEvaluable | None:
    limits = walk.parameters.soreness
    if _is_strong(sore, limits):
        return _trigger(2, sore, Fact(sore.entry, "after_massage.global_change", "worse"))
    if _lingers(sore, limits):
        return _trigger(2, sore)
    if sore.soreness > 0 and sore.since <= limits.common_within:
        return _common(walk, sore)
    return None


def _lingers(sore: Sore, limits: Limits) -> bool:
    in_time = limits.common_within < sore.since <= limits.lingers_until
    return in_time and sore.soreness >= limits.lingers_from


def _is_strong(sore: Sore, limits: Limits) -> bool:
    """Strong and worse after a day; this has no end, for no further day makes it better."""
    return (
        sore.soreness > limits.strong_above
        and sore.since >= limits.strong_from
        and sore.entry.after_massage.global_change == "worse"
    )


def _common(walk: Walk, sore: Sore) -> Trigger | NotEvaluable | None:
    """Level 0: pain is not increased, and nothing new is numb, weak or tingling."""
    entry = sore.entry
    if entry.pain is None or entry.after_massage.new_neuro is not False:
        return None
    is_increased = walk.once(responses)[sore.massage.id].is_increased(entry)
    if is_increased is None:
        return NotEvaluable(
            because="no pain value before the massage, and no comparison with it",
            position=entry.position,
            subject=sore.massage.id,
        )
    if is_increased:
        return None
    no_signs = Fact(entry, "after_massage.new_neuro", value=False)
    return _trigger(0, sore, Fact(entry, "pain", entry.pain), no_signs)


def _trigger(level: int, sore: Sore, *more: Fact) -> Trigger:
    entry, massage = sore.entry, sore.massage
    return Trigger(
        position=entry.position,
        level=level,
        text_key=_TEXT_KEYS[level],
        facts=(
            Fact(massage, "ended_at", massage.ended_at),
            Fact(entry, "after_massage.soreness", sore.soreness),
            *more,
        ),
        subject=massage.id,
        parameters={
            "value": sore.soreness,
            "hours": round(sore.since / timedelta(hours=1), 1),
        },
    )


class Span(NamedTuple):
    """A stretch of the walk; `until` does not belong to it, None is without end."""

    since: Position
    until: Position | None

    def holds(self, position: Position) -> bool:
        return self.since <= position and (self.until is None or position < self.until)


Spans = Mapping[str | None, list[Span]]


def held_for_pain(walk: Walk) -> Spans:
    """Where R08 stands at level 2 or above, by massage."""
    spans: dict[str | None, list[Span]] = {}
    for episode in walk.episodes("R08"):
        since = episode.reached_at(_HOLD)
        if since is not None:
            spans.setdefault(episode.subject, []).append(Span(since, episode.ended))
    return spans


def _is_within(spans: Spans, massage: Massage, position: Position) -> bool:
    return any(span.holds(position) for span in spans.get(massage.id, ()))


def eased(walk: Walk, episode: Episode) -> Position:
    """Where R09 ends: level 0 after 72 h, level 2 without soreness or in time; both for R08."""
    return min([_eased_at(walk, episode), *_overruled_at(walk, episode)])


def _eased_at(walk: Walk, episode: Episode) -> Position:
    limits = walk.parameters.soreness
    if episode.level < _HOLD:
        massage = walk.lasting(massages_by_id)[str(episode.subject)]
        return Position(massage.ended_at + limits.info_clears_after, Rank.DUE)
    expiry = Position(episode.newest.at + limits.hold_clears_after, Rank.DUE)
    later = walk.timeline.entries_within(episode.newest.at, expiry.at)
    gone = (
        sore.entry.position
        for sore in _sore(walk, later)
        if sore.soreness == 0 and sore.massage.id == episode.subject
    )
    return min(next(gone, expiry), expiry)


def _overruled_at(walk: Walk, episode: Episode) -> Iterator[Position]:
    """The first place from the newest trigger on at which R08 holds."""
    for span in walk.once(held_for_pain).get(episode.subject, ()):
        if span.until is None or episode.newest < span.until:
            yield max(span.since, episode.newest)


R09: Final = Rule(
    id="R09",
    finds_since=soreness_after,
    asked_back=timedelta(days=20),
    clears=eased,
    reads=frozenset({"R08"}),
)
