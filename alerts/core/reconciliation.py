"""Comparing the open episodes of a walk with the open alerts: what ends, opens and rises."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alerts.core.episodes import Episode
from alerts.core.standing import EndedAlert, Identity, OpenAlert, Standing, Transition
from alerts.core.verdicts import Evidence, Trigger, as_evidence
from alerts.core.walk import Message, Rule, Walk

_HOLD = 2


@dataclass(frozen=True, slots=True)
class News:
    """What makes a step, apart from time.

    `arrived`: the ids of the entries and massages put since the last step; `corrected`: the ids
    among the known ones that were put again or withdrawn; `closed`: the rules a physician closed.
    """

    arrived: Collection[str] = ()
    corrected: Collection[str] = ()
    closed: Collection[str] = ()


NO_NEWS: Final = News()


class Reconciliation:
    """The alerts of one step, changed in place; every change leaves a transition."""

    def __init__(self, walk: Walk, news: News) -> None:
        self._walk = walk
        self._news = news
        self._now: datetime = walk.now
        self._alerts = {alert.identity: alert for alert in walk.standing.alerts}
        self._told = list(walk.standing.told)
        self._ended = list(walk.standing.ended)
        self.transitions: list[Transition] = []

    @property
    def standing(self) -> Standing:
        return Standing(tuple(self._alerts.values()), tuple(self._told), tuple(self._ended))

    def close(self) -> None:
        """A physician's close ends every open alert of the rule, whatever the walk finds."""
        for alert in list(self._alerts.values()):
            if alert.rule in self._news.closed:
                self._end(alert, "cleared")

    def end(self, rule: Rule) -> bool:
        """End the alerts of a rule that no open episode stands for, or only a lower one.

        Where a rule failed, or one it reads, that is no sign that a cause is gone. Comes back
        whether there was any such alert.
        """
        alerts = [a for a in self._alerts.values() if a.rule == rule.id and not a.kept]
        if not alerts or not self._walk.is_complete(rule):
            return False
        found = False
        episodes = self._walk.recent_episodes(rule.id)
        for alert in alerts:
            own = [episode for episode in episodes if episode.subject == alert.subject]
            standing = next((episode for episode in own if episode.is_open(self._now)), None)
            if standing is None and _has_ended_since(alert.onset, own):
                self._end(alert, "cleared")
                found = True
            elif standing is None or standing.level < alert.level:
                self._take_back(alert)
                found = True
        return found

    def open(self, rules: Iterable[Rule]) -> None:
        """Open or raise the alerts that open episodes call for: those of level >= 2 come first.

        A higher level than that of its alert raises it.
        """
        found = [
            (rule, episode)
            for rule in rules
            for episode in self._walk.recent_episodes(rule.id)
            if episode.is_open(self._now)
        ]
        for holds in (True, False):
            for rule, episode in found:
                if (episode.level >= _HOLD) is holds:
                    self._open_or_raise(rule, episode)

    def _open_or_raise(self, rule: Rule, episode: Episode) -> None:
        alert = self._alerts.get(Identity(rule.id, episode.subject))
        if alert is None:
            if episode.level >= _HOLD or self._may_open(rule, episode):
                self._open(rule, episode)
        elif episode.level > alert.level:
            self._raise(alert, episode)

    def say(self, rule: Rule, messages: Iterable[Message]) -> None:
        """Take the messages of a rule, which change no alert."""
        for message in messages:
            self._told.append(message.told)
            self.transitions.append(
                Transition(
                    at=self._now,
                    event=message.event,
                    rule=rule.id,
                    subject=message.subject,
                    level=message.level,
                    text_key=message.text_key,
                    evidence=message.evidence,
                    onset=self._now,
                    rules_version=self._walk.parameters.version,
                    parameters=message.parameters,
                    told=message.told,
                    chased=message.chased,
                )
            )

    def _may_open(self, rule: Rule, episode: Episode) -> bool:
        """Not with a stale trigger, and no dose advice to somebody who is to have no massage."""
        stale_after = self._walk.parameters.recording.stale_after
        if self._now - episode.newest.at > stale_after:
            return False
        return not (rule.is_dose_advice and self.standing.is_on_hold())

    def _take_back(self, alert: OpenAlert) -> None:
        """The cause is gone. After a correction only a physician takes R03 back."""
        if alert.rule == "R03" and self._news.corrected:
            self._alerts[alert.identity] = replace(alert, kept=True)
        else:
            self._end(alert, "superseded")

    def _end(self, alert: OpenAlert, event: str) -> None:
        del self._alerts[alert.identity]
        if alert.rule in ("R01", "R02") or alert.kept:
            self._ended.append(
                EndedAlert(
                    rule=alert.rule,
                    level=alert.level,
                    onset=alert.onset,
                    opened_at=alert.opened_at,
                    ended_at=self._now,
                )
            )
        self.transitions.append(self._line(alert, event))

    def _open(self, rule: Rule, episode: Episode) -> None:
        first = episode.reasons[0]
        alert = OpenAlert(
            rule=rule.id,
            subject=episode.subject,
            level=episode.level,
            text_key=first.text_key,
            evidence=_evidence(episode.reasons),
            onset=episode.onset.at,
            opened_at=self._now,
            told_at=self._now,
            clinic_told_at=self._now,
        )
        self._alerts[alert.identity] = alert
        self._link(alert)
        self.transitions.append(self._line(alert, "opened", episode.reasons))

    def _link(self, alert: OpenAlert) -> None:
        """The alert that this step superseded names the one that opens in its place."""
        for index, line in enumerate(self.transitions):
            if (line.rule, line.subject, line.event) == (*alert.identity, "superseded"):
                self.transitions[index] = replace(line, successor=alert.level)

    def _raise(self, alert: OpenAlert, episode: Episode) -> None:
        raised = replace(
            alert.raised(self._now),
            level=episode.level,
            text_key=episode.reasons[0].text_key,
            evidence=_evidence(episode.reasons),
        )
        self._alerts[alert.identity] = raised
        self.transitions.append(self._line(raised, "raised", episode.reasons))

    def _line(self, alert: OpenAlert, event: str, reasons: tuple[Trigger, ...] = ()) -> Transition:
        late_after = self._walk.parameters.recording.late_after
        records = [fact.record for reason in reasons for fact in reason.facts]
        return Transition(
            at=self._now,
            event=event,
            rule=alert.rule,
            subject=alert.subject,
            level=alert.level,
            text_key=alert.text_key,
            evidence=alert.evidence,
            onset=alert.onset,
            rules_version=self._walk.parameters.version,
            parameters=reasons[0].parameters if reasons else {},
            missing=tuple(dict.fromkeys(name for reason in reasons for name in reason.missing)),
            based_on_late_entry=any(r.received.at - r.moment > late_after for r in records),
        )


def _evidence(reasons: tuple[Trigger, ...]) -> tuple[Evidence, ...]:
    return as_evidence(fact for reason in reasons for fact in reason.facts)


def _has_ended_since(onset: datetime, episodes: Iterable[Episode]) -> bool:
    return any(episode.ended is not None and episode.ended.at >= onset for episode in episodes)
