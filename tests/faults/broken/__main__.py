"""`python -m tests.faults.broken NAME ARGUMENTS...`: break one thing, then be that program."""

import os
import runpy
import sys
from pathlib import Path

import django


def main(name: str, arguments: list[str]) -> None:
    """Run `-m module ...` or `file ...` in this process, over the broken code."""
    django.setup()
    from tests.faults.broken import builds  # noqa: PLC0415 - settings load first

    getattr(builds, name)()
    Path(os.environ["FAILPOINT"], f"{name}.broken").touch()
    sys.path.insert(0, str(Path.cwd()))
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


main(sys.argv[1], sys.argv[2:])
