"""`make run`: everything of one instance, up in order, watched, and down in order."""

import signal
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType

from config.local import CannotRun
from config.local.announcement import say, starting, stopping, welcome
from config.local.commands import Door, canary, dispatcher, door, manage, web, worker
from config.local.keys import keys
from config.local.places import PROJECT, Places, data_dir
from config.local.processes import Child, Program, start, stop
from config.local.readiness import check_free, readiness
from config.local.refusal import check_settings
from config.local.revival import Revival
from config.local.services import started

READY = 180.0  # seconds from the start of the processes to the first 200, on a busy machine
WATCH = 0.1  # seconds between two looks at the children
VITAL = "postgres"  # without it nothing can be kept; every other part starts again


class Stopped(Exception):
    """Somebody asked us to stop."""


def run(environ: Mapping[str, str]) -> None:
    """Run one instance until somebody stops it; raise when it cannot run or PostgreSQL dies."""
    place = door(environ)
    check_free(place)
    supervisor = Supervisor(Places(data_dir(environ)), environ)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    try:
        supervisor.run(place)
    except Stopped:
        say("Stopped.")


class Supervisor:
    """The processes of one instance, and the wish to stop them."""

    def __init__(self, places: Places, environ: Mapping[str, str]) -> None:
        self.places = places
        # On this machine nothing is behind TLS and mails go to files; DEBUG=0 forbids both.
        self.environ = {"DEBUG": "1", "PYTHONUNBUFFERED": "1", **environ}
        self.environ["DATA_DIR"] = str(places.root)
        self.children: list[Child] = []
        self.revivals: list[Revival] = []  # none before everything was ready once
        self.stop_asked = False
        self.own_database = not environ.get("DATABASE_URL")
        self.began_at = time.monotonic()

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Take Ctrl-C or TERM: only a note, which every loop sees, so that nothing is torn."""
        self.stop_asked = True

    def run(self, place: Door) -> None:
        """Bring everything up, say so, and watch until `look` raises."""
        check_settings(self.environ)
        with ExitStack() as stack:
            self._start_services(stack)
            self._prepare()
            say("Starting the worker, the dispatcher and the web process ...")
            for program in (worker(self.environ), dispatcher(), web(place, self.environ)):
                self._keep_running(program, stack)
            stack.callback(stopping)
            self._await_ready(place)
            self._keep_running(canary(place), stack)  # what it walks through must be there
            now = time.monotonic()
            say(welcome(place, self.places, self.environ, now - self.began_at))
            self.revivals = [Revival(c, at=now) for c in self.children if c.name != VITAL]
            while True:
                self.look()

    def look(self) -> None:
        """Raise when we are asked to stop or cannot go on; start again what died; rest."""
        if self.stop_asked:
            raise Stopped
        for child in self.children:
            if child.ended and (child.name == VITAL or not self.revivals):
                raise CannotRun(child.obituary())
        for revival in self.revivals:
            revival.look(at=time.monotonic())
        time.sleep(WATCH)

    def _start_services(self, stack: ExitStack) -> None:
        say(starting(self.places, self.environ))
        services = stack.enter_context(started(self.places, durable=True, environ=self.environ))
        self.children.extend(services.children)
        self.environ |= keys(self.places, self.environ)
        self.environ["DATABASE_URL"] = services.addresses.database_url
        self.environ["REDIS_URL"] = services.addresses.redis_url

    def _prepare(self) -> None:
        strict = self.environ["DEBUG"] != "1"
        steps = [self._start(manage("migrate", "--no-input"))]
        say("Bringing the tables up to date ...")
        if strict:
            say("Collecting the files of the admin and of the API's pages ...")
            steps.append(self._start(manage("collectstatic", "--no-input")))
        for step in steps:
            self._finish(step)
        if self.own_database and not strict:
            # Never in a database that somebody named: its log-ins are known to everybody.
            self._demonstrate()

    def _demonstrate(self) -> None:
        say("Making the demonstration ...")
        step = self._start(manage("demonstrate"))
        try:
            self._finish(step)
            say(step.log.read_text().rstrip())
        finally:  # a password is no matter for a log
            for log in (step.log, step.log.with_name(f"{step.log.name}.1")):
                log.unlink(missing_ok=True)

    def _keep_running(self, program: Program, stack: ExitStack) -> None:
        child = self._start(program)
        stack.callback(stop, child)
        self.children.append(child)

    def _start(self, program: Program) -> Child:
        log = self.places.logs / f"{program.name}.log"
        return start(program, log=log, folder=PROJECT, environ=self.environ)

    def _finish(self, step: Child) -> None:
        """Wait for a step; a stop or a dead service ends it too."""
        try:
            while not step.ended:
                self.look()
        finally:
            stop(step)
        if step.process.returncode != 0:
            raise CannotRun(step.obituary())

    def _await_ready(self, place: Door) -> None:
        deadline = time.monotonic() + READY
        ready, answer = readiness(place, self.environ)
        while not ready:
            self.look()
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"{place.url}/readyz was not ready after {READY:.0f} s. It says: {answer}\n"
                    f"The logs are in {self.places.logs}."
                )
            ready, answer = readiness(place, self.environ)
