"""Valkey (or Redis) of one instance: a private socket, and nothing is ever evicted."""

import os
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.local import CannotRun
from config.local.accounts import Account, check_reachable, make_private
from config.local.engines import valkey_engine
from config.local.places import Places
from config.local.postgres import REACHABLE
from config.local.processes import POLL, Child, Program, start, stop

STARTING = 30.0  # seconds; the append-only file is read first
DATABASES = 64  # tests take one for each worker


def start_valkey(places: Places, *, account: Account, origin: str | None, durable: bool) -> Child:
    """Start the broker of this instance; it takes a moment until it answers."""
    engine = valkey_engine(origin=origin)
    for path in (engine.binary.parent, places.root):
        check_reachable(path, account, remedy=REACHABLE)
    make_private(places.valkey, account)
    clear_leftovers(places)
    options = {
        "port": "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(places.valkey),
        "databases": str(DATABASES),
        "maxmemory-policy": "noeviction",  # a queue that drops entries is no queue
        "appendonly": "yes" if durable else "no",
        "save": "",
        "daemonize": "no",
    }
    settings = [part for name, value in options.items() for part in (f"--{name}", value)]
    program = Program("valkey", [os.fspath(engine.binary), *settings])
    return start(program, log=places.logs / "valkey.log", folder=Path("/"), account=account)


def clear_leftovers(places: Places) -> None:
    """Stop the server that a killed parent left behind: whoever answers here is ours."""
    try:
        with _client(places) as client:
            client.shutdown()
    except redis.RedisError:
        pass  # nobody listens any more
    places.valkey_socket.unlink(missing_ok=True)


def await_valkey(child: Child, places: Places) -> None:
    """Return once it answers."""
    deadline = time.monotonic() + STARTING
    while not _answers(places):
        if child.ended or time.monotonic() > deadline:
            stop(child)
            raise CannotRun(child.obituary())
        time.sleep(POLL)


def _answers(places: Places) -> bool:
    try:
        with _client(places) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _client(places: Places) -> redis.Redis:
    # No second try: the client would wait seconds for a server that is only starting.
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(places.valkey_socket), socket_timeout=5, retry=once)
