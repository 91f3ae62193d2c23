"""`manage.py replay`: NDJSON of a diary in, NDJSON of what the rules would have said out."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts.core.rules import CURRENT, VERSIONS
from alerts.replay import replay


class Command(BaseCommand):
    help = "Replay a diary through the rules: no database, broker or server is needed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="path", type=Path, help="a file; else standard input")
        parser.add_argument("--rules-version", default=CURRENT.version)

    def handle(self, *_: Any, path: Path | None, rules_version: str, **__: Any) -> None:
        rules = VERSIONS.get(rules_version)
        if rules is None:
            known = ", ".join(VERSIONS)
            raise CommandError(f"There are no rules {rules_version}; known versions: {known}.")
        problems = 0

        def report(problem: str) -> None:
            nonlocal problems
            problems += 1
            self.stderr.write(problem)

        try:
            source = path.open("rb") if path else nullcontext(sys.stdin.buffer)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        with source as lines:
            for line in replay(lines, rules=rules, report=report):
                self.stdout.write(line)
                self.stdout.flush()  # whoever feeds it line by line is waiting
        if problems:
            sys.exit(1)
