"""A massage that is not yet given, on the diary as it is known now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from alerts.core.records import Massage
from alerts.core.rules import RuleSet
from alerts.core.standing import Failure, Standing
from alerts.core.timeline import Timeline
from alerts.core.verdicts import Trigger
from alerts.core.walk import Walk

_PLANNED: Final = "planned"
_SHORTEST: Final = timedelta(minutes=1)  # no limit minds it
_COUNTED: Final = "professional"  # wherever it is done


def planned_massage(data: Mapping[str, Any], *, now: datetime) -> Massage:
    """A massage that is not yet given, from validated wire fields (times in UTC); all may miss.

    Where nothing else is said it begins now, is as short as can be, and is one that counts. One
    that should have begun before begins now.
    """
    started_at = data.get("started_at", now)
    ended_at = data.get("ended_at", started_at + _SHORTEST)
    begins_at = max(started_at, now)
    times = {"started_at": begins_at, "ended_at": begins_at + (ended_at - started_at)}
    # It lies ahead on purpose: taken as received at its end, its times are not moved back.
    received_at = max(now, times["ended_at"])
    return Massage.of(
        {"id": _PLANNED, "setting": _COUNTED, **data, **times}, received_at=received_at
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A massage that might be given, and what is known besides."""

    timeline: Timeline
    standing: Standing
    now: datetime
    massage: Massage
    rules: RuleSet

    def walk(self) -> Walk:
        """What the rules say as if the massage had been given."""
        known, planned = self.timeline, self.massage
        timeline = Timeline(
            entries=known.entries,
            massages=[*(m for m in known.massages if m.id != planned.id), planned],
            profile_changes=known.profiles.changes,
            acknowledgements=known.acknowledgements,
            closes=known.closes,
            begun_at=known.begun_at,
        )
        now = max(self.now, planned.ended_at)
        walk = Walk(timeline, self.standing, now=now, parameters=self.rules.parameters)
        walk.follow_all(self.rules.walked)
        for rule in self.rules.walked:
            _look_all_the_way_back(walk, rule.id)
        return walk


def _look_all_the_way_back(walk: Walk, rule: str) -> None:
    """Ask for what a rule has put off here, where it can throw and stop nobody else."""
    try:
        walk.triggers(rule)
    except Exception as error:
        walk.failures.append(Failure(rule, error))


def found_on(massage: Massage, walk: Walk, rule: str) -> list[Trigger]:
    """What a rule finds on a massage by the time it ends."""
    return [t for t in walk.triggers(rule) if t.position == massage.position]
