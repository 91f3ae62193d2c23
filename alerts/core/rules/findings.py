"""Findings on one massage: what it is judged by, and when a finding on it is over."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from alerts.core.days import Days
from alerts.core.episodes import Episode
from alerts.core.profile import Profile
from alerts.core.records import Massage, Position, Rank
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk


class Session(NamedTuple):
    """A massage with the profile valid at its start, and the massages before it."""

    massage: Massage
    profile: Profile
    days: Days
    place: int  # 0 for the first on the timeline
    before: Sequence["Session"]  # as many as a repeated finding is looked for in, the last one last

    @property
    def on(self) -> date:
        """The local date of its start."""
        return self.days.date_of(self.massage.started_at)

    @property
    def fact(self) -> Fact:
        """The massage itself, where nothing that was answered about it speaks."""
        return Fact(self.massage, "started_at", self.massage.started_at)


def sessions(walk: Walk) -> dict[str, Session]:
    """All massages by id, in walk order."""
    found: list[Session] = []
    profiles = walk.timeline.profiles
    count = walk.parameters.findings.massages_before
    for place, massage in enumerate(walk.timeline.massages):
        before = found[max(place - count, 0) :]
        profile = profiles.at(massage.started_at)
        found.append(Session(massage, profile, profiles.days, place, before))
    return {session.massage.id: session for session in found}


def sessions_since(walk: Walk, since: datetime | None) -> Iterable[Session]:
    """The massages on which a finding may stand at or after a moment, in walk order; None: all."""
    every = walk.once(sessions)
    if since is None:
        return every.values()
    oldest = since - walk.parameters.findings.clear_after
    first = bisect_left(walk.timeline.massage_ends, oldest)
    return (every[massage.id] for massage in walk.timeline.massages[first:])


def session_of(walk: Walk, episode: Episode) -> Session:
    """The massage that is the subject of an episode."""
    return walk.once(sessions)[str(episode.subject)]


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
