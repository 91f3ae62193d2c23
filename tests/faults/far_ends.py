"""Mail server and push service of the bench: what they took, and what they shall do."""

import json
import sys
from pathlib import Path
from typing import Any, Self

from config.local.places import PROJECT
from config.local.processes import Program, start, stop
from tests.faults.races import wait_until

STARTING = 60.0  # seconds, on a busy machine
OBEYING = 10.0


class FarEnds:
    """They run in a process of their own: see tests/faults/sinks.py."""

    def __init__(self, folder: Path, *, environ: dict[str, str]) -> None:
        self.folder, self._environ = folder, environ
        self._log = folder / "accepted.ndjson"

    def __enter__(self) -> Self:
        self.folder.mkdir()
        program = Program("far", [sys.executable, "-m", "tests.faults.sinks", str(self.folder)])
        log = self.folder / "far.log"
        self._child = start(program, log=log, folder=PROJECT, environ=self._environ)
        wait_until((self.folder / "ports.json").exists, seconds=STARTING)
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._child)

    @property
    def mail_url(self) -> str:
        """Where mails go."""
        return f"smtp://127.0.0.1:{json.loads((self.folder / 'ports.json').read_text())['mail']}"

    def accepted(self) -> list[dict[str, Any]]:
        """What they have taken, in order: at, channel, id, to."""
        whole = self._log.read_text().rpartition("\n")[0] if self._log.exists() else ""
        return [json.loads(line) for line in whole.splitlines()]

    def order(self, **orders: dict[str, Any]) -> None:
        """Tell them what to do from now on (`mail`, `push`); what is left out is well again."""
        file, obeyed = self.folder / "orders.json", self.folder / "obeyed.json"
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(orders))
        written = str(draft.stat().st_mtime_ns)
        draft.replace(file)
        wait_until(lambda: obeyed.exists() and obeyed.read_text() == written, seconds=OBEYING)
