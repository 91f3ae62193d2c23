"""Phones that send at their own pace, whatever the server does, until they are heard."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from config.local.commands import Door
from tests.faults.oracle import Oracle, Post

PATIENCE = 120.0  # seconds after which a phone gives an entry up
THREADS = 24


class GivenUp(Exception):
    """An entry was refused, or never heard."""


@dataclass
class Phones:
    """Sends entries, each until it is acknowledged; keeps what was answered, and how fast."""

    door: Door
    oracle: Oracle
    answers: Counter[str] = field(default_factory=Counter)
    waits: list[tuple[float, float]] = field(default_factory=list)  # when intended, seconds
    _kept: threading.local = field(default_factory=threading.local)
    _lines: list[http.client.HTTPConnection] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_all(self, posts: Iterable[Post], *, rate: float) -> None:
        """Send them at this rate a second, on time even while earlier ones wait."""
        with ThreadPoolExecutor(THREADS) as pool:
            began, waiting = time.monotonic(), []
            for number, post in enumerate(posts):
                intended = began + number / rate
                time.sleep(max(0.0, intended - time.monotonic()))
                waiting.append(pool.submit(self.send, post, intended=intended))
            for each in waiting:
                each.result()

    @contextmanager
    def sending(self, posts: Iterable[Post], *, rate: float) -> Iterator[None]:
        """Send them all while the block does what it does to the service."""
        with ThreadPoolExecutor(1) as aside:
            sent = aside.submit(self.send_all, posts, rate=rate)
            yield
            sent.result()

    def send(self, post: Post, *, intended: float | None = None) -> Any:
        """Send one entry as a phone does: same id, same body, until it is stored."""
        self.oracle.will_send(post)
        began = intended or time.monotonic()
        answer = None
        while answer is None:
            answer = self.try_once("PUT", post)
            with self._lock:
                self.waits.append((began, time.monotonic() - began))
            if answer is None:
                self._rest(post, began)
        self.oracle.was_acknowledged(post, answer)
        return answer

    def try_once(self, method: str, post: Post) -> Any:
        """The answer, or None when there was none or the server could not."""
        try:
            status, answer = self._exchange(method, post)
        except (OSError, http.client.HTTPException) as error:
            self._note(type(error).__name__)
            self._hang_up()
            return None
        self._note(str(status))
        if 400 <= status < 500:
            raise GivenUp(f"{status}: {answer}")
        return answer if status < 300 else None

    def _exchange(self, method: str, post: Post) -> tuple[int, Any]:
        if getattr(self._kept, "line", None) is None:
            self._kept.line = http.client.HTTPConnection(self.door.host, self.door.port, timeout=30)
            self._lines.append(self._kept.line)
        line: http.client.HTTPConnection = self._kept.line
        body = json.dumps(post.body) if method == "PUT" else None
        token = f"Bearer {post.person.token}"
        headers = {"Content-Type": "application/json", "Authorization": token}
        line.request(method, f"/api/v1/entries/{post.id}/", body, headers)
        response = line.getresponse()
        return response.status, json.loads(response.read() or b"null")

    def hang_up(self) -> None:
        """Close every connection."""
        for line in self._lines:
            line.close()

    def _hang_up(self) -> None:
        self._kept.line.close()
        self._kept.line = None

    def _rest(self, post: Post, began: float) -> None:
        if time.monotonic() - began > PATIENCE:
            raise GivenUp(f"{post.id} was not heard")
        time.sleep(random.uniform(0.1, 0.4))

    def _note(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1
