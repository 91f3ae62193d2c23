"""What keeps a worker from losing, doubling or forging work."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

_ON = ("CELERY_TASK_ACKS_LATE", "CELERY_TASK_REJECT_ON_WORKER_LOST", "CELERY_TASK_IGNORE_RESULT")
_SERIALIZERS = ("CELERY_TASK_SERIALIZER", "CELERY_RESULT_SERIALIZER", "CELERY_EVENT_SERIALIZER")


def of_the_queue() -> Iterator[str]:
    """Only data is read from the broker, and a task that was cut off comes again."""
    for name in _SERIALIZERS:
        if getattr(settings, name) != "json":
            yield f"{name} is not json: whoever reaches the broker could run code."
    if set(settings.CELERY_ACCEPT_CONTENT) != {"json"}:
        yield "CELERY_ACCEPT_CONTENT takes more than json."
    yield from (f"{name} is off." for name in _ON if not getattr(settings, name))
    if settings.CELERY_WORKER_PREFETCH_MULTIPLIER != 1:
        yield "CELERY_WORKER_PREFETCH_MULTIPLIER is not 1."


def of_the_time_limits() -> Iterator[str]:
    """A send ends before its task, and a task before its lease: two never hold one delivery."""
    # Models, which need the settings to be whole.
    from alerts.channels import smtp, wire  # noqa: PLC0415
    from alerts.claims import LEASE, LONGEST_SEND  # noqa: PLC0415

    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    longest = max(smtp.TOTAL_SECONDS, wire.TOTAL_SECONDS)
    if not longest <= LONGEST_SEND.total_seconds() < soft < hard:
        yield "CELERY_TASK_SOFT_TIME_LIMIT is not between a send and CELERY_TASK_TIME_LIMIT."
    if not timedelta(seconds=hard) < LEASE:
        yield "CELERY_TASK_TIME_LIMIT is not below the lease of a delivery."
    if settings.EMAIL_TIMEOUT is None or settings.EMAIL_TIMEOUT > smtp.TOTAL_SECONDS:
        yield "EMAIL_TIMEOUT is longer than the whole of a send."
