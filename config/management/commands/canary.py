"""The canary: once a minute through everything, as a patient's phone."""

import os
import time
from typing import Any

import structlog
from django import db
from django.core.management.base import BaseCommand, CommandParser

from config.canary import walk
from config.canary_account import Account, new_account, retire, retire_old
from config.canary_phone import Phone
from config.startup import exit_unless_safe
from diary.locking import database_now

log = structlog.get_logger("config.canary")


class Command(BaseCommand):
    help = "Play a patient who reports a warning sign, and see that everything follows."

    def add_arguments(self, parser: CommandParser) -> None:
        url = os.environ.get("CANARY_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
        parser.add_argument("--url", default=url, help=f"of the service; else {url}")
        parser.add_argument("--once", action="store_true", help="walk once; status 1 if it failed")
        parser.add_argument("--every", type=float, default=60.0, help="seconds; else 60")

    def handle(self, *, url: str, once: bool, every: float, **_: Any) -> None:
        exit_unless_safe()
        player = Player(Phone(url))
        if once:
            failed = player.walk_once()
            player.leave()
            self.stdout.write(failed or "well")
            raise SystemExit(1 if failed else 0)
        while True:
            began = time.monotonic()
            player.walk_once()
            time.sleep(max(1.0, every - (time.monotonic() - began)))


class Player:
    """Walks with an account of its own, and with another when its time is over."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.account: Account | None = None

    def walk_once(self) -> str | None:
        """What failed, or None."""
        db.close_old_connections()
        try:
            return walk(self._current_account(), self.phone)
        except db.Error as error:
            log.warning("database away", exc_info=error)
            return "enrol: database away"

    def leave(self) -> None:
        """Close the account early: nobody else knows its password."""
        if self.account:
            retire(patient_id=self.account.patient.pk)

    def _current_account(self) -> Account:
        now = database_now()
        if self.account is None or self.account.until <= now:
            retire_old(at=now)
            self.phone.forget()
            self.account = new_account(at=now)
        return self.account
