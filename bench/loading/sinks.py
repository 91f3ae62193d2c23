"""A mail server and a push service as processes: they take everything and write down when.

    python bench/loading/sinks.py mail|push PORT FILE

A line for each message: the time of receipt, the channel, for whom, and its id (Message-ID or
Topic). They check and decrypt nothing, so that they cost little beside what is measured.
"""

import asyncio
import os
import sys
import time
from pathlib import Path


class Ledger:
    """The file of receipts; each line is written at once."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, channel: str, person: str, message_id: str) -> None:
        os.write(self._file, f"{time.time():.6f} {channel} {person} {message_id or '-'}\n".encode())


class _Lines(asyncio.Protocol):
    """One connection whose input is looked at whenever it grows."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.received = ledger, b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while self.took_one():
            pass

    def took_one(self) -> bool:
        raise NotImplementedError


class MailSink(_Lines):
    """As much of SMTP as a sender of plain mails needs."""

    in_letter = False
    recipient = ""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        transport.write(b"220 sink\r\n")

    def took_one(self) -> bool:
        end = b"\r\n.\r\n" if self.in_letter else b"\r\n"
        part, found, rest = self.received.partition(end)
        if not found:
            return False
        self.received = rest
        self._letter(part) if self.in_letter else self._command(part)
        return True

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"RCPT":
            self.recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        answer = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")
        self.in_letter = word == b"DATA"
        self.transport.write(answer)
        if word == b"QUIT":
            self.transport.close()

    def _letter(self, letter: bytes) -> None:
        self.ledger.note("mail", self.recipient, header(letter, b"message-id"))
        self.in_letter = False
        self.transport.write(b"250 kept\r\n")


class PushSink(_Lines):
    """POST /push/PERSON of Web Push, answered with 201."""

    def took_one(self) -> bool:
        head, found, rest = self.received.partition(b"\r\n\r\n")
        length = int(header(head, b"content-length") or 0)
        if not found or len(rest) < length:
            return False
        self.received = rest[length:]
        path = head.split(b" ", 2)[1].decode()
        self.ledger.note("push", path.rpartition("/")[2], header(head, b"topic"))
        self.transport.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        return True


def header(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
        if line[: len(name) + 1].lower() == name + b":":
            return line[len(name) + 1 :].strip().decode()
    return ""


async def _serve(kind: str, port: int, file: Path) -> None:
    ledger, protocol = Ledger(file), {"mail": MailSink, "push": PushSink}[kind]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(ledger), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
