"""Episodes: how triggers, a clearing condition and closes make them, for every rule alike."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from alerts.core.episodes import Episode, EpisodeRule, episodes_of
from alerts.core.records import Close, Entry, Position, Rank
from alerts.core.verdicts import Effect, Fact, Trigger
from tests.alerts.core.story import at

NOW = at(days=100)


def trigger(days: float, level: int = 1, *, name: str = "e", **more: Any) -> Trigger:
    moment = at(days=days)
    record = Entry.of({"id": f"{name}{days:g}", "symptom_at": moment}, received_at=moment)
    return Trigger(
        position=record.position,
        level=level,
        text_key="x",
        facts=(Fact(record, "pain", 1),),
        **more,
    )


def after_days(days: float) -> EpisodeRule:
    """Clears by time alone, so long after the newest trigger."""
    return EpisodeRule(clears=lambda e: Position(e.newest.at + (at(days=days) - at()), Rank.DUE))


NEVER = EpisodeRule(clears=lambda _: None)


def found(rule: EpisodeRule, *triggers: Trigger, now: datetime = NOW) -> list[Episode]:
    return episodes_of(triggers, rule, now=now)


def test_a_trigger_opens_and_a_higher_one_raises() -> None:
    (episode,) = found(NEVER, trigger(0), trigger(1, 3), trigger(2, 2))
    assert (episode.onset.at, episode.newest.at, episode.level) == (at(), at(days=2), 3)
    assert [reason.position.at for reason in episode.reasons] == [at(days=1)]
    assert episode.is_open(NOW)


def test_triggers_of_one_moment_and_level_are_one_reason() -> None:
    both = (trigger(0, 2), trigger(0, 2), trigger(0, 1))
    (episode,) = found(NEVER, *both)
    assert len(episode.opened_by) == 3
    assert len(episode.reasons) == 2


def test_an_episode_ends_before_the_next_one_opens() -> None:
    first, second = found(after_days(2), trigger(0), trigger(1), trigger(4))
    assert (first.newest.at, first.ended) == (at(days=1), Position(at(days=3), Rank.DUE))
    assert second.onset.at == at(days=4)
    assert not second.is_open(NOW)


@pytest.mark.parametrize(
    ("days", "is_open"), [pytest.param(1.99, True, id="before"), pytest.param(2, False, id="at")]
)
def test_an_end_by_time_alone_counts_once_it_is_reached(days: float, *, is_open: bool) -> None:
    (episode,) = found(after_days(2), trigger(0), now=at(days=days))
    assert episode.is_open(at(days=days)) is is_open


def test_a_record_that_triggers_does_not_also_clear() -> None:
    second = trigger(1)
    (episode,) = found(EpisodeRule(clears=lambda _: second.position), trigger(0), second)
    assert episode.newest == second.position


def test_a_due_trigger_waits_for_its_moment_and_a_known_record_does_not() -> None:
    due = replace(trigger(5), position=Position(at(days=5), Rank.DUE))
    assert found(NEVER, due, now=at(days=4)) == []
    assert len(found(NEVER, due, now=at(days=5))) == 1
    assert len(found(NEVER, trigger(5), now=at(days=4))) == 1


def test_each_subject_has_its_own_episodes() -> None:
    episodes = found(NEVER, trigger(0, subject="a"), trigger(1, subject="b"))
    assert [episode.subject for episode in episodes] == ["a", "b"]


class TestEffects:
    def test_a_renewal_opens_nothing_but_keeps_open(self) -> None:
        renewal: dict[str, Any] = {"effect": Effect.RENEWS}
        assert found(after_days(2), trigger(0, **renewal)) == []
        (episode,) = found(after_days(2), trigger(0), trigger(1, 3, **renewal))
        assert (episode.newest.at, episode.level) == (at(days=1), 1)

    def test_a_raise_is_no_trigger_of_its_own(self) -> None:
        raising: dict[str, Any] = {"effect": Effect.RAISES}
        assert found(after_days(2), trigger(0, **raising)) == []
        (episode,) = found(after_days(2), trigger(0), trigger(1, 3, **raising))
        assert (episode.newest.at, episode.level) == (at(), 3)

    def test_a_rule_may_keep_a_trigger_from_opening(self) -> None:
        once = replace(after_days(1), may_open=lambda _, over: not over)
        (episode,) = found(once, trigger(0), trigger(3))
        assert episode.onset.at == at()


class TestCloses:
    def test_a_close_ends_the_episode(self) -> None:
        closed = replace(NEVER, closes=[Close("R99", at(days=1))])
        (episode,) = found(closed, trigger(0))
        assert episode.ended == Position(at(days=1), Rank.CLOSE)

    def test_what_cleared_before_had_ended_before(self) -> None:
        closed = replace(after_days(1), closes=[Close("R99", at(days=5))])
        (episode,) = found(closed, trigger(0))
        assert episode.ended == Position(at(days=1), Rank.DUE)

    def test_several_closes_each_end_their_own(self) -> None:
        closed = replace(NEVER, closes=[Close("R99", at(days=d)) for d in (1, 3, 5)])
        episodes = found(closed, trigger(0), trigger(2), trigger(4))
        assert [e.ended and e.ended.at for e in episodes] == [at(days=d) for d in (1, 3, 5)]

    def test_a_due_moment_after_the_close_counts_although_its_records_had_arrived(self) -> None:
        due = replace(trigger(0), position=Position(at(days=2), Rank.DUE))
        (episode,) = found(replace(NEVER, closes=[Close("R99", at(days=1))]), due)
        assert (episode.onset.at, episode.ended) == (at(days=2), None)

    def test_a_late_record_counts_at_its_receipt(self) -> None:
        record = Entry.of({"id": "e", "symptom_at": at()}, received_at=at(days=2))
        late = replace(trigger(0), facts=(Fact(record, "pain", 1),))
        closed = replace(NEVER, closes=[Close("R99", at(days=1))])
        first, again = found(closed, late)
        assert first.ended == Position(at(days=1), Rank.CLOSE)
        assert (again.onset, again.ended) == (Position(at(days=2), Rank.AGAIN, "e0"), None)
