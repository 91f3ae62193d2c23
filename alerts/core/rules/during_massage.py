"""R07: symptoms while a massage was given, and what is left of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, NamedTuple

from alerts.core.episodes import Episode
from alerts.core.records import Entry, Massage, Position, Rank
from alerts.core.response import massage_of, massages_by_id, pain_before
from alerts.core.verdicts import Fact, NotEvaluable, Trigger
from alerts.core.walk import Rule, Walk

_SIGNS: Final = ("numbness", "tingling", "radiating_pain")
_PAIN_KEYS: Final = {1: "adjust.pain_during", 2: "hold.pain_during"}


def symptoms_during(walk: Walk) -> Iterator[Trigger | NotEvaluable]:
    """R07 (rows #56, #61-#63, #71): nerve signs or more pain in a massage, nerve signs after it."""
    before = walk.parameters.during_massage.massages_before
    found: list[tuple[Fact, ...]] = []
    for massage in walk.timeline.massages:
        if massage.neuro_during:
            yield _nerve_signs(massage)
        pain = _pain_finding(walk, massage)
        if isinstance(pain, NotEvaluable):
            yield pain
        elif pain:
            earlier = [fact for facts in found[len(found) - before :] for fact in facts]
            yield _pain_during(walk, massage, pain, earlier)
        found.append(() if isinstance(pain, NotEvaluable) else pain)
    yield from _new_signs_after(walk)


def _nerve_signs(massage: Massage) -> Trigger:
    return Trigger(
        position=massage.position,
        level=2,
        text_key="hold.neuro_during",
        facts=_sign_facts(massage),
        subject=massage.id,
        parameters={"signs": _signs(massage)},
    )


def _signs(massage: Massage) -> list[str]:
    return [sign for sign in _SIGNS if sign in (massage.neuro_during or ())]


def _sign_facts(massage: Massage) -> tuple[Fact, ...]:
    return tuple(Fact(massage, f"neuro_during.{sign}", value=True) for sign in _signs(massage))


def _pain_finding(walk: Walk, massage: Massage) -> tuple[Fact, ...] | NotEvaluable:
    """What speaks for pain: more of it than before, or that the massage was stopped early."""
    stopped = (Fact(massage, "stopped_early", value=True),) if massage.stopped_early else ()
    highest = massage.pain_during_max
    if highest is None:
        return stopped
    before = pain_before(walk, massage)
    if before is None:
        return stopped or NotEvaluable(
            because="no pain value before the massage",
            position=massage.position,
            subject=massage.id,
        )
    if highest < before + walk.parameters.during_massage.pain_rise:
        return stopped
    return (Fact(massage, "pain_during_max", highest), *stopped)


def _pain_during(
    walk: Walk, massage: Massage, found: Sequence[Fact], earlier: Sequence[Fact]
) -> Trigger:
    level = 2 if earlier else 1
    return Trigger(
        position=massage.position,
        level=level,
        text_key=_PAIN_KEYS[level],
        facts=(*earlier, *found),
        subject=massage.id,
        parameters={
            "value": massage.pain_during_max,
            "reference": pain_before(walk, massage),
            "what": "pain" if found[0].field == "pain_during_max" else "stopped_early",
        },
        missing=() if massage.pain_before is not None else ("pain_before",),
    )


def _new_signs_after(walk: Walk) -> Iterator[Trigger]:
    """Level 3: an answer within 7 days that something new is numb, weak or tingling."""
    within = walk.parameters.during_massage.answers_within
    for entry in walk.timeline.entries:
        massage = massage_of(walk, entry) if entry.after_massage.new_neuro else None
        if massage is None:
            continue
        since = entry.moment - massage.ended_at
        if since <= within:
            yield Trigger(
                position=entry.position,
                level=3,
                text_key="doctor.neuro_after",
                facts=(
                    Fact(massage, "ended_at", massage.ended_at.isoformat()),
                    *_sign_facts(massage),
                    Fact(entry, "after_massage.new_neuro", value=True),
                ),
                subject=massage.id,
                parameters={
                    "signs": _signs(massage),
                    "hours": round(since / timedelta(hours=1), 1),
                },
            )


class Answer(NamedTuple):
    """An entry that answers `new_neuro`, and the massage the answer belongs to."""

    entry: Entry
    massage: Massage


def nerve_answers(walk: Walk) -> list[Answer]:
    """All answers to `new_neuro` that belong to a massage, in walk order."""
    return [
        Answer(entry, massage)
        for entry in walk.timeline.entries
        if entry.after_massage.new_neuro is not None
        and (massage := massage_of(walk, entry)) is not None
    ]


def answered_no(walk: Walk, episode: Episode) -> Position | None:
    """Where R07 ends: level 1 at a "no" or after 7 days, the others at a "no", not before 48 h."""
    limits = walk.parameters.during_massage
    massage = walk.lasting(massages_by_id)[str(episode.subject)]
    ended_at = massage.ended_at
    since = max(ended_at + limits.clear_answer_after, episode.newest.at)
    if episode.level > 1:
        hold_until = Position(ended_at + limits.hold_at_least, Rank.DUE)
        return _lasting_no(_answers_on(walk, massage, since), hold_until)
    expiry = Position(ended_at + limits.adjust_clears_after, Rank.DUE)
    answers = _answers_on(walk, massage, since)
    no = next((e.position for e in answers if not e.after_massage.new_neuro), expiry)
    return min(no, expiry)


def _answers_on(walk: Walk, massage: Massage, since: datetime) -> Iterator[Entry]:
    """The entries later than `since` with an answer on this or a later massage."""
    answers = walk.once(nerve_answers)
    first = bisect_right(answers, since, key=attrgetter("entry.moment"))
    for entry, answered in answers[first:]:
        if answered.position >= massage.position:
            yield entry


def _lasting_no(answers: Iterator[Entry], hold_until: Position) -> Position | None:
    """The first place from `hold_until` on at which the newest answer is "no"."""
    over: Position | None = None
    for entry in answers:
        if over is not None and over < entry.position:
            return over
        if entry.after_massage.new_neuro:
            over = None
        else:
            over = entry.position if entry.moment >= hold_until.at else hold_until
    return over


R07: Final = Rule(id="R07", finds=symptoms_during, clears=answered_no)
