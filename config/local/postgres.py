"""PostgreSQL of one instance: private sockets only, one database, one owner."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import psycopg

from config.local import CannotRun
from config.local.accounts import Account, check_reachable, make_private
from config.local.engines import Engine, postgres_engine
from config.local.places import DATABASE, POSTGRES_PORT, Places
from config.local.processes import (
    POLL,
    Child,
    Program,
    finish,
    start,
    stop,
    stop_leftover,
    works_for,
)

STARTING = 60.0  # seconds; a database that crashed under load replays its log first
MAKING = 120.0  # seconds for initdb
# Fast, immediate, and by force: SIGTERM would wait for every client to leave.
SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
HURRIED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DURABLE = ("fsync=on", "synchronous_commit=on")
REACHABLE = (
    "Move the project and DATA_DIR to a folder that everybody may enter (such as /srv or /opt), "
    "or set DATA_DIR to one, or run as a normal user; `apt-get install postgresql redis-server` "
    "replaces binaries that are out of reach, and DATABASE_URL and REDIS_URL replace the services."
)


def start_postgres(places: Places, *, account: Account, origin: str | None, durable: bool) -> Child:
    """Start the database of this instance; it takes a moment until it answers."""
    engine = postgres_engine(origin=origin, exactly=version_of_data(places.postgres))
    for path in (engine.binary.parent, places.root):
        check_reachable(path, account, remedy=REACHABLE)
    clear_leftovers(places)
    if not places.postgres.exists():
        _make_data(engine, places, account, durable=durable)
    make_private(places.postgres, account)
    program = Program("postgres", _server(engine, places, durable=durable), SIGNALS)
    return start(program, log=places.logs / "postgres.log", folder=Path("/"), account=account)


def version_of_data(data: Path) -> int | None:
    """The major version that wrote this data folder; None when it is still to be made."""
    written = data / "PG_VERSION"
    return int(written.read_text()) if written.exists() else None


def clear_leftovers(places: Places) -> None:
    """Stop the server that a killed parent left behind, and forget one that is gone."""
    recorded = places.postgres / "postmaster.pid"
    written = recorded.read_text().split() if recorded.exists() else []
    pid, data = (int(written[0]) if written else 0), str(places.postgres)
    stop_leftover(pid, argument=data, signals=SIGNALS)
    if works_for(pid, data):
        raise CannotRun(f"PostgreSQL, process {pid}, does not stop. End it, then try again.")
    for left in places.sockets.glob(".s.PGSQL.*"):
        left.unlink()
    if not written or Path(f"/proc/{pid}").exists():
        # Empty, or a stranger's id by now: PostgreSQL would refuse to start for its sake.
        recorded.unlink(missing_ok=True)


def await_postgres(child: Child, places: Places) -> None:
    """Return once the database is there; make it on the first day."""
    deadline = time.monotonic() + STARTING
    while not _made(places):
        if child.ended or time.monotonic() > deadline:
            stop(child)
            raise CannotRun(child.obituary())
        time.sleep(POLL)


def _made(places: Places) -> bool:
    try:
        with psycopg.connect(
            host=str(places.sockets),
            port=POSTGRES_PORT,
            user=DATABASE,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [DATABASE]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
    except psycopg.OperationalError:
        return False
    return True


def _make_data(engine: Engine, places: Places, account: Account, *, durable: bool) -> None:
    # Made aside and moved in when complete: a half-made folder would never start.
    unfinished = places.root / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, account)
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    argv = [
        str(engine.binary.with_name("initdb")),
        *("--pgdata", str(unfinished), "--username", DATABASE, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", locale, *([] if durable else ["--no-sync"])),
    ]
    program = Program("initdb", argv)
    child = start(program, log=places.logs / "initdb.log", folder=Path("/"), account=account)
    finish(child, seconds=MAKING)
    unfinished.rename(places.postgres)


def _server(engine: Engine, places: Places, *, durable: bool) -> list[str]:
    options = [
        "listen_addresses=",
        f'unix_socket_directories="{places.sockets}"',
        "unix_socket_permissions=0700",
        f"port={POSTGRES_PORT}",
        "timezone=UTC",
        "log_timezone=UTC",
        # What it refuses is logged without the values, which may be a patient's words.
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
        *(DURABLE if durable else HURRIED),
    ]
    settings = [part for option in options for part in ("-c", option)]
    return [os.fspath(engine.binary), "-D", str(places.postgres), *settings]
