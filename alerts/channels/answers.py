"""What an HTTP answer, or its absence, means to any channel."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import h11
import httpcore2

from alerts.channels.outcome import NotAccepted

LONGEST_WAIT = timedelta(days=1)
_BUSY = frozenset({408, 425, 429})

# The first row that fits names the failure; those above OSError are kinds of it.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timed_out"),
    (socket.gaierror, "name_not_found"),
    (ssl.SSLError, "tls_failed"),
    (ConnectionResetError, "disconnected"),
    (BrokenPipeError, "disconnected"),
    (OSError, "unreachable"),
    (h11.ProtocolError, "answer_unreadable"),
    (httpcore2.ProtocolError, "answer_unreadable"),
    (httpcore2.ConnectionNotAvailable, "disconnected"),
)
FAILURES = tuple(kind for kind, _ in _FAILURES)


@dataclass(frozen=True)
class Meaning:
    """What an answer says about the message, its target and the host."""

    because: str
    permanent: bool = False
    endpoint_gone: bool = False
    far_end_down: bool = False

    def refusal(self, status: int, headers: Mapping[str, str]) -> NotAccepted:
        """The same as the exception that a channel raises."""
        return NotAccepted(
            f"{self.because}_{status}",
            permanent=self.permanent,
            endpoint_gone=self.endpoint_gone,
            far_end_down=self.far_end_down,
            retry_after=None if self.permanent else wait_asked_for(headers),
        )


def gone(because: str = "gone") -> Meaning:
    """The target will never take a message again."""
    return Meaning(because, permanent=True, endpoint_gone=True)


def refused(because: str = "refused") -> Meaning:
    """This message will never be taken; the target may take the next one."""
    return Meaning(because, permanent=True)


def down(because: str) -> Meaning:
    """The host takes nothing at present, from us or from anybody."""
    return Meaning(because, far_end_down=True)


def by_status(status: int) -> Meaning:
    """What a provider's status says where its words say nothing more."""
    if status in {401, 403}:
        return down("login_refused")
    if status in _BUSY or status >= 500:
        return down("busy")
    if status in {404, 405} or status < 400:
        return down("not_the_provider")  # of a base URL that leads elsewhere
    return refused()


def failed(error: Exception) -> NotAccepted:
    """A failure on the way says only that we do not know, so: again."""
    because = next(code for kind, code in _FAILURES if isinstance(error, kind))
    return NotAccepted(because, permanent=False, far_end_down=True)


def wait_asked_for(headers: Mapping[str, str]) -> timedelta | None:
    """The wait the far end asks for, in seconds or as a date measured on its own clock."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(timedelta(seconds=min(int(asked[:9]), 10**6)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(asked)
        wait = until - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
