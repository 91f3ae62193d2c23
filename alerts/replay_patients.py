"""The state of every patient in a replay, in a bounded amount of memory.

Lines of all patients may come mixed, and nobody knows which patient is over. Those that were heard
of last stay in memory; the others rest in a temporary file. SQLite makes that file in the directory
of TMPDIR and takes its name away at once, so nothing of it is left however the process ends.
"""

import pickle
import sqlite3
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Final, Generic, Protocol, TypeVar

MOST_RECORDS: Final = 20_000  # in memory; about as many kilobytes, twice


class State(Protocol):
    """What is known of a patient; `size` is how many records it holds."""

    @property
    def size(self) -> int: ...


S = TypeVar("S", bound=State)


class Patients(Generic[S]):
    """Patients by name; `waken` completes a state that comes back from the file."""

    def __init__(self, waken: Callable[[S], None], *, most: int = MOST_RECORDS) -> None:
        self._waken = waken
        self._most = most
        self._live: dict[str, S] = {}  # the one heard of last stands last
        self._sizes: dict[str, int] = {}
        self._held = 0
        self._resting: sqlite3.Connection | None = None  # made when it is needed

    def get(self, name: str) -> S | None:
        """The state of a patient; None for one never kept."""
        return self._live.get(name) or self._woken(name)

    def keep(self, name: str, state: S) -> None:
        """Take the newest state of a patient; others may go to rest for it."""
        self._live.pop(name, None)
        self._live[name] = state
        self._held += state.size - self._sizes.get(name, 0)
        self._sizes[name] = state.size
        while self._held > self._most and len(self._live) > 1:
            self._rest(next(iter(self._live)))

    def all(self) -> Iterator[tuple[str, S]]:
        """Every patient, in the order of their names."""
        if self._resting is None:
            yield from sorted(self._live.items(), key=itemgetter(0))
            return
        while self._live:
            self._rest(next(iter(self._live)))
        for name, packed in self._resting.execute("SELECT name, state FROM patient ORDER BY name"):
            yield name, self._unpacked(packed)

    def close(self) -> None:
        """Drop everything, the file too."""
        self._live.clear()
        if self._resting is not None:
            self._resting.close()

    def _rest(self, name: str) -> None:
        state = self._live.pop(name)
        self._held -= self._sizes.pop(name)
        if self._resting is None:
            self._resting = _file()
        self._resting.execute(
            "INSERT OR REPLACE INTO patient VALUES (?, ?)",
            (name, pickle.dumps(state, pickle.HIGHEST_PROTOCOL)),
        )

    def _woken(self, name: str) -> S | None:
        if self._resting is None:
            return None
        found = self._resting.execute("SELECT state FROM patient WHERE name = ?", (name,))
        row = found.fetchone()
        return self._unpacked(row[0]) if row else None

    def _unpacked(self, packed: bytes) -> S:
        state: S = pickle.loads(packed)  # noqa: S301 - our own file, which nobody else can open
        self._waken(state)
        return state


def _file() -> sqlite3.Connection:
    """A database without a name, and without care for what a crash would leave of it."""
    connection = sqlite3.connect("", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE patient (name TEXT PRIMARY KEY, state BLOB)")
    return connection
