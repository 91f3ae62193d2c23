"""What only a sweep can notice: a channel that is down, and workers that do nothing."""

import time
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from alerts import breaker, incidents
from alerts.heartbeats import WORKER
from alerts.models import Heartbeat, Incident, IncidentKind, Level
from diary.locking import database_now

# Something urgent has waited for so long for a far end that is down.
DOWN_FOR = timedelta(minutes=2)
# Workers have so long to do anything at all, while the broker takes what it is told.
SILENT_FOR = timedelta(seconds=20)
_SILENCE = "broker takes what nobody does"


class Ear:
    """Whether workers answer; each dispatcher has one of its own."""

    def __init__(self) -> None:
        self._heard_since: float | None = None  # the broker has taken everything since then

    def note(self, *, refused: bool) -> None:
        """Say whether the broker refused any of what a sweep has asked for."""
        if refused:
            self._heard_since = None
        elif self._heard_since is None:
            self._heard_since = time.monotonic()

    @property
    def has_waited(self) -> bool:
        """Whether the broker has taken everything for so long that workers must have heard."""
        since = self._heard_since
        return since is not None and time.monotonic() - since >= SILENT_FOR.total_seconds()


def watch(*, nobody_came: bool) -> None:
    """Report what is down, each thing once; what works again is over, and may be told anew.

    `nobody_came` is whether something is overdue that the broker took long ago.
    """
    found = _channels_down()
    known = set(_standing().values_list("kind", "cause"))
    silence = (IncidentKind.WORKERS_SILENT.value, _SILENCE)
    if nobody_came or silence in known:
        found |= set() if _workers_are_there() else {silence}
    for kind, cause in sorted(found - known):
        incidents.report(patient=None, kind=IncidentKind(kind), cause=cause, at=database_now())
    for kind, cause in known - found:
        _standing().filter(kind=kind, cause=cause).update(resolved_at=Now())


def _standing() -> QuerySet[Incident]:
    ours = (IncidentKind.CHANNEL_DOWN, IncidentKind.WORKERS_SILENT)
    return Incident.objects.filter(kind__in=ours, patient=None, resolved_at=None)


def _channels_down() -> set[tuple[str, str]]:
    """The far ends that have kept something urgent waiting for too long."""
    waiting = breaker.held().filter(level__gte=Level.DOCTOR, created_at__lt=Now() - DOWN_FOR)
    hosts = waiting.order_by().values_list("channel", "waits_for").distinct()
    kind = IncidentKind.CHANNEL_DOWN.value
    return {(kind, f"{channel} {host}"[:200]) for channel, host in hosts}


def _workers_are_there() -> bool:
    return Heartbeat.objects.filter(name=WORKER, at__gt=Now() - SILENT_FOR).exists()
