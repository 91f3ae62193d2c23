"""PostgreSQL and Valkey of one instance, started when nobody named others."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.local import CannotRun
from config.local.accounts import make_private, service_account
from config.local.engines import wanted_origin
from config.local.places import Addresses, Places, addresses, data_dir
from config.local.postgres import await_postgres, start_postgres
from config.local.processes import Child, stop
from config.local.valkey import await_valkey, start_valkey

__all__ = ["Addresses", "Services", "addresses", "data_dir", "running", "started"]


@dataclass(frozen=True)
class Services:
    """Where the services are reachable, and those of them that we started."""

    addresses: Addresses
    children: tuple[Child, ...]


@contextmanager
def running(
    data_dir: Path, *, durable: bool, environ: Mapping[str, str] = os.environ
) -> Iterator[Addresses]:
    """Have the services of the instance in `data_dir` for as long as the block lasts.

    DATABASE_URL and REDIS_URL in `environ` name others; then nothing is started in their place.
    `durable=False` trades what survives a crash of the machine for speed, for tests.
    """
    with started(Places(data_dir.resolve()), durable=durable, environ=environ) as services:
        yield services.addresses


@contextmanager
def started(places: Places, *, durable: bool, environ: Mapping[str, str]) -> Iterator[Services]:
    """Like `running`, and tell which processes to watch."""
    with ExitStack() as stack:
        stack.enter_context(sole_use(places))
        children = tuple(_start(stack, places, durable=durable, environ=environ))
        own = addresses(places.root)
        yield Services(
            Addresses(
                environ.get("DATABASE_URL") or own.database_url,
                environ.get("REDIS_URL") or own.redis_url,
            ),
            children,
        )


@contextmanager
def sole_use(places: Places) -> Iterator[None]:
    """Make the folders of the instance and keep a second run out of them."""
    _make_folders(places)
    with places.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotRun(
                f"An instance runs in {places.root} already (process {lock.read().strip()}). "
                "Stop it, or set DATA_DIR to another folder for a second one."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _make_folders(places: Places) -> None:
    try:
        if not places.root.exists():
            # Root's services run as somebody else, who must pass through but not look round.
            mode = 0o711 if os.geteuid() == 0 else 0o700
            places.root.mkdir(parents=True)
            places.root.chmod(mode)
        for folder in (places.logs, places.mail):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"{error}. Choose a folder of your own with DATA_DIR.") from error


def _start(
    stack: ExitStack, places: Places, *, durable: bool, environ: Mapping[str, str]
) -> Iterator[Child]:
    """Start both before waiting for either; they end in the order Valkey, PostgreSQL."""
    account, origin = service_account(), wanted_origin(environ)
    waits = []
    if not (environ.get("DATABASE_URL") and environ.get("REDIS_URL")):
        make_private(places.sockets, account)
    if not environ.get("DATABASE_URL"):
        child = start_postgres(places, account=account, origin=origin, durable=durable)
        stack.callback(stop, child)
        waits.append((await_postgres, child))
    if not environ.get("REDIS_URL"):
        child = start_valkey(places, account=account, origin=origin, durable=durable)
        stack.callback(stop, child)
        waits.append((await_valkey, child))
    for answer, child in waits:
        answer(child, places)
        yield child
