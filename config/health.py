"""Whether the process is up, and whether the service can do its work."""

from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.db.models import Min, Q
from django.db.models.functions import Least, Now
from django.http import HttpRequest, JsonResponse

from alerts.models import Delivery, DeliveryState, Level, Watch
from config.celery import app as celery_app

# What is owed for longer than this means that nobody does it.
STALE = timedelta(seconds=60)
_OFTEN = 3  # attempts
# A far end may refuse for a while, as mail servers do with a sender they do not know.
REFUSED = timedelta(minutes=4)


def process_is_up(_request: HttpRequest) -> JsonResponse:
    """200 while this process answers."""
    return JsonResponse({"status": "up"})


def ready(_request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer and nothing is owed for too long; else 503 and why."""
    causes = {name: cause for name, probe in _PROBES.items() if (cause := probe())}
    body = {"status": "unready" if causes else "ready", "causes": causes}
    return JsonResponse(body, status=503 if causes else 200)


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"away ({type(error).__name__})"
    return None


def _broker() -> str | None:
    try:
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=0)
    except Exception as error:
        return f"away ({type(error).__name__})"
    return None


def _evaluations() -> str | None:
    return _age(lambda: Watch.objects.aggregate(age=Now() - Min("due_at"))["age"])


def _deliveries() -> str | None:
    owed = Delivery.objects.filter(state=DeliveryState.OWED)
    # Each try moves the due time forward: what is urgent, or was often refused, counts from the
    # start. What is neither may wait for its next try.
    long_owed = Min("created_at", filter=Q(level__gte=Level.DOCTOR) | Q(attempts__gte=_OFTEN))
    since = Least(Min("due_at"), long_owed + REFUSED)
    return _age(lambda: owed.aggregate(age=Now() - since)["age"])


def _age(oldest: Callable[[], timedelta | None]) -> str | None:
    try:
        age = oldest()
    except Error:
        return "unknown, the database is away"
    return f"the oldest is overdue by {int(age.total_seconds())} s" if age and age > STALE else None


_PROBES: dict[str, Callable[[], str | None]] = {
    "database": _database,
    "broker": _broker,
    "evaluations": _evaluations,
    "deliveries": _deliveries,
}
