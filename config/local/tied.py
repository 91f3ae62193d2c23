"""Become another program that drops root and does not outlive the process that started it.

Run as a file of its own, before the program it becomes: `preexec_fn` would do the same, but
it may deadlock when the starting process has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int, signal_number: int) -> None:
    """Ask Linux for this signal when the parent dies; other systems have no such wish."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(f"the parent {parent} is gone")


def become(uid: int, gid: int) -> None:
    """Give up root for good."""
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main(parent: str, signal_number: str, uid: str, gid: str, *program: str) -> None:
    """Take the numbers, then be the program."""
    become(int(uid), int(gid))
    tie_to(int(parent), int(signal_number))  # after setuid, which would clear it
    os.execvp(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(*sys.argv[1:])
