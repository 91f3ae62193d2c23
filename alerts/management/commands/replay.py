"""`manage.py replay`: NDJSON of a diary in, NDJSON of what the rules would have said out."""

import sqlite3
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from alerts.core.rules import CURRENT, RuleSet
from alerts.replay import replay
from alerts.replay_comparison import Versions
from alerts.replay_comparison import compare as compared
from alerts.replay_lines import lines_of
from alerts.replay_report import to_json, to_table
from alerts.versions import NoSuchVersion, rules_named

_SECONDS_BETWEEN_SIGNS_OF_LIFE = 5
_INTERRUPTED = 130


class Command(BaseCommand):
    help = """Replay a diary through the rules: no database, broker or server is needed.

A version is a released one, or the path of a file of thresholds (see `manage.py thresholds`).

--compare replays the same lines under two versions and counts, for each rule and level, what the
second says more (new), what it no longer says (lost) and what it says otherwise. An alert lasts
from its opening to its end and has the highest level it was raised to. Two alerts are the same if
they have the same patient, rule and subject and were open at the same time, or opened at the same
moment; each is the same as at most one other, the earliest first. Reminders and escalations have
rows of their own: they are the same if they say the same at the same moment."""
    requires_system_checks = []

    def create_parser(self, *names: str, **options: Any) -> CommandParser:
        return super().create_parser(*names, formatter_class=_WithParagraphs, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="path", type=Path, help="a file; else standard input")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--rules-version", default=CURRENT.version, metavar="VERSION")
        which.add_argument("--compare", nargs=2, metavar=("A", "B"), help="two versions")
        parser.add_argument("--json", action="store_true", help="of --compare, instead of a table")

    def handle(
        self,
        *_: Any,
        path: Path | None,
        rules_version: str,
        compare: list[str] | None,
        json: bool,
        **__: Any,
    ) -> None:
        if json and not compare:
            raise CommandError("--json goes with --compare; a replay is JSON already.")
        self.problems = 0
        rules = [_rules(name) for name in compare or [rules_version]]
        with self._source(path) as source:
            try:
                if compare:
                    self._compare(source, (rules[0], rules[1]), compare, as_json=json)
                else:
                    self._replay(source, rules[0])
            except KeyboardInterrupt:
                sys.exit(_INTERRUPTED)
            except sqlite3.Error as error:
                raise CommandError(f"The temporary file in TMPDIR failed: {error}.") from error
        if self.problems:
            sys.exit(1)

    def _replay(self, source: BinaryIO, rules: RuleSet) -> None:
        for line in replay(self._lines(source), rules=rules, report=self._report):
            self.stdout.write(line)
            self.stdout.flush()  # whoever feeds it line by line is waiting

    def _compare(
        self, source: BinaryIO, versions: Versions, names: list[str], *, as_json: bool
    ) -> None:
        found = compared(self._lines(source), versions=versions, report=self._report)
        titles = (_title(versions[0], names[0]), _title(versions[1], names[1]))
        for line in [to_json(found, titles)] if as_json else to_table(found, titles):
            self.stdout.write(line)

    def _source(self, path: Path | None) -> AbstractContextManager[BinaryIO]:
        if path is None:
            return nullcontext(sys.stdin.buffer)
        try:
            return path.open("rb")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _report(self, problem: str) -> None:
        self.problems += 1
        self.stderr.write(problem)

    def _lines(self, source: BinaryIO) -> Iterator[bytes]:
        """The lines, and now and then a sign of life for whoever looks at a terminal."""
        told_at = monotonic()
        for number, line in enumerate(lines_of(source), start=1):
            yield line
            if self.stderr.isatty() and monotonic() - told_at >= _SECONDS_BETWEEN_SIGNS_OF_LIFE:
                told_at = monotonic()
                self.stderr.write(f"{number:,} lines", style_func=str)


def _rules(name: str) -> RuleSet:
    try:
        return rules_named(name)
    except NoSuchVersion as error:
        raise CommandError(str(error)) from error


def _title(rules: RuleSet, name: str) -> str:
    return name if rules.version == name else f"{rules.version} ({name})"


class _WithParagraphs(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """The help of this command has some."""
