"""The patient's profile as a dated history."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from alerts.core.days import Days

_QUIET_HOURS: Final = "21:00-08:00"


@dataclass(frozen=True, slots=True)
class PlanOverride:
    """Limits a physician sets instead of those of the phase; both dates included."""

    max_per_7_days: int | None = None
    max_per_30_days: int | None = None
    max_minutes: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str | None = None

    def is_valid_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DoctorApproval:
    """A doctor's yes to massage; the date is the last day on which it holds."""

    status: str = "none"
    expires_on: date | None = None
    allow_acute: bool | None = None

    @property
    def includes_acute(self) -> bool:
        """Whether it speaks of the acute phase; only a physician can say so."""
        return self.status == "physician_confirmed" and bool(self.allow_acute)

    def is_valid_on(self, day: date) -> bool:
        return self.status != "none" and (self.expires_on is None or day <= self.expires_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was known of the patient at one moment."""

    region: str = "both"
    phase: str = "unknown"
    severity: str = "unknown"
    doctor_approval: DoctorApproval = DoctorApproval()
    contraindications: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    trauma_on: date | None = None
    onset_on: date | None = None
    plan_override: PlanOverride | None = None
    longstanding_flags: frozenset[str] = frozenset()
    reminder_hour: int = 19
    quiet_hours: tuple[time, time] = field(
        default_factory=lambda: clock_times(_QUIET_HOURS)
    )  # start included, end not

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Profile":
        """Take validated wire fields; None and what is left out give the default."""
        given: dict[str, Any] = {
            name: _FORMS[name](value) if name in _FORMS else value
            for name, value in values.items()
            if value is not None and name in _FIELDS
        }
        return cls(**given)


def clock_times(text: str) -> tuple[time, time]:
    """The start and the end in "21:00-08:00"."""
    start, _, end = text.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


_FIELDS: Final = frozenset(field.name for field in fields(Profile))
_FORMS: Final[Mapping[str, Callable[[Any], object]]] = {
    "doctor_approval": lambda value: DoctorApproval(**value),
    "plan_override": lambda value: PlanOverride(**value),
    "contraindications": tuple,
    "allergies": tuple,
    "longstanding_flags": frozenset,
    "quiet_hours": clock_times,
}


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Validated wire fields, valid from `at` on; None takes a value back."""

    at: datetime
    fields: Mapping[str, Any]


class ProfileHistory:
    """Every change keeps the fields it does not name."""

    def __init__(self, changes: Iterable[ProfileChange]) -> None:
        self.changes = sorted(changes, key=lambda change: change.at)
        self.changed_at = [change.at for change in self.changes]

    def at(self, moment: datetime) -> Profile:
        return self.states[bisect_right(self.changed_at, moment)]

    @cached_property
    def states(self) -> list[Profile]:
        """The profile before the first change, and after each."""
        values: dict[str, Any] = {}
        states = [Profile()]
        for change in self.changes:
            values.update(change.fields)
            states.append(Profile.of(values))
        return states

    @cached_property
    def days(self) -> Days:
        """The calendar of the zones; a null zone changes nothing."""
        return Days(
            [
                (change.at, ZoneInfo(zone))
                for change in self.changes
                if (zone := change.fields.get("timezone")) is not None
            ]
        )
