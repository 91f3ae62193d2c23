"""Phones that write at times fixed beforehand, whatever the server does: an open loop.

    python bench/loading/generator.py PORT FOLDER

FOLDER/plan holds a line for each entry: seconds from the start, the patient's number, the red
flag or `-`, the entry's id. FOLDER/tokens holds a patient's access token a line. Written when all
is over, FOLDER/results: a line for each entry with the time at which it was meant to be sent, when
it was, when the whole answer was there (seconds since 1970), and its status (0: none came).
FOLDER/generator tells what this process itself cost.

Latency counts from the meant time: a request that had to wait for its turn has waited. An answer
that does not come is an error after a minute; nothing is sent again.
"""

import asyncio
import gc
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ANSWER_SECONDS = 60.0
START_SECONDS = 1.0  # to make the connections and to get to the first line
IDLE_CONNECTIONS = 8  # open from the start, as behind a proxy; more are made when needed


class Planned(NamedTuple):
    """One line of the plan."""

    at: float
    patient: int
    flag: str
    record: str


def read_plan(file: Path) -> list[Planned]:
    lines = (line.split() for line in file.read_text().splitlines())
    return [Planned(float(at), int(patient), flag, record) for at, patient, flag, record in lines]


def request(planned: Planned, token: str, port: int) -> bytes:
    """PUT of one entry as an app sends it."""
    flags = {"bladder": "no", "bowel": "no", "saddle_numbness": "no"}
    if planned.flag != "-":
        flags[planned.flag] = "new_or_worse"
    body = json.dumps(
        {
            "symptom_at": datetime.now(UTC).isoformat(),
            "pain": 3,
            "numbness": 1,
            "limb_pain": 3,
            "red_flags": flags,
            "note": "After a walk.",
        }
    ).encode()
    head = (
        f"PUT /api/v1/entries/{planned.record}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Phones:
    """Connections to the server; each carries one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: deque[Connection] = deque()
        self.opened = 0

    async def answer(self, raw: bytes) -> int:
        """The status of the answer, once all of it is there; 0 when none came."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await (await self._connection()).exchange(raw)
        except (OSError, TimeoutError):
            return 0

    async def open(self, number: int) -> None:
        self.idle.extend([await self._new() for _ in range(number)])

    async def _connection(self) -> "Connection":
        # The one that has rested longest: every process of the server gets its share.
        return self.idle.popleft() if self.idle else await self._new()

    async def _new(self) -> "Connection":
        self.opened += 1
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.port)
        return made


class Connection(asyncio.Protocol):
    """One connection of keep-alive HTTP/1.1, and the answer that is being waited for."""

    def __init__(self, phones: Phones) -> None:
        self.phones = phones
        self.waiting: asyncio.Future[int] | None = None
        self.received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def exchange(self, raw: bytes) -> "asyncio.Future[int]":
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return self.waiting

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.received = b""
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(int(head[9:12]))
        if b"connection: close" in head.lower():
            self.transport.close()
        else:
            self.phones.idle.append(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if self in self.phones.idle:
            self.phones.idle.remove(self)
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(ConnectionResetError())


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0])


class Sent(NamedTuple):
    """What became of one line of the plan; times in seconds since 1970."""

    planned: Planned
    meant_at: float
    sent_at: float
    answered_at: float
    status: int


async def sent(plan: Iterable[Planned], tokens: list[str], port: int) -> list[Sent]:
    """Send every entry at its time, and wait for all the answers."""
    phones = Phones(port)
    await phones.open(IDLE_CONNECTIONS)
    clock = time.time() - time.monotonic()
    begin = time.monotonic() + START_SECONDS
    tasks = []
    for planned in plan:
        if (wait := begin + planned.at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        work = _one(phones, planned, tokens[planned.patient], clock + begin + planned.at)
        tasks.append(asyncio.create_task(work))
    return await asyncio.gather(*tasks)


async def _one(phones: Phones, planned: Planned, token: str, meant_at: float) -> Sent:
    raw = request(planned, token, phones.port)
    sent_at = time.time()
    status = await phones.answer(raw)
    return Sent(planned, meant_at, sent_at, time.time(), status)


def main(port: int, folder: Path) -> None:
    plan = read_plan(folder / "plan")
    tokens = (folder / "tokens").read_text().split()
    gc.freeze()
    began, used = time.monotonic(), time.process_time()
    done = asyncio.run(sent(plan, tokens, port))
    cost = {"cpu": time.process_time() - used, "seconds": time.monotonic() - began}
    cost["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with (folder / "results").open("w") as results:
        results.writelines(
            f"{each.planned.record} {each.meant_at:.6f} {each.sent_at:.6f}"
            f" {each.answered_at:.6f} {each.status}\n"
            for each in done
        )
    (folder / "generator").write_text(json.dumps(cost))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
