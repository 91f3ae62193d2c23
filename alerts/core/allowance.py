"""What a planned massage has to keep to: how long, how often, in which way and where."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from alerts.core.dosage import Tally
from alerts.core.plan import Plan, found_on
from alerts.core.records import Massage

TECHNIQUES: Final = (
    *("kneading", "pressing", "pushing", "grasping", "effleurage", "petrissage", "compression"),
    *("passive_stretch", "myofascial_release", "trigger_point", "lymphatic_drainage"),
    *("spinal_stretch", "spinal_twist", "manipulation", "shaking", "vibration", "bouncing"),
    *("roller_or_ball", "heat"),
)
SITES: Final = (
    *("neck", "shoulders", "upper_back", "mid_back", "low_back", "buttocks", "hips", "thighs"),
    *("calves", "feet", "arms", "hands"),
)

_LENGTH: Final = "R13"
_MANNER: Final = ("R10", "R14")  # skin problems; techniques and sites
_LONGEST: Final = timedelta(hours=8)  # a longer one is refused at the door
_WEEK: Final = 7
_MONTH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a massage has to keep to; None: there is no such limit.

    Minutes are whole. Massages are counted on the local days that end with that of the planned
    one, which is not among them.
    """

    phase: str
    max_minutes: int | None
    per_7_days: int | None
    used_7_days: int
    per_30_days: int | None
    used_30_days: int
    avoid_techniques: tuple[str, ...]
    avoid_sites: tuple[str, ...]


def limits_of(plan: Plan, tally: Tally) -> Limits:
    """The limits at the start of the planned massage."""
    return Limits(
        phase=plan.timeline.profiles.at(plan.massage.started_at).phase,
        max_minutes=_max_minutes(plan),
        per_7_days=tally.limits.get(_WEEK),
        used_7_days=tally.count(_WEEK),
        per_30_days=tally.limits.get(_MONTH),
        used_30_days=tally.count(_MONTH),
        avoid_techniques=_techniques_to_avoid(plan),
        avoid_sites=_sites_to_avoid(plan),
    )


def _max_minutes(plan: Plan) -> int | None:
    """The most whole minutes with which R13 finds nothing."""
    found = _length_limits(plan, _LONGEST)
    if not found:
        return None
    most = min(found)
    # Some limits may be reached, others must not be.
    return most - 1 if _length_limits(plan, timedelta(minutes=most)) else most


def _length_limits(plan: Plan, length: timedelta) -> list[int]:
    """The limits, in minutes, that a massage of that length breaks."""
    given = replace(plan.massage, ended_at=plan.massage.started_at + length)
    found = found_on(given, plan.walk(given), _LENGTH)
    return [int(str(trigger.parameters["limit"])) for trigger in found]


def _techniques_to_avoid(plan: Plan) -> tuple[str, ...]:
    """Those with which more is found than without; where no sites are planned, on any site."""
    sites = plan.massage.sites or frozenset(SITES)
    base = replace(plan.massage, techniques=frozenset(), sites=sites)
    without = _said_of(plan, base)
    return tuple(
        technique
        for technique in TECHNIQUES
        if _said_of(plan, replace(base, techniques=frozenset({technique}))) != without
    )


def _sites_to_avoid(plan: Plan) -> tuple[str, ...]:
    base = replace(plan.massage, sites=frozenset())
    without = _said_of(plan, base)
    return tuple(
        site for site in SITES if _said_of(plan, replace(base, sites=frozenset({site}))) != without
    )


def _said_of(plan: Plan, massage: Massage) -> list[tuple[str, str]]:
    # Those before it cannot make one technique or site better than another.
    walk = plan.walk_alone(massage, only=_MANNER)
    return [
        (trigger.text_key, repr(sorted(trigger.parameters.items())))
        for rule in _MANNER
        for trigger in found_on(massage, walk, rule)
    ]
