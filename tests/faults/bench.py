"""The service over a database, a broker and far ends of its own, and the ways to hurt it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Self

import psycopg

from config.local.keys import secret_key, vapid_private_key
from config.local.places import PROJECT, Places
from config.local.postgres import await_postgres, clear_leftovers
from config.local.processes import Child, stop
from config.local.services import Services
from config.local.valkey import await_valkey
from tests.faults.far_ends import FarEnds
from tests.faults.figures import size
from tests.faults.oracle import Oracle, Person
from tests.faults.phones import Phones
from tests.faults.races import wait_until
from tests.stack import ALL, Stack, kill

ON_CALL = "on-call@example.org"
LEASE = 30  # seconds for which a delivery belongs to whoever took it
PEOPLE = size(ci=700, full=4000)  # patients made at a time


class Bench:
    """Every process by its own id; what dies is started again at once."""

    def __init__(self, places: Places, services: Services, programs: Sequence[str] = ALL) -> None:
        self.places, self._postgres, self._valkey = places, *services.children
        self.failpoints = places.root / "failpoints"
        self._services, self._programs = services, programs
        self.lock = threading.RLock()  # held while processes are ended or started on purpose
        self.down: set[str] = set()  # who is not to be started again
        self._over = threading.Event()
        self._stack = ExitStack()
        self._phones: list[Phones] = []
        self._people: Iterator[Person] = iter(())

    def __enter__(self) -> Self:
        with self._stack:
            self.failpoints.mkdir()
            self.environ = _environ(self.places, self._services, self.failpoints)
            self.run("manage.py", "migrate", "--no-input", "-v0")
            far = FarEnds(self.places.root / "far", environ=self.environ)
            self.far_ends = self._stack.enter_context(far)
            self.environ["EMAIL_URL"] = self.far_ends.mail_url
            stack = Stack(self.places, self.environ, programs=self._programs)
            self.stack = self._stack.enter_context(stack)
            watch = threading.Thread(target=self._watch, daemon=True)
            watch.start()
            self._stack.callback(watch.join)
            self._stack.callback(self._over.set)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # --- What a test begins with --------------------------------------------------------------

    def people(self) -> Iterator[Person]:
        """Patients who have written nothing yet; as many as are asked for."""
        while True:
            yield from self._people
            self.run("-m", "tests.faults.enrol", str(PEOPLE), str(self.far_ends.folder))
            lines = (self.far_ends.folder / "people.ndjson").read_text().splitlines()
            self._people = iter([Person(**json.loads(line)) for line in lines])

    def phones(self) -> Phones:
        """Phones with an oracle of their own."""
        file = self.far_ends.folder / f"oracle-{len(self._phones)}.ndjson"
        self._phones.append(Phones(self.stack.door, Oracle(file)))
        return self._phones[-1]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database, past the application."""
        url = self._services.addresses.database_url
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(query, values)
            return found.fetchall() if found.description else []

    # --- Faults -------------------------------------------------------------------------------

    def child(self, name: str) -> Child:
        """The process of one program as it is now."""
        return self.stack.children[name]

    def lay(self, name: str, fault: str = "kill") -> Path:
        """Let the next process that reaches a failpoint die, or stop; the file is gone then."""
        trap = self.failpoints / f"{name}.{fault}"
        trap.touch()
        return trap

    def await_victim(self, trap: Path, *, seconds: float = 60) -> None:
        """Wait until somebody has met a fault that was laid; web answers again then."""
        wait_until(lambda: not trap.exists(), seconds=seconds)
        self.stack.await_web()

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """Stop all processes of a program where they are, for as long as the block lasts."""
        group = self.child(name).process.pid
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def stop_postgres(self) -> None:
        """An immediate stop: as if its machine had lost power."""
        self._postgres.process.send_signal(signal.SIGQUIT)
        self._postgres.process.wait(60)

    def start_postgres(self) -> None:
        """Start it again on the same data, and wait until it answers."""
        clear_leftovers(self.places)
        self._postgres.start_again()
        await_postgres(self._postgres, self.places)

    def flush_broker(self) -> None:
        """Let the broker forget everything."""
        subprocess.run(
            [sys.executable, "-c", _FLUSH, self._services.addresses.redis_url], check=True
        )

    def kill_broker(self) -> None:
        """Kill it; the next start finds nothing of what it held."""
        kill(self._valkey)
        for file in self.places.valkey.glob("**/*"):
            if file.is_file():
                file.unlink()

    def start_broker(self) -> None:
        """Start it again, empty, and wait until it answers."""
        self.places.valkey_socket.unlink(missing_ok=True)
        self._valkey.start_again()
        await_valkey(self._valkey, self.places)

    def end_leases(self) -> None:
        """As if the time of a lease had passed, for all that is owed."""
        for statement in _EARLIER:
            self.rows(statement, f"{LEASE + 1} seconds")

    def let_a_lease_pass(self) -> None:
        """As if nothing had run for as long as a lease lasts: whoever held one is dead."""
        with self.lock:
            hurt = [self.child(name) for name in ("worker", "dispatcher")]
            for child in hurt:
                if not child.ended:
                    kill(child)
            self.end_leases()
            for child in hurt:
                child.start_again()

    @contextmanager
    def wrapped(self, name: str, *argv: str) -> Iterator[None]:
        """Run one program behind another module of Python, for as long as the block lasts."""
        self._replace(name, argv)
        try:
            yield
        finally:
            self._replace(name, ())

    def mend(self) -> None:
        """What every test leaves behind: everything runs, and nobody waits in a trap."""
        for trap in self.failpoints.iterdir():
            trap.unlink(missing_ok=True)
        self.far_ends.order()
        self.down.clear()
        for phones in self._phones:
            phones.hang_up()
        self.stack.await_web()

    # --- Within -------------------------------------------------------------------------------

    def run(self, *argv: str) -> None:
        """Run a program of Python in the service's environment, to its end."""
        done = subprocess.run(
            [sys.executable, *argv], cwd=PROJECT, env=self.environ, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]

    def _replace(self, name: str, argv: Sequence[str]) -> None:
        with self.lock:
            stop(self.child(name))
            self.stack.start(name, wrapped=argv)
        if name == "web":
            self.stack.await_web()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            with self.lock:
                for name, child in self.stack.children.items():
                    if child.ended and name not in self.down:
                        child.start_again()


_FLUSH = "import redis, sys; redis.Redis.from_url(sys.argv[1]).flushall()"
_EARLIER = (
    """UPDATE alerts_delivery SET lease_until = lease_until - by.it, nudged_at = nudged_at - by.it,
        due_at = due_at - by.it FROM (SELECT %s::interval AS it) AS by WHERE state = 'owed'""",
    """UPDATE alerts_watch SET nudged_at = nudged_at - by.it
        FROM (SELECT %s::interval AS it) AS by WHERE due_at <= now()""",
)


def _environ(places: Places, services: Services, failpoints: Path) -> dict[str, str]:
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LOCAL_SERVICES"}
    return {
        **{name: value for name, value in os.environ.items() if name in kept},
        "DATABASE_URL": services.addresses.database_url,
        "REDIS_URL": services.addresses.redis_url,
        "DATA_DIR": str(places.root),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "SECRET_KEY": secret_key(),
        "WEBPUSH_VAPID_PRIVATE_KEY": vapid_private_key(),
        "WEBPUSH_ALLOW_LOOPBACK": "1",
        "ON_CALL_EMAIL": ON_CALL,
        "FAILPOINT": str(failpoints),
    }


def some(people: Iterator[Person], count: int) -> list[Person]:
    """The next so many."""
    return list(islice(people, count))
