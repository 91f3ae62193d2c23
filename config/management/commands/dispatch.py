"""The dispatcher: may run any number of times, and be killed at any instruction."""

import signal
import time
from typing import Any

import structlog
from django import db
from django.core.management.base import BaseCommand

from alerts.heartbeats import DISPATCHER, beat
from alerts.sweep import sweep
from config.reached import exit_unless_sound
from config.startup import exit_unless_safe
from diary.limits import forget_ended

_PAUSE_SECONDS = 1.0
_FORGET_EVERY = 600  # sweeps; what is left lying slows nothing down
log = structlog.get_logger("config.dispatch")


class Command(BaseCommand):
    help = "Find what is due once a second, and see that it is done."

    stopping = False
    sweeps = 0

    def handle(self, *_: Any, **__: Any) -> None:
        exit_unless_safe()
        exit_unless_sound()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        log.info("dispatcher started")
        while not self.stopping:
            began = time.monotonic()
            self._sweep_once()
            time.sleep(max(0.0, _PAUSE_SECONDS - (time.monotonic() - began)))

    def _sweep_once(self) -> None:
        try:
            db.close_old_connections()
            beat(DISPATCHER)
            sweep()
            if self.sweeps % _FORGET_EVERY == 0:
                forget_ended()
            self.sweeps += 1
        except db.Error:
            log.exception("database away")
            db.close_old_connections()

    def _stop(self, *_: Any) -> None:
        self.stopping = True
