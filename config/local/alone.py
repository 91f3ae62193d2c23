"""`make web`, `make worker`, `make dispatch`: one process, beside services that already run."""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from config.local import CannotRun
from config.local.commands import canary, dispatcher, door, web, worker
from config.local.keys import kept_keys
from config.local.places import POSTGRES_PORT, PROJECT, Places, addresses, data_dir
from config.local.processes import Program
from config.local.readiness import check_free
from config.local.refusal import check_settings

Environ = Mapping[str, str]


def _web(environ: Environ) -> Program:
    place = door(environ)
    check_free(place)
    return web(place, environ)


PROGRAMS: Mapping[str, Callable[[Environ], Program]] = {
    "web": _web,
    "worker": worker,
    "dispatch": lambda _: dispatcher(),
    "canary": lambda environ: canary(door(environ)),
}


def become(name: str, environ: Environ) -> NoReturn:
    """Be this process: its signals and its status are its own."""
    surroundings = environ_beside_services(environ)
    check_settings(surroundings)
    program = PROGRAMS[name](surroundings)
    sys.stdout.flush()
    os.chdir(PROJECT)
    os.execvpe(program.argv[0], list(program.argv), surroundings)  # noqa: S606 - no shell is the point


def environ_beside_services(environ: Environ) -> dict[str, str]:
    """The environment of one process: the services named, or those of a running instance."""
    places = Places(data_dir(environ))
    own = addresses(places.root)
    result = {**environ, **kept_keys(places, environ), "DATA_DIR": str(places.root)}
    for setting, url, listener in (
        ("DATABASE_URL", own.database_url, places.sockets / f".s.PGSQL.{POSTGRES_PORT}"),
        ("REDIS_URL", own.redis_url, places.valkey_socket),
    ):
        if not environ.get(setting):
            check_listening(listener, setting=setting, places=places)
            result |= {setting: url, "DEBUG": environ.get("DEBUG") or "1"}
    return result


def check_listening(listener: Path, *, setting: str, places: Places) -> None:
    """Raise when the instance's service does not run."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(listener))
        except OSError as error:
            raise CannotRun(
                f"{setting} is not set, and no instance runs in {places.root}. "
                f"Start one there with `make run`, or set DATABASE_URL and REDIS_URL."
            ) from error
