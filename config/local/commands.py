"""The programs of one instance: what `make run` starts together and `make web` alone."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from config.local import CannotRun
from config.local.places import PROJECT
from config.local.processes import Program

# A worker finishes its tasks at TERM and gives them back to the queue at QUIT.
WORKER_SIGNALS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)


@dataclass(frozen=True)
class Door:
    """Where the web process listens."""

    host: str
    port: int

    @property
    def local(self) -> str:
        """The address under which this machine reaches it."""
        # Compared, not bound: whoever listens everywhere is reached here.
        return "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104

    @property
    def bind(self) -> str:
        """The address as gunicorn wants it."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """The address for a person's browser on this machine."""
        return f"http://{_bracketed(self.local)}:{self.port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def door(environ: Mapping[str, str]) -> Door:
    """HOST and PORT: this machine only, port 8000, unless they say otherwise."""
    port = environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotRun(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    return Door(environ.get("HOST") or "127.0.0.1", int(port))


def manage(command: str, *options: str) -> Program:
    """One of the project's management commands."""
    return Program(command, [sys.executable, str(PROJECT / "manage.py"), command, *options])


def web(door: Door, environ: Mapping[str, str]) -> Program:
    """gunicorn; threads, so that a slow phone does not hold a whole process."""
    options = {
        "bind": door.bind,
        "workers": environ.get("WEB_CONCURRENCY") or "2",
        "worker-class": "gthread",
        "threads": "4",
        "timeout": "60",
        "graceful-timeout": "15",
        "keep-alive": "75",  # seconds; a phone that pauses must not write into a closed connection
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    # The control socket is one file for all of a user's instances.
    argv = [sys.executable, "-m", "gunicorn", "config.wsgi", *flags, "--no-control-socket"]
    return Program("web", argv)


def worker(environ: Mapping[str, str]) -> Program:
    """Celery, which needs to know no other worker; on one machine, writes go before it."""
    concurrency = environ.get("WORKER_CONCURRENCY") or "2"
    argv = [
        *("nice", "-n", "5"),  # becomes the program that it names, so signals reach that one
        *(sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO"),
        *("--concurrency", concurrency, "--without-gossip", "--without-mingle"),
    ]
    return Program("worker", argv, WORKER_SIGNALS)


def canary(door: Door) -> Program:
    """The patient that the service plays, to watch itself."""
    return Program("canary", manage("canary", "--url", door.url).argv)


def dispatcher() -> Program:
    """The sweep of what is due."""
    return Program("dispatcher", manage("dispatch").argv)
