"""What a planned massage has to keep to: how long, how often, in which way and where.

The functions by which R10, R13 and R14 judge a massage are asked about others like it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from alerts.core.dosage import Tally
from alerts.core.records import Massage
from alerts.core.rules.findings import Session
from alerts.core.rules.session_length import exceeded_by
from alerts.core.rules.skin_and_product import shared_sites, skin_before
from alerts.core.rules.technique import findings_on
from alerts.core.walk import Walk

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

_MINUTE: Final = timedelta(minutes=1)
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


def limits_of(walk: Walk, session: Session, tally: Tally) -> Limits:
    """The limits at the start of a planned massage, which is on the timeline of the walk."""
    return Limits(
        phase=session.profile.phase,
        max_minutes=_max_minutes(walk, session),
        per_7_days=tally.limits.get(_WEEK),
        used_7_days=tally.count(_WEEK),
        per_30_days=tally.limits.get(_MONTH),
        used_30_days=tally.count(_MONTH),
        avoid_techniques=_techniques_to_avoid(session),
        avoid_sites=_sites_to_avoid(walk, session),
    )


def _max_minutes(walk: Walk, session: Session) -> int | None:
    """The most whole minutes with which R13 finds nothing."""
    exceeded = exceeded_by(walk, session, _LONGEST)
    if not exceeded:
        return None
    most = min(limit for limit, _ in exceeded) // _MINUTE
    # Some limits may be reached, others must not be.
    return most - 1 if exceeded_by(walk, session, most * _MINUTE) else most


def _techniques_to_avoid(session: Session) -> tuple[str, ...]:
    """Those with which R14 finds more than without; where no sites are planned, on any site."""
    sites = session.massage.sites or frozenset(SITES)
    base = replace(session.massage, techniques=frozenset(), sites=sites)
    return tuple(
        technique
        for technique in TECHNIQUES
        if _finds_more(session, base, replace(base, techniques=frozenset({technique})))
    )


def _sites_to_avoid(walk: Walk, session: Session) -> tuple[str, ...]:
    """Those with which R14 finds more than without, or at which R10 finds a problem of the skin."""
    base = replace(session.massage, sites=frozenset())
    skin = skin_before(walk, base)
    at_each = ((site, replace(base, sites=frozenset({site}))) for site in SITES)
    return tuple(
        site
        for site, there in at_each
        if _finds_more(session, base, there) or (skin and shared_sites(skin, there))
    )


def _finds_more(session: Session, base: Massage, other: Massage) -> bool:
    return findings_on(other, session.profile).keys() != findings_on(base, session.profile).keys()
