"""Whether the port is free before we start, and whether the web process answers after."""

import errno
import http.client
import socket
from collections.abc import Mapping

from config.local import CannotRun
from config.local.commands import Door

PATIENCE = 10.0  # seconds for one answer


def check_free(door: Door) -> None:
    """Raise when the port cannot be had, before anything is started."""
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((door.host, door.port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "another program uses it" if taken else error.strerror
            raise CannotRun(
                f"Port {door.port} on {door.host} cannot be opened: {reason}. "
                f"Choose another one: PORT={min(door.port + 1, 65535)} make run"
            ) from error


def readiness(door: Door, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether /readyz says 200, and what it says."""
    connection = http.client.HTTPConnection(door.local, door.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz", headers={"Host": served_host(environ)})
        answer = connection.getresponse()
        return answer.status == http.HTTPStatus.OK, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"no answer yet ({error})"
    finally:
        connection.close()


def served_host(environ: Mapping[str, str]) -> str:
    """A host name that the web process accepts."""
    names = (name.strip() for name in environ.get("ALLOWED_HOSTS", "").split(","))
    return next((name.lstrip(".") for name in names if name not in {"", "*"}), "localhost")
