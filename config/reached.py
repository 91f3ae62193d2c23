"""What is demanded of PostgreSQL and of the broker themselves, once they answer."""

import sys
from collections.abc import Iterator
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import Error, connection

_OLDEST = 15  # of PostgreSQL
_ASKED = ["server_version_num", "synchronous_commit", "fsync", "full_page_writes"]
log = structlog.get_logger("config.reached")


def of_postgres() -> list[str]:
    """What is wrong with the server; raise a database error when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [_ASKED])
        return list(_wrong_with(dict(cursor.fetchall())))


def _wrong_with(found: dict[str, str]) -> Iterator[str]:
    if int(found["server_version_num"]) < _OLDEST * 10_000:
        yield f"PostgreSQL is older than {_OLDEST}"
    if found["synchronous_commit"] in ("off", "local"):
        yield "synchronous_commit is off"
    for name in ("fsync", "full_page_writes"):
        if found[name] != "on" and not settings.RELAXED:
            yield f"{name} is off"


def of_the_broker() -> list[str]:
    """What is wrong with it; raise an error of its transport when it does not answer."""
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0)
        client = getattr(broker.default_channel, "client", None)
        policy = _policy(client) if client is not None else None
    if policy in (None, "noeviction"):
        return []
    return ["maxmemory-policy is not noeviction"]


def _policy(client: Any) -> str | None:
    """What it does when its memory is full; CONFIG may be forbidden to us, INFO is not."""
    policy: str | None = client.info("memory").get("maxmemory_policy")
    return policy


def exit_unless_sound() -> None:
    """End this process, naming what is wrong with a service that answers; go on without one."""
    wrong: list[str] = []
    for ask in (of_postgres, of_the_broker):
        try:
            wrong += ask()
        except Error:
            log.warning("database away", exc_info=True)
        except Exception as error:  # each transport has errors of its own
            log.warning("broker away", exc_info=error)
    if wrong:
        sys.exit(f"Refusing to start: {'; '.join(wrong)}.")
