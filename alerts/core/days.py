"""Local days: from instants to the patient's dates and clock times, and back."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time()


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


# A diary is walked anew at each step, and almost all its instants are those of the step before.
@lru_cache(maxsize=16384)
def _date_in(zone: ZoneInfo, instant: datetime) -> date:
    return instant.astimezone(zone).date()


# Patients share the mornings and midnights that are asked for at each step.
@lru_cache(maxsize=8192)
def first_instant(
    zone: ZoneInfo, on: date, at: time, not_before: datetime | None = None
) -> datetime:
    """The first UTC instant at which the zone's clock shows that date and time, or later.

    In a gap that is the first instant after it, in a repeated hour the first of the two.
    """
    wanted = datetime.combine(on, at)
    if not_before is not None and _local(not_before, zone) >= wanted:
        return not_before
    first = wanted.replace(tzinfo=zone).astimezone(UTC)
    second = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:
        return _end_of_gap(zone, wanted, between=(second, first))
    if not_before is not None and first < not_before:
        return second
    return first


def _end_of_gap(
    zone: ZoneInfo, wanted: datetime, *, between: tuple[datetime, datetime]
) -> datetime:
    """Clocks jump over `wanted` within `between`; zones change their offset at whole seconds."""
    start = between[0].replace(microsecond=0)
    seconds = range(int((between[1] - start).total_seconds()) + 1)
    found = bisect_left(
        seconds, wanted, key=lambda second: _local(start + timedelta(seconds=second), zone)
    )
    return start + timedelta(seconds=found)


def after_quiet_hours(moment: datetime, *, zone: ZoneInfo, start: time, end: time) -> datetime:
    """A moment, or the end of the quiet hours it falls in: start included, end not."""
    local = moment.astimezone(zone)
    clock = local.time()
    day = local.date()
    if start <= end:
        is_quiet = start <= clock < end
    else:
        is_quiet = clock >= start or clock < end
        day += timedelta(days=clock >= start)
    return max(moment, first_instant(zone, day, end)) if is_quiet else moment


class Days:
    """The patient's calendar; a change of zone is valid from its own instant on.

    `zones` are (from, zone) in order of time; the first also counts for the time before it.
    """

    def __init__(self, zones: Sequence[tuple[datetime, ZoneInfo]]) -> None:
        self._zones = [zone for _, zone in zones] or [ZoneInfo("UTC")]
        self._changes = [at for at, _ in zones[1:]]
        self._begins: dict[date, datetime] = {}  # asked for again and again

    def zone_at(self, instant: datetime) -> ZoneInfo:
        return self._zones[bisect_right(self._changes, instant)]

    def date_of(self, instant: datetime) -> date:
        """The local date of an instant, in the zone valid at that instant."""
        return _date_in(self.zone_at(instant), instant)

    def dates_of(self, instants: Iterable[datetime]) -> list[date]:
        """The local dates of many instants."""
        if self._changes:
            return [self.date_of(instant) for instant in instants]
        zone = self._zones[0]
        return [_date_in(zone, instant) for instant in instants]

    def midnights_after(self, instant: datetime) -> Iterator[datetime]:
        """The first instant of each local date that begins after `instant`, without end."""
        day = self.date_of(instant)
        while True:
            day += _ONE_DAY
            begins = self.begin_of(day)
            # After a journey west a date returns; it began once, at its first instant.
            if begins > instant:
                yield begins

    def begin_of(self, day: date) -> datetime:
        """The first instant at which the patient's clock shows that date, or a later one."""
        if day not in self._begins:
            self._begins[day] = self.moment_of(day, _MIDNIGHT)
        return self._begins[day]

    def moment_of(self, day: date, clock: time) -> datetime:
        """The first instant at which the patient's clock shows that date and time, or later."""
        not_before = None
        for zone, change in zip(self._zones, self._changes, strict=False):
            moment = first_instant(zone, day, clock, not_before)
            if moment < change:
                return moment
            not_before = change
        return first_instant(self._zones[-1], day, clock, not_before)
