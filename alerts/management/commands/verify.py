"""Prove on live data that nothing was lost and nothing doubled."""

import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from alerts.verification import Finding, Whom, proof

_BROKEN, _CANNOT = 1, 2


class Command(BaseCommand):
    help = "Prove the promises on live data; status 1: one is broken, 2: it cannot be told."

    def add_arguments(self, parser: CommandParser) -> None:
        many = parser.add_mutually_exclusive_group()
        many.add_argument("--all", action="store_true", help="every patient, as without options")
        many.add_argument("--patients", type=int, metavar="N", help="N of them, drawn by lot")
        parser.add_argument(
            "--since", type=_moment, help="only patients of whom something was written since"
        )

    def handle(self, *, patients: int | None, since: datetime | None, **_: Any) -> None:
        try:
            found = proof(Whom(since=since, most=patients), progress=self._progress)
        except Error as error:
            # Its words may quote what is stored.
            self.stderr.write(f"The database did not answer: {type(error).__name__}.")
            raise SystemExit(_CANNOT) from None
        for finding in found:
            self.stdout.write(_line(finding))
        if any(finding.count for finding in found):
            raise SystemExit(_BROKEN)

    def _progress(self, done: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} patients", ending="")


def _line(finding: Finding) -> str:
    if not finding.count:
        return f"{finding.code:<6}holds   {finding.promise}"
    where = " ".join(finding.examples)
    return f"{finding.code:<6}BROKEN  {finding.promise}; {finding.count} times: {where}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
