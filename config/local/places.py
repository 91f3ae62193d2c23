"""Where one instance keeps its things, and what its services are reachable at."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "diary"  # the name of the database and of its owner
POSTGRES_PORT = 5432  # part of the socket's file name; nothing listens on a network
SOCKET_PATH_LIMIT = 103  # bytes in sockaddr_un: 107 on Linux, 103 on macOS


@dataclass(frozen=True)
class Addresses:
    """What the application connects to."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Places:
    """The files and folders of the instance that lives in `root`, an absolute path."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """The data folder of Valkey."""
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        """One file for each process, and one for the run before."""
        return self.root / "log"

    @property
    def mail(self) -> Path:
        """Where mails are kept when EMAIL_URL names no server."""
        return self.root / "mail"

    @property
    def lock(self) -> Path:
        """Held by whoever runs this instance."""
        return self.root / "running.lock"

    @property
    def sockets(self) -> Path:
        """A private folder short enough for a socket's address, the same one every time."""
        inside = self.root / "sockets"
        if len(os.fsencode(inside / f".s.PGSQL.{POSTGRES_PORT}")) <= SOCKET_PATH_LIMIT:
            return inside
        # Not $TMPDIR: `make run` and a later `manage.py` must come to the same folder.
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"diary-{name}"  # noqa: S108 - its owner and mode are checked

    @property
    def valkey_socket(self) -> Path:
        """Where Valkey listens."""
        return self.sockets / "valkey.sock"


def data_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the instance: DATA_DIR, seen from the project, else `var`."""
    return (PROJECT / (environ.get("DATA_DIR") or "var")).resolve()


def addresses(data_dir: Path) -> Addresses:
    """Where the services of the instance in `data_dir` are reachable while they run."""
    places = Places(data_dir.resolve())
    return Addresses(
        database_url=f"postgres://{DATABASE}@{quote(str(places.sockets), safe='')}/{DATABASE}",
        redis_url=f"unix://{quote(str(places.valkey_socket))}?db=0",
    )
