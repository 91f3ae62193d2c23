"""What was sent and what must follow from it, written down before it is sent.

It knows nothing of the application: what an entry must lead to is said here, by hand.
"""

import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

NEW = "new_or_worse"
# What is answered to the red flags, and the alerts that must stand open for it: rule and level.
RED: tuple[tuple[dict[str, str], tuple[tuple[str, int], ...]], ...] = (
    ({"bladder": NEW}, (("R01", 4),)),
    ({"saddle_numbness": NEW, "bowel": "no"}, (("R01", 4),)),
    ({"sexual_change": NEW}, (("R01", 3),)),
    ({"gait_unsteady": NEW}, (("R02", 4),)),
    ({"hands_clumsy": NEW}, (("R02", 3),)),
)
EMERGENCY = RED[0]


@dataclass(frozen=True)
class Person:
    """A patient with a phone, a mailbox and perhaps a physician."""

    patient: str
    mailbox: str
    physician: str
    token: str

    @property
    def told(self) -> frozenset[tuple[str, str]]:
        """Where an alert of level 3 or 4 must arrive: channel and address."""
        mails = {("email", address) for address in (self.mailbox, self.physician) if address}
        return frozenset({("webpush", self.patient), *mails})


@dataclass(frozen=True)
class Post:
    """One entry of one patient, and what it must lead to."""

    id: str
    person: Person
    body: dict[str, Any]
    expected: tuple[tuple[str, int], ...]  # alerts: rule and level


@dataclass
class Oracle:
    """The file, and what it says, for the checks."""

    file: Path
    posts: dict[str, Post] = field(default_factory=dict)
    sent_at: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, Any] = field(default_factory=dict)  # the answer of the server
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def will_send(self, post: Post) -> None:
        """Write down what is about to be sent."""
        with self._lock:
            self.posts[post.id] = post
            self.sent_at[post.id] = time.time()
            who, what = post.person.patient, {"body": post.body, "expected": post.expected}
            self._write({"sent": post.id, "patient": who, **what})

    def was_acknowledged(self, post: Post, answer: Any) -> None:
        """Write down that the server has said it is stored."""
        with self._lock:
            self.acknowledged[post.id] = answer
            self._write({"acknowledged": post.id})

    def _write(self, line: dict[str, Any]) -> None:
        with self.file.open("a") as written:
            written.write(json.dumps({"at": time.time(), **line}) + "\n")

    @property
    def people(self) -> list[str]:
        """Every patient who wrote."""
        return sorted({post.person.patient for post in self.posts.values()})

    @property
    def red(self) -> list[Post]:
        """Acknowledged entries that somebody must hear of."""
        return [self.posts[each] for each in self.acknowledged if self.posts[each].expected]


def posts(
    rng: random.Random, people: Iterator[Person], *, count: int, red: float = 0.2
) -> Iterator[Post]:
    """Entries: one red flag to a patient, and the harmless ones on a few patients' diaries."""
    quiet = [next(people) for _ in range(max(10, count // 50))]
    for _ in range(count):
        if rng.random() < red:
            yield red_flag(rng, next(people), *rng.choice(RED))
        else:
            yield entry(rng, rng.choice(quiet), {"pain": 2}, ())


def red_flag(
    rng: random.Random, person: Person, flags: dict[str, str], alerts: tuple[tuple[str, int], ...]
) -> Post:
    """An entry with a red flag."""
    return entry(rng, person, {"red_flags": flags}, alerts)


def entry(
    rng: random.Random, person: Person, said: dict[str, Any], alerts: tuple[tuple[str, int], ...]
) -> Post:
    """An entry of now, under an id that the seed decides."""
    identity = str(UUID(int=rng.getrandbits(128), version=4))
    return Post(identity, person, {"symptom_at": datetime.now(UTC).isoformat(), **said}, alerts)
