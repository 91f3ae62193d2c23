"""Who the services run as, and whether that account can reach what it needs."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from config.local import CannotRun

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    """An account of this machine."""

    name: str
    uid: int
    gid: int


def service_account() -> Account:
    """PostgreSQL refuses to run as root, so root's services run as an unprivileged account."""
    uid = os.geteuid()
    if uid == 0:
        entry = pwd.getpwnam(UNPRIVILEGED)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, os.getegid())
    except KeyError:  # a container may run us under a number that has no name
        return Account(str(uid), uid, os.getegid())


def may_enter(folder: os.stat_result, account: Account) -> bool:
    """Whether the mode bits let this account pass through the folder."""
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def closed_folder(path: Path, account: Account) -> Path | None:
    """The outermost folder on the way to `path` that this account may not enter."""
    way = [*reversed(path.parents), path]
    closed = (step for step in way if step.is_dir() and not may_enter(step.stat(), account))
    return next(closed, None)


def check_reachable(path: Path, account: Account, *, remedy: str) -> None:
    """Raise, naming the folder and the remedy, when this account cannot reach `path`."""
    closed = closed_folder(path.resolve(), account)
    if closed is not None:
        raise CannotRun(
            f"The services run as {account.name!r}, who may not enter {closed}, "
            f"and so cannot reach {path}.\n{remedy}"
        )


def make_private(folder: Path, account: Account) -> None:
    """Make the folder this account's alone, and refuse one that somebody else laid there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
        raise CannotRun(
            f"{folder} belongs to somebody else. Remove it, or choose another DATA_DIR."
        )
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)
