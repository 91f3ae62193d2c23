"""Findings on one massage: what it is judged by, and when a finding on it is over."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from alerts.core.episodes import Episode
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position, Rank
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk


class Session(NamedTuple):
    """A massage with the profile valid at its start, among all massages."""

    massage: Massage
    profile: Profile
    place: int  # 0 for the first on the timeline
    among: "Sessions"

    @property
    def on(self) -> date:
        """The local date of its start."""
        return self.among.date_of(self.massage)

    @property
    def before(self) -> Sequence["Session"]:
        """Those before it, as many as a repeated finding is looked for in, the last one last."""
        return self.among.before(self.place)

    @property
    def fact(self) -> Fact:
        """The massage itself, where nothing that was answered about it speaks."""
        return Fact(self.massage, "started_at", self.massage.started_at)


class Sessions:
    """All massages in walk order, each looked up when it is asked for: most never are."""

    def __init__(self, walk: Walk) -> None:
        self._timeline = walk.timeline
        self._count_before = walk.parameters.findings.massages_before
        self._found: dict[int, Session] = {}

    def at(self, place: int) -> Session:
        if place not in self._found:
            massage = self._timeline.massages[place]
            profile = self._timeline.profiles.at(massage.started_at)
            self._found[place] = Session(massage, profile, place, self)
        return self._found[place]

    def before(self, place: int) -> Sequence[Session]:
        return [self.at(earlier) for earlier in range(max(place - self._count_before, 0), place)]

    def date_of(self, massage: Massage) -> date:
        return self._timeline.date_of(massage.started_at)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """By the ids of the massages."""
        return {massage.id: place for place, massage in enumerate(self._timeline.massages)}


def sessions_since(walk: Walk, since: datetime | None) -> Iterable[Session]:
    """The massages on which a finding may stand at or after a moment, in walk order; None: all."""
    ends = walk.timeline.massage_ends
    first = 0
    if since is not None:
        first = bisect_left(ends, since - walk.parameters.findings.clear_after)
    return map(walk.once(Sessions).at, range(first, len(ends)))


def session_on(walk: Walk, massage: str) -> Session:
    """A massage of the timeline, by its id."""
    sessions = walk.once(Sessions)
    return sessions.at(sessions.places[massage])


def session_of(walk: Walk, episode: Episode) -> Session:
    """The massage that is the subject of an episode."""
    return session_on(walk, str(episode.subject))


def is_acute(profile: Profile) -> bool:
    """Whether the phase is acute; one that is unknown counts as acute."""
    return profile.phase in ("acute", "unknown")


def expiry(walk: Walk, episode: Episode) -> Position:
    """7 days after the end of the massage a finding on it is over."""
    ended_at = session_of(walk, episode).massage.ended_at
    return Position(ended_at + walk.parameters.findings.clear_after, Rank.DUE)


def profiles_from(walk: Walk, position: Position) -> Iterator[tuple[Position, Profile]]:
    """The profile at a position, and that of each change after it."""
    profiles = walk.timeline.profiles
    yield position, profiles.at(position.at)
    for changed_at in profiles.changed_at[bisect_right(profiles.changed_at, position.at) :]:
        yield Position(changed_at, Rank.DUE), profiles.at(changed_at)
