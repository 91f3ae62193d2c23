"""How long a message that was refused waits for its next try."""

from datetime import timedelta

from alerts.models import Level

# At most 14 tries an hour, whatever the level: the pauses in seconds, the last one for ever.
_URGENT = (12, 60, 300, 320)
_OTHERS = (48, 240, 900, 1800)
JITTER = 0.05  # either way; it spreads what fell due at one moment
_ASKED_AT_MOST = {True: timedelta(minutes=5), False: timedelta(hours=1)}
_MAY_CRASH = 3  # times in a row, before the tries of one that always does become rare


def pause(*, attempts: int, level: int, retry_after: timedelta | None, jitter: float) -> timedelta:
    """The wait after so many attempts, or what the provider asks for, if that is longer.

    The first is at most 15 s for levels 3-4 and 60 s for the others.
    """
    is_urgent = level >= Level.DOCTOR
    pauses = _URGENT if is_urgent else _OTHERS
    ours = timedelta(seconds=pauses[min(attempts, len(pauses)) - 1]) * jitter
    return max(ours, min(retry_after or timedelta(0), _ASKED_AT_MOST[is_urgent]))


def after_crash(attempts: int) -> timedelta:
    """When whoever finds an attempt without an end, after its lease, may try again."""
    return timedelta(seconds=_URGENT[-1] if attempts > _MAY_CRASH else 0)
