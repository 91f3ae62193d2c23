"""One patient's diary in the order of the walk, with the series and windows the rules ask for."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import compress
from operator import attrgetter
from typing import Any

from alerts.core.profile import Profile, ProfileChange, ProfileHistory
from alerts.core.records import Acknowledgement, Close, Entry, Massage

__all__ = [
    "Acknowledgement",
    "Close",
    "Entry",
    "Massage",
    "Profile",
    "ProfileChange",
    "Series",
    "Timeline",
]


class Series:
    """The entries that carry one score, in walk order, with their values and moments."""

    def __init__(self, timeline: "Timeline", score: Callable[[Entry], int | None]) -> None:
        scores = list(map(score, timeline.entries))
        answered = [value is not None for value in scores]
        self.values = [value for value in scores if value is not None]
        self.entries = list(compress(timeline.entries, answered))
        self.moments = list(compress(timeline.moments, answered))

    def __len__(self) -> int:
        return len(self.entries)

    def first_after(self, moment: datetime) -> int:
        """The index of the first entry later than `moment` (the length if there is none)."""
        return bisect_right(self.moments, moment)

    def within(self, after: datetime, until: datetime) -> Sequence[Entry]:
        """The entries in the half-open window (after, until]."""
        return self.entries[self.first_after(after) : self.first_after(until)]


class Timeline:
    """The newest version of every record that is not deleted, the profile, and the acts.

    All moments are aware UTC datetimes. An acknowledgement belongs here only if an alert of its
    rule was open when it came. `begun_at` is when the patient was first heard of.
    """

    def __init__(  # noqa: PLR0913 - one door, and everything at it has its name
        self,
        entries: Iterable[Entry] = (),
        massages: Iterable[Massage] = (),
        profile_changes: Iterable[ProfileChange] = (),
        acknowledgements: Iterable[Acknowledgement] = (),
        closes: Iterable[Close] = (),
        *,
        begun_at: datetime | None = None,
    ) -> None:
        self.entries: Sequence[Entry] = sorted(entries, key=attrgetter("moment", "id"))
        self.massages: Sequence[Massage] = sorted(massages, key=attrgetter("ended_at", "id"))
        self.profiles = ProfileHistory(profile_changes)
        self.acknowledgements = sorted(acknowledgements, key=attrgetter("at"))
        self.closes = sorted(closes, key=attrgetter("arrival"))
        self.begun_at = begun_at
        self.computed: dict[Any, Any] = {}  # by the walks over it, each for all that follow

    @cached_property
    def pain(self) -> Series:
        return Series(self, attrgetter("pain"))

    @cached_property
    def global_changes(self) -> Sequence[str | None]:
        """How the patient felt since the massage, at each pain entry."""
        return [entry.after_massage.global_change for entry in self.pain.entries]

    @cached_property
    def weakness(self) -> Series:
        return Series(self, attrgetter("weakness"))

    @cached_property
    def numbness(self) -> Series:
        return Series(self, attrgetter("numbness"))

    @cached_property
    def moments(self) -> Sequence[datetime]:
        """The moments of all entries."""
        return [entry.moment for entry in self.entries]

    @cached_property
    def massage_ends(self) -> Sequence[datetime]:
        """T0 of all massages."""
        return [massage.ended_at for massage in self.massages]

    def entries_within(self, after: datetime, until: datetime) -> Sequence[Entry]:
        """The entries in the half-open window (after, until]."""
        return self.entries[bisect_right(self.moments, after) : bisect_right(self.moments, until)]

    def date_of(self, instant: datetime) -> date:
        """The patient's local date at an instant."""
        return self.profiles.days.date_of(instant)
