"""A mail server that keeps what it is given and answers as it is told."""

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Mail:
    """One mail as it came over the wire."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    @property
    def body(self) -> str:
        """The text, decoded, with plain line ends."""
        return str(self.message.get_content()).replace("\r\n", "\n")


class SmtpSink:
    """An SMTP server on 127.0.0.1 in a thread of its own.

    `rcpt_answer` and `data_answer` are SMTP answers ("550 5.1.1 no such user"); `hang` makes it
    accept connections and say nothing; `drop_after_data` makes it keep a mail and hang up
    without an answer; `refuse()` closes the port and `listen()` opens the same one again.
    """

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.rcpt_answer = "250 OK"
        self.data_answer = "250 OK"
        self.hang = False
        self.drop_after_data = False
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._thread.start()
        self.listen()

    def stop(self) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def listen(self) -> None:
        """Open the port: a free one at first, later the same again."""
        self._wait_for(self._listen())

    def refuse(self) -> None:
        """Close the port and every connection: further ones are refused."""
        self._wait_for(self._refuse())

    def wait_for_mails(self, count: int, *, seconds: float = 10) -> list[Mail]:
        """The mails, as soon as there are `count`; for senders in other processes."""
        end = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.mails) >= count, f"{len(self.mails)} mails after {seconds} s"
        return list(self.mails)

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in list(self._open):
            cast("asyncio.Transport", transport).abort()
        await asyncio.sleep(0.05)
        # aiosmtpd leaves its session tasks behind when a connection breaks.
        for task in asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _protocol(self) -> asyncio.BaseProtocol:
        return _Silent(self._open) if self.hang else _Speaking(self, self._open, self._loop)

    def _wait_for(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    # What aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.rcpt_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = cast("bytes", envelope.content)
        if self.data_answer.startswith("2"):
            message = message_from_bytes(raw, policy=policy.default)
            recipients = tuple(str(each) for each in envelope.rcpt_tos)
            sender = str(envelope.mail_from)
            self.mails.append(Mail(datetime.now(UTC), sender, recipients, message, raw))
        if self.drop_after_data:
            cast("asyncio.Transport", server.transport).abort()
        return self.data_answer


class _Silent(asyncio.Protocol):
    """Takes the connection and never says a word."""

    def __init__(self, connections: set[asyncio.BaseTransport]) -> None:
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self._transport)


class _Speaking(SMTP):
    """aiosmtpd's server, with its connections where the sink can close them."""

    def __init__(
        self,
        sink: SmtpSink,
        connections: set[asyncio.BaseTransport],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(sink, hostname="sink.test", enable_SMTPUTF8=True, loop=loop)
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.difference_update({self.transport})
        super().connection_lost(error)
