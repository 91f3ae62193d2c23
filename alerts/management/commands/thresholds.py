"""`manage.py thresholds`: every threshold of a version, as a file that can be edited and tried."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts.core.parameters.file import written
from alerts.core.rules import CURRENT
from alerts.versions import NoSuchVersion, rules_named


class Command(BaseCommand):
    help = (
        "Print every threshold of a version, with unit, mark and source rows, as TOML. Give the "
        "file a version of its own, change it, and try it with `manage.py replay --compare`."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "version", nargs="?", default=CURRENT.version, help="a released one, or a file"
        )

    def handle(self, *_: Any, version: str, **__: Any) -> None:
        try:
            rules = rules_named(version)
        except NoSuchVersion as error:
            raise CommandError(str(error)) from error
        self.stdout.write(written(rules.parameters), ending="")
