"""The service in processes of its own: web, worker and dispatcher, over one environment."""

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Self
from urllib.request import urlopen

from config.local import commands
from config.local.commands import Door
from config.local.places import PROJECT, Places
from config.local.processes import Child, Program, start, stop

STARTING = 60  # seconds, on a busy machine
ALL = ("web", "worker", "dispatcher")


class Stack:
    """What runs, and where; every process is ended by its own id."""

    def __init__(
        self, places: Places, environ: dict[str, str], *, programs: Sequence[str] = ALL
    ) -> None:
        self.door = Door("127.0.0.1", free_port())
        self.children: dict[str, Child] = {}
        self.environ, self.places = environ, places
        self._programs = programs
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            for name in self._programs:
                self.start(name)
            self.await_web()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, name: str, *, wrapped: Sequence[str] = ()) -> Child:
        """Start one of the programs, or another in the place of one that is gone.

        `wrapped` is what Python runs first, with the program's arguments behind it.
        """
        program = self._program(name)
        if wrapped:
            argv = [sys.executable, *wrapped, *program.argv[1:]]
            program = Program(program.name, argv, program.signals)
        log = self.places.logs / f"{name}-{time.monotonic_ns()}.log"
        child = start(program, log=log, folder=PROJECT, environ=self.environ)
        self._stack.callback(stop, child)
        self.children[name] = child
        return child

    def await_web(self) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            try:
                urlopen(f"{self.door.url}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("web did not start")

    def _program(self, name: str) -> Program:
        if name == "web":
            return commands.web(self.door, self.environ)
        return commands.worker(self.environ) if name == "worker" else commands.dispatcher()


def kill(child: Child) -> None:
    """SIGKILL for the process and everything it started."""
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait(10)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port
