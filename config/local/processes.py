"""Start processes, watch them, and stop them: always by their own id, never by a name."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.local import CannotRun
from config.local.accounts import Account

TIED = Path(__file__).with_name("tied.py")
PATIENCE = 20.0  # seconds between one signal and the next, harder one
POLL = 0.05  # seconds
TAIL_LINES = 20


@dataclass(frozen=True)
class Program:
    """What to run and how to end it: the signals from the most polite to the last."""

    name: str
    argv: Sequence[str]
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGKILL)


@dataclass
class Child:
    """A process that we started, and can start again."""

    program: Program
    log: Path
    begin: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.program.name

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self.process.poll() is not None

    def start_again(self) -> None:
        """Start another in the place of one that is gone; its log goes on."""
        # What it forked may live on, and hold its port or its tasks.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process = self.begin()

    def obituary(self) -> str:
        """What a person needs to see when it died by itself."""
        return (
            f"{self.name} ended by itself with status {self.process.poll()}. "
            f"The end of {self.log}:\n{tail(self.log)}"
        )


def start(
    program: Program,
    *,
    log: Path,
    folder: Path,
    account: Account | None = None,
    environ: Mapping[str, str] | None = None,
) -> Child:
    """Start a program in a session of its own, so that Ctrl-C reaches only us."""
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    first = program.signals[0]
    numbers = [str(number) for number in (os.getpid(), int(first), uid, gid)]
    argv = [sys.executable, "-I", "-S", str(TIED), *numbers, *program.argv]
    begin = partial(_begin, argv, log=log, folder=folder, environ=environ)
    keep_one_before(log)
    return Child(program, log, begin, begin())


def _begin(
    argv: Sequence[str], *, log: Path, folder: Path, environ: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    with log.open("ab") as written:
        return subprocess.Popen(  # noqa: S603 - the argv is ours and no shell reads it
            argv,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environ,
            start_new_session=True,
        )


def stop(child: Child) -> None:
    """Ask it to end, then insist; its group goes with it when it had to be killed."""
    for number in child.program.signals:
        if child.ended:
            return
        if number == signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)
        try:
            child.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            continue


def finish(child: Child, *, seconds: float) -> None:
    """Wait for a program that ends by itself, and raise with its last words when it fails."""
    try:
        status = child.process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        stop(child)
        raise CannotRun(f"{child.name} did not end in {seconds:.0f} s. See {child.log}.") from error
    if status != 0:
        raise CannotRun(child.obituary())


def keep_one_before(log: Path) -> None:
    """Keep the log of the run before, and no older one."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join(f"    {line}" for line in lines) or "    (nothing was written)"


def command_line(pid: int) -> str:
    """The arguments of any process on this machine; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return ""
    listing = ["/bin/ps", "-o", "command=", "-p", str(pid)]  # macOS has no /proc
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout  # noqa: S603


def stop_leftover(pid: int, *, argument: str, signals: Sequence[signal.Signals]) -> None:
    """End a process that an earlier run left behind, when it still is that very process."""
    for number in signals:
        if not works_for(pid, argument):
            return
        os.kill(pid, number)
        deadline = time.monotonic() + PATIENCE
        while works_for(pid, argument) and time.monotonic() < deadline:
            time.sleep(POLL)


def works_for(pid: int, argument: str) -> bool:
    """Whether this process runs with that argument: process ids are used again."""
    return f" {argument} " in f" {command_line(pid)} "
