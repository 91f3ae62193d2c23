"""Several at once: threads, each with a database connection of its own."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")


def at_once(work: Iterable[Callable[[], T]], *, threads: int | None = None) -> list[T]:
    """Run each piece of work in a thread; what one raises is raised here."""
    pieces = list(work)
    with ThreadPoolExecutor(threads or len(pieces)) as pool:
        return [future.result(600) for future in [pool.submit(_closing, each) for each in pieces]]


def _closing(piece: Callable[[], T]) -> T:
    try:
        return piece()
    finally:
        connections.close_all()


@contextmanager
def crew(threads: int) -> Iterator[Callable[[Iterable[Callable[[], T]]], list[T]]]:
    """Threads that keep their connections: what comes does pieces of work at once."""
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield lambda work: [each.result(600) for each in [pool.submit(piece) for piece in work]]
        finally:
            all_here = Barrier(threads)
            for each in [pool.submit(_leave, all_here) for _ in range(threads)]:
                each.result(60)


def _leave(all_here: Barrier) -> None:
    all_here.wait(60)
    connections.close_all()


@contextmanager
def meanwhile(work: Callable[[], object], *, pause: float = 0.0) -> Iterator[None]:
    """Do the work again and again in a thread for as long as the block lasts."""
    over = Event()
    failures: list[BaseException] = []

    def repeat() -> None:
        try:
            while not over.is_set():
                work()
                over.wait(pause)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    thread = Thread(target=repeat, name="meanwhile", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
    if failures:
        raise failures[0]


def wait_until(holds: Callable[[], bool], *, seconds: float) -> float:
    """How long it took until something held; fails when it takes longer than `seconds`."""
    began = time.monotonic()
    while not holds():
        took = time.monotonic() - began
        assert took < seconds, f"not yet after {took:.1f} s"
        time.sleep(0.02)
    return time.monotonic() - began


def deadlocks() -> int:
    """How many deadlocks PostgreSQL has seen in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
