"""R10: a massage that should not have been."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.profile import Profile
from alerts.core.records import Entry, Massage, Position, Rank
from alerts.core.rules.findings import Session, expiry, profiles_from, session_of, sessions_since
from alerts.core.rules.holds import RULES_THAT_HOLD, holds_at
from alerts.core.rules.skin_and_product import (
    has_allergy,
    reactions,
    shared_sites,
    skin_before,
    skin_well_at,
)
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

# In this order: the text names the first.
_CODES: Final = (
    "cord_compression",
    "fracture",
    "tumour",
    "infection",
    "spinal_instability",
    "spondylolisthesis",
    "osteoporosis",
    "bleeding_disorder",
    "anticoagulant",
    "other_spinal",
    "recent_trauma",
    "severe",
    "open_hold",
    "skin",
    "reaction",
    "no_approval",
)
_ALLERGY: Final = "allergy"  # a reason of level 1, and no code
_OF_ALLERGY: Final = frozenset((_ALLERGY, "reaction"))


def contraindicated(walk: Walk, since: datetime | None) -> Iterator[Trigger | NotEvaluable]:
    """R10 (rows #6, #9, #19-#37): something in the profile or the diary speaks against it."""
    for session in sessions_since(walk, since):
        massage = session.massage
        yield from walk.once(_Findings).on(session)
        if massage.sites is None and skin_before(walk, massage):
            yield NotEvaluable(
                because="no sites of the massage, where the skin had a problem",
                position=massage.position,
                subject=massage.id,
            )


class _Findings:
    """The triggers on each massage, found the first time it is asked about."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._found: dict[str, Sequence[Trigger]] = {}

    def on(self, session: Session) -> Sequence[Trigger]:
        massage = session.massage.id
        if massage not in self._found:
            walk = self._walk
            self._found[massage] = (*_at_start(walk, session), *_afterwards(walk, session))
        return self._found[massage]


def _at_start(walk: Walk, session: Session) -> Iterator[Trigger]:
    """Levels 2 and 1 at the end of the massage, by what was so at its start."""
    massage = session.massage
    codes = _profile_codes(walk, session, session.profile)
    if holds_at(walk, massage.started_at):
        codes.add("open_hold")
    skin = skin_before(walk, massage)
    sites = shared_sites(skin, massage) if skin else ()
    if sites:
        codes.add("skin")
    if codes:
        yield _hold(massage, massage.position, codes, (session.fact, *sites))
    if has_allergy(session.profile, massage):
        yield Trigger(
            position=massage.position,
            level=1,
            text_key="adjust.product_allergy",
            facts=(_product(massage),),
            subject=massage.id,
        )


def _afterwards(walk: Walk, session: Session) -> Iterator[Trigger]:
    """A reaction of the skin to the product, or fever with a known infection."""
    massage, profile = session.massage, session.profile
    if has_allergy(profile, massage):
        for entry in reactions(walk, massage):
            facts = (_product(massage), *shared_sites(entry, massage))
            yield _hold(massage, entry.position, ["reaction"], facts)
    if "infection" in profile.contraindications:
        for entry in _with_fever(walk, massage):
            yield Trigger(
                position=max(massage.position, entry.position),
                level=3,
                text_key="doctor.infection_fever",
                facts=(session.fact, Fact(entry, "fever_unwell", value=True)),
                subject=massage.id,
                parameters={"codes": ["infection"]},
            )


def _hold(
    massage: Massage, position: Position, codes: Collection[str], facts: tuple[Fact, ...]
) -> Trigger:
    in_order = [code for code in _CODES if code in codes]
    return Trigger(
        position=position,
        level=2,
        text_key=f"hold.contraindicated.{in_order[0]}",
        facts=facts,
        subject=massage.id,
        parameters={"codes": in_order},
    )


def _product(massage: Massage) -> Fact:
    return Fact(massage, "product", massage.product)


def _profile_codes(walk: Walk, session: Session, profile: Profile) -> set[str]:
    """What a profile says against a massage on its date."""
    codes = set(profile.contraindications)
    if profile.trauma_on is not None and _is_trauma_recent(walk, session, profile.trauma_on):
        codes.add("recent_trauma")
    if profile.severity == "severe":
        codes.add("severe")
    approval = profile.doctor_approval
    # Without a last day it is the same on every date, and the calendar is spared.
    if not approval.is_valid_on(date.min if approval.expires_on is None else session.on):
        codes.add("no_approval")
    return codes


def _is_trauma_recent(walk: Walk, session: Session, trauma_on: date) -> bool:
    return 0 <= (session.on - trauma_on).days <= walk.parameters.contraindicated.trauma_days


def _with_fever(walk: Walk, massage: Massage) -> Sequence[Entry]:
    """The entries with fever from 72 hours before the start to 72 hours after the end."""
    window = walk.parameters.contraindicated.fever_window
    fevers = walk.once(_fevers)
    first = bisect_left(fevers, massage.started_at - window, key=attrgetter("moment"))
    last = bisect_right(fevers, massage.ended_at + window, key=attrgetter("moment"))
    return fevers[first:last]


def _fevers(walk: Walk) -> list[Entry]:
    return [entry for entry in walk.timeline.entries if entry.fever_unwell]


def no_reason_stands(walk: Walk, episode: Episode) -> Position:
    """Where R10 ends: once none of its reasons stands any longer, or in time."""
    session = session_of(walk, episode)
    over = expiry(walk, episode)
    reasons = _reasons(walk, episode)
    since = _end_of_passing(walk, session.massage, reasons, episode.newest)
    if since is None:
        return over
    reasons -= {"open_hold", "skin"}
    for position, profile in profiles_from(walk, since):
        if reasons.isdisjoint(_standing(walk, session, profile)):
            return min(position, over)
    return over


def _reasons(walk: Walk, episode: Episode) -> set[str]:
    """Those of all triggers of the episode, at their own place or counted again at receipt."""
    first, newest = episode.onset, episode.newest
    return {
        reason
        for trigger in walk.once(_Findings).on(session_of(walk, episode))
        if first <= trigger.position <= newest or first <= _at_receipt(trigger) <= newest
        for reason in _reasons_of(trigger)
    }


def _reasons_of(trigger: Trigger) -> Iterator[str]:
    codes = trigger.parameters.get("codes")
    yield from codes if isinstance(codes, list) else (_ALLERGY,)


def _at_receipt(trigger: Trigger) -> Position:
    return Position(trigger.received.at, Rank.AGAIN, trigger.position.id)


def _end_of_passing(
    walk: Walk, massage: Massage, reasons: Collection[str], newest: Position
) -> Position | None:
    """The first place from the newest trigger on where holds and skin problem are over, if any."""
    ends: list[Position | None] = [newest]
    if "open_hold" in reasons:
        ends.extend(hold.until for hold in holds_at(walk, massage.started_at))
    if "skin" in reasons:
        ends.append(skin_well_at(walk, massage))
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _standing(walk: Walk, session: Session, profile: Profile) -> set[str]:
    """The reasons that the same check of the massage finds in another profile."""
    codes = _profile_codes(walk, session, profile)
    return codes | _OF_ALLERGY if has_allergy(profile, session.massage) else codes


R10: Final = Rule(
    id="R10",
    finds_since=contraindicated,
    asked_back=timedelta(days=12),
    clears=no_reason_stands,
    reads=RULES_THAT_HOLD,
)
