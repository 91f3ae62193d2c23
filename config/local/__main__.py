"""`python -m config.local run`, or one of `web`, `worker`, `dispatch`, `canary`."""

import argparse
import os
import sys

from config.local import CannotRun
from config.local.alone import PROGRAMS, become
from config.local.supervisor import run


def main() -> int:
    """Do it, and turn what stands in the way into words and a status."""
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    parser.add_argument("what", choices=["run", *PROGRAMS])
    what = parser.parse_args().what
    try:
        if what != "run":
            become(what, os.environ)
        run(os.environ)
    except CannotRun as reason:
        sys.stderr.write(f"\nERROR: {reason}\n")
        return 1
    return 0


sys.exit(main())
