"""Whether the process is up, and whether the service can do its work."""

from collections.abc import Callable
from datetime import timedelta

from django.db import Error
from django.db.models import F, Min, Q
from django.db.models.functions import Least, Now
from django.http import HttpRequest, JsonResponse

from alerts.heartbeats import CANARY, CANARY_FAILED, DISPATCHER
from alerts.models import Delivery, DeliveryState, Heartbeat, Level, Watch
from config import reached

# What is owed for longer than this means that nobody does it.
STALE = timedelta(seconds=60)
_OFTEN = 3  # attempts
# A far end may refuse for a while, as mail servers do with a sender they do not know.
REFUSED = timedelta(minutes=4)
# No pause between two tries is longer; what is due later than this waits for the morning.
_LONGEST_PAUSE = timedelta(minutes=75)
SILENT = timedelta(seconds=30)  # a dispatcher beats once a second
# A failure of the canary counts for this long: one that was stopped must not fail for ever.
FAILED_LATELY = timedelta(minutes=5)


def process_is_up(_request: HttpRequest) -> JsonResponse:
    """200 while this process answers."""
    return JsonResponse({"status": "up"})


def ready(_request: HttpRequest) -> JsonResponse:
    """200 when nothing is wrong with the service; else 503 and what it is."""
    causes: dict[str, str] = {}
    for names, probe in _PROBES.items():
        try:
            found = probe()
        except Error as error:
            away = dict.fromkeys(names, "unknown, the database is away")
            found = {**away, "database": f"away ({type(error).__name__})"}
        causes |= {name: cause for name, cause in found.items() if cause}
    body = {"status": "unready" if causes else "ready", "causes": causes}
    return JsonResponse(body, status=503 if causes else 200)


# What was found of each thing that was looked at; None is well.
_Found = dict[str, str | None]


def _database() -> _Found:
    return {"database": "; ".join(reached.of_postgres())}


def _broker() -> _Found:
    try:
        return {"broker": "; ".join(reached.of_the_broker())}
    except Exception as error:  # each transport has errors of its own
        return {"broker": f"away ({type(error).__name__})"}


def _evaluations() -> _Found:
    age = Watch.objects.aggregate(age=Now() - Min("due_at"))["age"]
    return {"evaluations": _overdue(age)}


def _deliveries() -> _Found:
    owed = Delivery.objects.filter(state=DeliveryState.OWED)
    # Each try moves the due time forward: what is urgent, or was often refused, counts from the
    # start. What is neither may wait for its next try, for the morning, or for its far end.
    often = Q(attempts__gte=_OFTEN, due_at__lt=Now() + _LONGEST_PAUSE)
    long_owed = Min("created_at", filter=Q(level__gte=Level.DOCTOR) | often)
    due = Min("due_at", filter=Q(waits_for=""))
    age = owed.aggregate(age=Now() - Least(due, long_owed + REFUSED))["age"]
    return {"deliveries": _overdue(age)}


def _pulses() -> _Found:
    ages = dict(Heartbeat.objects.values_list("name", Now() - F("at")))
    silence = ages.get(DISPATCHER)
    return {"dispatcher": _silent(silence), "canary": _failing(ages)}


def _silent(silence: timedelta | None) -> str | None:
    if silence is None:
        return "has never been at work"
    return f"silent for {int(silence.total_seconds())} s" if silence > SILENT else None


def _failing(ages: dict[str, timedelta]) -> str | None:
    failed = ages.get(CANARY_FAILED)
    if failed is None or failed > FAILED_LATELY:
        return None
    well = ages.get(CANARY)
    return f"failed {int(failed.total_seconds())} s ago" if well is None or well > failed else None


def _overdue(age: timedelta | None) -> str | None:
    return f"the oldest is overdue by {int(age.total_seconds())} s" if age and age > STALE else None


_PROBES: dict[tuple[str, ...], Callable[[], _Found]] = {
    ("database",): _database,
    ("broker",): _broker,
    ("evaluations",): _evaluations,
    ("deliveries",): _deliveries,
    ("dispatcher", "canary"): _pulses,
}
