"""`manage.py rule_book`: write docs/rules.md and docs/hazards.md, or say that they are stale."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alerts import rule_book


class Command(BaseCommand):
    help = "Write the rule book and the hazard table from the rules, their figures and texts."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs"
        if not check:
            for name in rule_book.write(folder):
                self.stdout.write(f"docs/{name} written.")
        elif stale := rule_book.stale(folder):
            names = " and ".join(f"docs/{name}" for name in stale)
            raise CommandError(f"Out of date: {names}. Run manage.py rule_book.")
