"""The Celery app: a doorbell for the worker, never the keeper of a debt."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import (
    celeryd_init,
    setup_logging,
    task_prerun,
    worker_process_init,
    worker_ready,
)
from django import db
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# What a write of a patient may wait, at most, for a broker that hangs.
_PUBLISH_SECONDS = 0.08


class _App(Celery):
    """Celery, but whoever publishes does not wait for a broker that is away.

    Celery's own way is to try for 6 s where nobody listens, and for 30 s where nobody answers.
    """

    def connection_for_write(self, url: str | None = None, **options: Any) -> Any:
        at_once = {
            "max_retries": 0,
            "socket_timeout": _PUBLISH_SECONDS,
            "socket_connect_timeout": _PUBLISH_SECONDS,
        }
        given = {"connect_timeout": _PUBLISH_SECONDS, "transport_options": at_once, **options}
        return super().connection_for_write(url, **given)


app = _App("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def refuse_unsafe_settings(**_: Any) -> None:
    """End the worker before it connects when a setting is missing; it swallows exceptions."""
    from config.startup import exit_unless_safe  # noqa: PLC0415  settings load first

    exit_unless_safe()


@worker_ready.connect
def refuse_unsound_services(**_: Any) -> None:
    """End the worker when PostgreSQL or the broker does not keep what it is given."""
    from config.reached import exit_unless_sound  # noqa: PLC0415  it asks for this very app

    exit_unless_sound()
    db.connections.close_all()  # this process only watches over those that work


@setup_logging.connect
def keep_our_logs(**_: Any) -> None:
    """Celery leaves logging as the settings have it."""
    from logging.config import dictConfig  # noqa: PLC0415  only a worker needs it

    dictConfig(settings.LOGGING)


@worker_process_init.connect
def spare_the_search_for_cycles(**_: Any) -> None:
    """What is loaded by now stays, and is not walked through in each search."""
    gc.collect()
    gc.freeze()


@task_prerun.connect
def renew_connections(**_: Any) -> None:
    """A connection that PostgreSQL closed must not fail the next task."""
    db.close_old_connections()
