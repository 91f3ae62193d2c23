"""The whole service for one measurement: services, web, worker, dispatcher and sinks of its own.

Everything is a process that was started here and is stopped by its id, also after Ctrl-C.
"""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from config.local import commands
from config.local.commands import Door
from config.local.keys import keys
from config.local.places import PROJECT, Places
from config.local.processes import Child, Program, finish, start, stop
from config.local.services import started

STARTING = 90.0  # seconds until the web process answers
MIGRATING = 120.0
HERE = Path(__file__).parent


@dataclass
class Stack:
    """What runs, and where it is reached."""

    folder: Path  # plan, tokens, results, and what the sinks have got
    logs: Path
    door: Door
    push_port: int
    environ: dict[str, str]
    stack: ExitStack
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, name: str, program: Program) -> Child:
        """Start a program under a name; it is stopped with the rest."""
        log = self.logs / f"{name}.log"
        child = start(program, log=log, folder=PROJECT, environ=self.environ)
        self.stack.callback(stop, child)
        self.children[name] = child
        return child

    def script(self, name: str, *arguments: str) -> Program:
        """One of the files beside this one."""
        return Program(name, [sys.executable, str(HERE / f"{name}.py"), *arguments])

    def check_alive(self) -> None:
        """Raise with its last words when a part has died."""
        for child in self.children.values():
            if child.ended:
                raise SystemExit(child.obituary())

    @property
    def pids(self) -> dict[str, int]:
        return {name: child.process.pid for name, child in self.children.items()}


@contextmanager
def services() -> Iterator[Stack]:
    """PostgreSQL as it runs in earnest (durable), Valkey, tables, sinks; no application yet."""
    root = Path(tempfile.mkdtemp(prefix="diary-load-", dir="/tmp"))
    # Root's services run as somebody else, who must pass through.
    root.chmod(0o711 if os.geteuid() == 0 else 0o700)
    places = Places(root)
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "DEBUG": "1",  # no TLS on the way, and pushes to this machine
        "WEBPUSH_ALLOW_LOOPBACK": "1",
        "DATA_DIR": str(root),
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        running = stack.enter_context(started(places, durable=True, environ=environ))
        environ |= keys(places, environ)
        environ["DATABASE_URL"] = running.addresses.database_url
        environ["REDIS_URL"] = running.addresses.redis_url
        made = _made(root, places, environ, stack)
        made.children |= {child.name: child for child in running.children}
        finish(_unlisted(made, commands.manage("migrate", "--no-input")), seconds=MIGRATING)
        yield made


_PASSED_ON = ("LOCAL_SERVICES", "WEB_CONCURRENCY", "WORKER_CONCURRENCY", "PYTHONPATH")


def _made(root: Path, places: Places, environ: dict[str, str], stack: ExitStack) -> Stack:
    folder = root / "load"
    folder.mkdir()
    mail_port, push_port, web_port = free_ports(3)
    environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
    made = Stack(folder, places.logs, Door("127.0.0.1", web_port), push_port, environ, stack)
    for kind, port in (("mail", mail_port), ("push", push_port)):
        made.start(f"{kind} sink", made.script("sinks", kind, str(port), str(folder / kind)))
    return made


def _unlisted(made: Stack, program: Program) -> Child:
    child = made.start(program.name, program)
    del made.children[program.name]
    return child


def application(made: Stack) -> None:
    """Start web, worker and dispatcher as `make run` does, and wait until web answers."""
    made.start("web", commands.web(made.door, made.environ))
    made.start("worker", commands.worker(made.environ))
    made.start("dispatcher", commands.dispatcher())
    await_web(made, made.door)


def await_web(made: Stack, door: Door) -> None:
    end = time.monotonic() + STARTING
    while True:
        made.check_alive()
        try:
            urlopen(f"{door.url}/healthz", timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise SystemExit(f"The web process did not answer. See {made.logs}.") from None
            time.sleep(0.1)
        else:
            return


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
        for server in servers:
            stack.enter_context(server)
        return [server.getsockname()[1] for server in servers]


TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Processor time so far of each process with all that it started, and `machine`: of all."""
    parents, used = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(entry)):
            parents[int(entry.name)] = int(fields[1])
            # Its own, and that of its children that have ended.
            used[int(entry.name)] = sum(map(int, fields[11:15])) / TICKS
    own = {
        name: sum(used[each] for each in used if _descends(each, pid, parents))
        for name, pid in pids.items()
    }
    busy = _numbers(Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    return {**own, "machine": (sum(busy) - busy[3] - busy[4]) / TICKS}


def _numbers(words: Sequence[str]) -> list[int]:
    return [int(word) for word in words]


def _stat(entry: Path) -> list[str]:
    """The fields after the name in parentheses: state, parent, ...; none when it has ended."""
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _descends(pid: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while pid not in (ancestor, 0):
        pid = parents.get(pid, 0)
    return pid == ancestor
