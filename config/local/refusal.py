"""Whether the settings are safe, asked of a process of its own before anything starts."""

import subprocess
import sys
from collections.abc import Mapping

from config.local import CannotRun
from config.local.keys import KEPT
from config.local.places import PROJECT

_REFUSAL = "Refusing to start: "


def check_settings(environ: Mapping[str, str]) -> None:
    """Raise with the names of the settings that are missing or unsafe, never a value."""
    # The instance's own keys are made or read later, together with its folder.
    made_later = {name: environ.get(name) or make() for name, (_, make) in KEPT.items()}
    asked = subprocess.run(
        [sys.executable, "-m", "config.startup"],
        cwd=PROJECT,
        env={**environ, **made_later},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0:
        return
    last = asked.stderr.strip().rpartition("\n")[2]
    # Anything else is a failure of ours, and its words may quote what was set.
    raise CannotRun(last if last.startswith(_REFUSAL) else "The settings could not be checked.")
