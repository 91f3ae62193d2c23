"""What lies on the skin under a massage: problems of the skin itself, and a product it minds."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from alerts.core.profile import Profile
from alerts.core.records import Entry, Massage, Position
from alerts.core.verdicts import Fact
from alerts.core.walk import Walk


def skin_before(walk: Walk, massage: Massage) -> Entry | None:
    """The newest answer about the skin in the 14 days up to the start, if it names a problem."""
    answers = walk.once(_skin_answers)
    last = bisect_right(answers, massage.started_at, key=attrgetter("moment")) - 1
    if last < 0:
        return None
    entry = answers[last]
    is_recent = entry.moment >= massage.started_at - walk.parameters.contraindicated.skin_window
    return entry if is_recent and entry.skin_problem_sites else None


def shared_sites(entry: Entry, massage: Massage) -> tuple[Fact, ...]:
    """The sites of a massage at which an entry names a problem of the skin."""
    shared = (entry.skin_problem_sites or frozenset()) & (massage.sites or frozenset())
    return tuple(Fact(entry, f"skin_problem_sites.{site}", value=True) for site in sorted(shared))


def skin_well_at(walk: Walk, massage: Massage) -> Position | None:
    """The first answer after a massage that shares no site with it."""
    later = _answers_after(walk, massage)
    return next((entry.position for entry in later if not shared_sites(entry, massage)), None)


def reactions(walk: Walk, massage: Massage) -> Iterator[Entry]:
    """The entries of the 72 hours after a massage with a problem of the skin where it was."""
    until = massage.ended_at + walk.parameters.contraindicated.reaction_window
    for entry in _answers_after(walk, massage):
        if entry.moment > until:
            return
        if shared_sites(entry, massage):
            yield entry


def has_allergy(profile: Profile, massage: Massage) -> bool:
    """Whether the product and an allergy, as written, contain one another."""
    if not profile.allergies or not massage.product:
        return False
    product = _plain(massage.product)
    if not product:
        return False
    allergies = filter(None, map(_plain, profile.allergies))
    return any(allergy in product or product in allergy for allergy in allergies)


def _plain(text: str) -> str:
    return text.strip().casefold()


def _skin_answers(walk: Walk) -> list[Entry]:
    return [entry for entry in walk.timeline.entries if entry.skin_problem_sites is not None]


def _answers_after(walk: Walk, massage: Massage) -> Sequence[Entry]:
    answers = walk.once(_skin_answers)
    return answers[bisect_right(answers, massage.ended_at, key=attrgetter("moment")) :]
