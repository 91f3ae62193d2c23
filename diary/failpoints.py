"""Named places at which the fault bench ends or stops a process; nothing anywhere else.

FAILPOINT names a folder. Whoever arrives at `claimed` while the folder holds `claimed.kill` or
`claimed.stop` takes that file, which only one can, and sends itself the signal: a process that
starts again does not meet the same fault twice.
"""

import os
import signal
from pathlib import Path

_FOLDER = os.environ.get("FAILPOINT")
_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def reached(name: str) -> None:
    """Say that this place was come to; only the fault bench makes something of it."""
    if _FOLDER is None:
        return
    for fault, number in _SIGNALS.items():
        try:
            Path(_FOLDER, f"{name}.{fault}").unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), number)
